package io.mailproto.imap;

import java.util.OptionalLong;

/**
 * Where messages went: the answer to UID COPY and UID MOVE ({@code COPYUID} of RFC 4315 §3).
 *
 * @param uidValidity of the target mailbox; 0 if the server told nothing
 * @param from UIDs in the mailbox they were taken from; empty if the server told nothing
 * @param to the UIDs they got, in the same order
 */
public record CopiedUids(long uidValidity, UidSet from, UidSet to) {
    /** The server did not tell. */
    public static final CopiedUids UNKNOWN = new CopiedUids(0, UidSet.empty(), UidSet.empty());

    /** The new UID of one message, if it is known. */
    public OptionalLong newUidOf(long uid) {
        if (!from.contains(uid) || from.count() != to.count()) {
            return OptionalLong.empty();
        }
        long index = 0;
        for (var uids = from.iterator(); uids.hasNext(); index++) {
            if (uids.nextLong() == uid) {
                return OptionalLong.of(to.at(index));
            }
        }
        return OptionalLong.empty();
    }

    CopiedUids plus(CopiedUids other) {
        if (other.from.isEmpty()) {
            return this;
        }
        return from.isEmpty() ? other : new CopiedUids(uidValidity, from.plus(other.from), to.plus(other.to));
    }

    /** Never fails: what is no COPYUID, or one with empty sets, says nothing. */
    static CopiedUids of(ResponseCode code) {
        if (!code.is("COPYUID") || code.words().size() != 3) {
            return UNKNOWN;
        }
        try {
            return new CopiedUids(
                    Long.parseLong(code.words().get(0)),
                    UidSet.parse(code.words().get(1)),
                    UidSet.parse(code.words().get(2)));
        } catch (IllegalArgumentException notNumbers) {
            // The copy itself has succeeded; only where to is not known.
            return UNKNOWN;
        }
    }
}
