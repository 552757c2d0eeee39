package io.mailproto.component.imap;

import io.mailproto.imap.UidSet;
import java.util.Arrays;

/**
 * The mails of one folder that {@code filterMail} does not want, so that they are asked about once; as long as the search
 * finds them. For one thread at a time; others may count.
 */
final class RefusedMails {
    private long uidValidity;
    private volatile UidSet uids = UidSet.empty();

    /** Forgets those that the search does not find any more, or all if they belong to a folder that has been rebuilt. */
    void keepOnly(long validity, UidSet found) {
        if (validity != uidValidity) {
            uidValidity = validity;
            uids = UidSet.empty();
            return;
        }
        if (uids.isEmpty()) {
            return;
        }
        long[] kept = new long[(int) uids.count()];
        int count = 0;
        for (var known = uids.iterator(); known.hasNext(); ) {
            long uid = known.nextLong();
            if (found.contains(uid)) {
                kept[count++] = uid;
            }
        }
        uids = UidSet.of(Arrays.copyOf(kept, count));
    }

    void add(UidSet more) {
        uids = uids.plus(more);
    }

    boolean contains(long uid) {
        return uids.contains(uid);
    }

    long count() {
        return uids.count();
    }
}
