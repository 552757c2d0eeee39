package io.mailproto.imap;

/**
 * What the server has told about the selected mailbox without being asked (RFC 3501 §7.3.1, §7.4.1): has mail come since
 * the last search was sent? So nothing is missed that is told while other commands run, or before IDLE has begun.
 */
final class MailboxNews {
    private long exists;
    private boolean isNews;
    private boolean isChange;
    private boolean isElsewhere;
    private boolean isNotified;

    /** Every untagged response, whoever it is for. */
    void observe(ImapResponse response) {
        if (response instanceof ImapResponse.Exists told) {
            isNews |= told.messages() > exists;
            exists = told.messages();
        } else if (response instanceof ImapResponse.Expunged) {
            exists = Math.max(0, exists - 1);
        } else if (response instanceof ImapResponse.Vanished vanished && !vanished.earlier()) {
            exists = Math.max(0, exists - vanished.uids().count());
        }
    }

    /** An untagged response that no command has asked for. */
    void observeUnasked(ImapResponse response) {
        if (response instanceof ImapResponse.StatusOf) {
            isElsewhere |= isNotified;
        } else if (response instanceof ImapResponse.Notice notice
                && notice.text().code().is("NOTIFICATIONOVERFLOW")) {
            // RFC 5465 §5.8: nothing is told any more, and something may have been left out.
            isElsewhere |= isNotified;
            isNotified = false;
        }
        isChange |= response instanceof ImapResponse.Exists
                || response instanceof ImapResponse.Expunged
                || response instanceof ImapResponse.Fetched
                || (response instanceof ImapResponse.Vanished vanished && !vanished.earlier());
    }

    /** A search is about to be sent: it will find what has been told so far. */
    void looked() {
        isNews = false;
    }

    /** Another mailbox is about to be opened. */
    void forget() {
        exists = 0;
        isNews = false;
        isChange = false;
    }

    /** The server tells of other mailboxes from now on; something may have happened there before. */
    void notified() {
        isNotified = true;
        isElsewhere = true;
    }

    /** Does the server tell of other mailboxes? */
    boolean isNotified() {
        return isNotified;
    }

    /** Has anything been told of other mailboxes? */
    boolean isElsewhere() {
        return isElsewhere;
    }

    /** Somebody is going to look there. */
    void lookElsewhere() {
        isElsewhere = false;
    }

    /** Has anything been told that nobody asked for since the mailbox was opened: a message, flags, an end? */
    boolean isChange() {
        return isChange;
    }

    boolean isNews() {
        return isNews;
    }
}
