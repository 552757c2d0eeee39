package io.mailproto.smtp;

/**
 * How far an SMTP session has come (RFC 5321 §4.1.4).
 *
 * <pre>
 * CONNECTED --EHLO/HELO--&gt; GREETED --MAIL--&gt; IN_TRANSACTION
 *     ^                     ^  |                |
 *     +-----STARTTLS--------|--+                |
 *                           +--end of data, RSET, EHLO
 * </pre>
 */
public enum SessionState {
    /** The greeting was sent, or TLS has just begun; the client has not said who it is. */
    CONNECTED,
    /** EHLO or HELO was accepted; no mail transaction is open. */
    GREETED,
    /** MAIL was accepted; recipients and the message may follow. */
    IN_TRANSACTION
}
