package io.mailproto.component.imap;

/**
 * What names a mail across sessions (RFC 3501 §2.3.1.1). UIDs mean something within one mailbox and one UIDVALIDITY only.
 *
 * @param mailbox {@code user@host:port/folder}
 * @param uidValidity of the mailbox
 * @param uid of the message
 */
record ImapMailKey(String mailbox, long uidValidity, long uid) {
    /** Unique in a repository that several endpoints share. */
    @Override
    public String toString() {
        return mailbox + "/" + uidValidity + "/" + uid;
    }
}
