/**
 * The SMTP server (RFC 5321): takes messages from clients and hands each, with its envelope, to a
 * {@link io.mailproto.smtp.server.MessageHandler} whose reply is the reply to the final dot.
 *
 * <pre>
 * Listener → SmtpServerSession: EHLO, STARTTLS, AUTH, MAIL, RCPT
 *                  │ DATA
 *                  ▼
 *            MessageReceiver → Spool → ReceivedMessage → MessageHandler
 *                  ▲                                         │
 *                  └───────────────── Reply ─────────────────┘
 * </pre>
 *
 * One conversation is one thread; it reads, waits for the handler and answers. What a client may do is decided in this
 * order: the law of {@link io.mailproto.smtp.Verb}, {@link io.mailproto.smtp.server.ServerRules} and
 * {@link io.mailproto.smtp.server.ServerLimits}, then {@link io.mailproto.smtp.server.SmtpPolicy}.
 */
package io.mailproto.smtp.server;
