package io.mailproto.imap;

/** Why a wait in IDLE has ended; the conversation can go on in any case. */
public enum IdleEnd {
    /** Something has changed in the mailbox, or had already before. */
    NEWS,
    /** Nothing has, for as long as was asked for. */
    TIME_OVER,
    /** {@link ImapClient#wake()} was called. */
    WOKEN,
    /** The server did not want to go on. */
    ENDED_BY_SERVER
}
