package io.mailproto.imap;

/** The five status responses (RFC 3501 §7.1). */
public enum ImapStatus {
    OK,
    NO,
    BAD,
    BYE,
    PREAUTH;

    /** The status of this name in any case, or null. */
    static ImapStatus ofWord(String word) {
        for (ImapStatus status : values()) {
            if (status.name().equalsIgnoreCase(word)) {
                return status;
            }
        }
        return null;
    }
}
