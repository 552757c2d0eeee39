package io.mailproto.component.pop3;

/** What a POP3 producer does with a maildrop; named as the commands of RFC 1939 and RFC 2449. */
public enum Pop3Operation {
    /** How many mails there are. */
    STAT,
    /** The sizes of the mails. */
    LIST,
    /** The unique ids of the mails. */
    UIDL,
    /** One mail. */
    RETR,
    /** The header of one mail and some lines of its body. */
    TOP,
    /** Marks one mail as deleted; it is deleted at the session's end. */
    DELE,
    /** Takes back the marks of the session. */
    RSET,
    /** Nothing, to see whether the server is there. */
    NOOP,
    /** What the server can do. */
    CAPA,
    /** Ends a session that is kept, and so deletes what is marked. */
    QUIT
}
