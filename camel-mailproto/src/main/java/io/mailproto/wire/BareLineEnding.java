package io.mailproto.wire;

/** What to do with a CR or LF that stands alone in a message, where only CRLF may (RFC 5321 §2.3.8). */
public enum BareLineEnding {
    /** Refuse the message. */
    REJECT,
    /** Make CRLF of it. */
    NORMALIZE,
    /** Leave it as it is; only when receiving. */
    ACCEPT
}
