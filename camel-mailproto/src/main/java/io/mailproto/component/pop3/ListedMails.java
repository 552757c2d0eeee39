package io.mailproto.component.pop3;

import io.mailproto.pop3.UidListing;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** Some of the mails of a listing. Keys are made when they are asked for: maildrops have millions of mails. Immutable. */
final class ListedMails extends AbstractList<Pop3MailKey> implements RandomAccess {
    private final String account;
    private final UidListing uids;
    private final int[] indexes;
    private final int from;
    private final int to;

    /** @param indexes where the mails are in the listing; not copied */
    ListedMails(String account, UidListing uids, int[] indexes) {
        this(account, uids, indexes, 0, indexes.length);
    }

    private ListedMails(String account, UidListing uids, int[] indexes, int from, int to) {
        this.account = account;
        this.uids = uids;
        this.indexes = indexes;
        this.from = from;
        this.to = to;
    }

    @Override
    public Pop3MailKey get(int position) {
        return new Pop3MailKey(account, uids.uid(index(position)));
    }

    /** The message number, without making a key. */
    int number(int position) {
        return uids.number(index(position));
    }

    private int index(int position) {
        return indexes[from + Objects.checkIndex(position, size())];
    }

    @Override
    public ListedMails subList(int start, int end) {
        Objects.checkFromToIndex(start, end, size());
        return new ListedMails(account, uids, indexes, from + start, from + end);
    }

    @Override
    public int size() {
        return to - from;
    }
}
