package io.mailproto.component.imap;

/** What an IMAP producer does. */
public enum ImapOperation {
    /** Puts the body, a mail or several, into a folder. */
    APPEND,
    /** Mails, or some of their octets, without marking them as seen. */
    FETCH,
    /** The UIDs of the mails that match. */
    SEARCH,
    /** The UIDs of the mails that match, in an order. */
    SORT,
    /** The mails that match, as discussions. */
    THREAD,
    /** Changes flags or labels of mails. */
    STORE,
    /** Copies mails to another folder. */
    COPY,
    /** Moves mails to another folder. */
    MOVE,
    /** Removes mails for good. */
    DELETE,
    /** Removes mails that are marked as deleted. */
    EXPUNGE,
    /** Makes a folder. */
    CREATE,
    /** Gives a folder another name. */
    RENAME,
    /** Removes a folder with its mails. */
    REMOVE,
    /** The folders there are. */
    LIST,
    /** Facts about a folder. */
    STATUS,
    /** Adds a folder to those that the user wants to see. */
    SUBSCRIBE,
    /** Takes a folder out of those that the user wants to see. */
    UNSUBSCRIBE,
    /** How much room there is for a folder. */
    QUOTA,
    /** Who may do what with a folder; sets that, too. */
    ACL,
    /** Where the user's, others' and shared folders are. */
    NAMESPACE,
    /** What the server says about itself. */
    ID,
    /** What the server can do. */
    CAPABILITY,
    /** Nothing, to see whether the server is there. */
    NOOP,
    /** Ends a session that is kept. */
    LOGOUT
}
