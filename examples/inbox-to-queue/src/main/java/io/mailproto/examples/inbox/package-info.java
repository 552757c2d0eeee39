/**
 * Quick start: mail is polled from an IMAP and a POP3 inbox, put on queues, and relayed by SMTP. Start reading at
 * {@link io.mailproto.examples.inbox.MailRoutes}; {@link io.mailproto.examples.inbox.InboxToQueue} is the command line.
 */
package io.mailproto.examples.inbox;
