package io.mailproto.imap;

/**
 * Which messages APPEND has made ({@code APPENDUID} of RFC 4315 §3).
 *
 * @param uidValidity of the mailbox; 0 if the server told nothing
 * @param uids in the order in which the messages were given; empty if the server told nothing
 */
public record AppendedUids(long uidValidity, UidSet uids) {
    /** The server did not tell. */
    public static final AppendedUids UNKNOWN = new AppendedUids(0, UidSet.empty());

    AppendedUids plus(AppendedUids other) {
        return uids.isEmpty() ? other : new AppendedUids(uidValidity, uids.plus(other.uids));
    }

    /** Never fails: the message is there, only its name is not known. */
    static AppendedUids of(ResponseCode code) {
        if (!code.is("APPENDUID") || code.words().size() != 2) {
            return UNKNOWN;
        }
        try {
            return new AppendedUids(
                    Long.parseLong(code.words().get(0)),
                    UidSet.parse(code.words().get(1)));
        } catch (IllegalArgumentException notNumbers) {
            return UNKNOWN;
        }
    }
}
