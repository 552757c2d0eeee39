package io.mailproto.component.smtp;

/** What the SMTP producer can do. */
public enum SmtpOperation {
    /** Send the message as a mail. */
    SEND,
    /** VRFY: ask about the user or address in the body. */
    VERIFY,
    /** EXPN: ask for the members of the list in the body. */
    EXPAND,
    /** HELP, about the topic in the body if there is one. */
    HELP,
    /** NOOP: see whether the server is there. */
    NOOP
}
