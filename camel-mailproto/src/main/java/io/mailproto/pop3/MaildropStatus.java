package io.mailproto.pop3;

/**
 * What {@code STAT} says (RFC 1939 §5): {@code "+OK" SP count SP octets}.
 *
 * @param messages number of messages, not counting those marked as deleted
 * @param octets their size together; -1 if the server gave none that can be read (negative ones exist)
 */
public record MaildropStatus(int messages, long octets) {
    /**
     * Reads the text behind {@code +OK}.
     *
     * @return null if it does not begin with a number of messages
     */
    static MaildropStatus parse(String text) {
        long messages = Listing.number(text, 0, text.length());
        if (messages < 0 || messages > Integer.MAX_VALUE) {
            return null;
        }
        int space = text.indexOf(' ');
        long octets = space < 0 ? -1 : Listing.number(text, Listing.skipBlanks(text, space), text.length());
        return new MaildropStatus((int) messages, octets);
    }
}
