package io.mailproto.component.pop3;

/**
 * What names a mail across sessions. Servers give the same ids in different maildrops, so the account belongs to it.
 *
 * @param account {@code user@host:port}
 * @param uid the unique id, as {@link io.mailproto.pop3.UidListing} gives it
 */
record Pop3MailKey(String account, String uid) {
    /** Unique in a repository that several endpoints share. */
    @Override
    public String toString() {
        return account + "/" + uid;
    }
}
