/**
 * The SMTP client (RFC 5321): one conversation, blocking, on the caller's thread.
 *
 * <p>{@link io.mailproto.smtp.client.SmtpClient#open} dials, takes the greeting, says EHLO (HELO to old servers), begins
 * TLS (RFC 3207) and authenticates (RFC 4954). {@link io.mailproto.smtp.client.SmtpClient#send} is one transaction: MAIL,
 * RCPT for each recipient, DATA, the message, the final dot; pipelined (RFC 2920) when the server offers that. What came of
 * it is a {@link io.mailproto.smtp.client.TransactionReport}; what went wrong is a {@link
 * io.mailproto.wire.WireException} if the connection failed (it is closed then) or a {@link
 * io.mailproto.smtp.client.SmtpException} if the server or this side said no.
 */
package io.mailproto.smtp.client;
