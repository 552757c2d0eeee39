package io.mailproto.smtp;

import io.mailproto.address.EmailAddress;
import java.util.Optional;

/**
 * The path of MAIL or RCPT and what follows it:
 *
 * <pre>
 * Reverse-path = Path / "&lt;&gt;"
 * Path         = "&lt;" [ A-d-l ":" ] Mailbox "&gt;"        (RFC 5321 §4.1.2)
 * </pre>
 *
 * As people type it, spaces may stand before the path and the angle brackets may be missing; not so when strict.
 *
 * @param address empty for {@code <>}
 * @param rest what follows the path: nothing, or white space and parameters
 */
record MailPath(Optional<EmailAddress> address, String rest) {

    private static final int MAX_OCTETS = 256; // RFC 5321 §4.5.3.1.3, brackets included

    /**
     * Reads a path from the beginning of the text.
     *
     * @param text characters, not octets: what follows {@code FROM:} or {@code TO:}
     * @param faultStatus the enhanced status of a malformed address: 5.1.7 for senders, 5.1.3 for recipients
     * @throws SmtpSyntaxException 501
     */
    static MailPath parse(String text, boolean strict, String faultStatus) throws SmtpSyntaxException {
        String path = SmtpText.trim(text);
        if (strict && !text.startsWith(path)) {
            throw SmtpSyntaxException.of(501, "5.5.4", "no space allowed behind the colon");
        }
        if (path.isEmpty()) {
            throw SmtpSyntaxException.of(501, "5.5.4", "an address in angle brackets is missing");
        }
        boolean isBracketed = path.charAt(0) == '<';
        if (!isBracketed && strict) {
            throw SmtpSyntaxException.of(501, faultStatus, "address must stand in angle brackets");
        }
        int end = endOfPath(path, isBracketed);
        if (end < 0) {
            throw SmtpSyntaxException.of(501, faultStatus, "address does not end");
        }
        String inner = isBracketed ? path.substring(1, end) : path.substring(0, end);
        String rest = path.substring(isBracketed ? end + 1 : end);
        if (!rest.isEmpty() && rest.charAt(0) != ' ' && rest.charAt(0) != '\t') {
            throw SmtpSyntaxException.of(501, faultStatus, "a space is missing behind the address");
        }
        if (inner.isEmpty()) {
            return new MailPath(Optional.empty(), rest);
        }
        return new MailPath(Optional.of(address(inner, faultStatus)), rest);
    }

    /** Where the path ends: at its closing bracket, or without brackets before white space; quotes hide both. */
    private static int endOfPath(String path, boolean isBracketed) {
        boolean isQuoted = false;
        for (int i = isBracketed ? 1 : 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (isQuoted && c == '\\') {
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && (isBracketed ? c == '>' : c == ' ' || c == '\t')) {
                return i;
            }
        }
        return isBracketed || isQuoted ? -1 : path.length();
    }

    private static EmailAddress address(String inner, String faultStatus) throws SmtpSyntaxException {
        if (SmtpText.utf8Length(inner) + 2 > MAX_OCTETS) {
            throw SmtpSyntaxException.of(501, faultStatus, "address is longer than " + MAX_OCTETS + " octets");
        }
        try {
            return EmailAddress.parse(withoutSourceRoute(inner));
        } catch (IllegalArgumentException fault) {
            throw SmtpSyntaxException.of(501, faultStatus, "malformed address: " + fault.getMessage());
        }
    }

    // RFC 5321 appendix C: A-d-l = "@" Domain *( "," "@" Domain ), accepted and ignored.
    private static String withoutSourceRoute(String inner) {
        if (inner.charAt(0) != '@') {
            return inner;
        }
        int colon = inner.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("local part is empty");
        }
        for (String hop : inner.substring(0, colon).split(",", -1)) {
            if (hop.length() < 2 || hop.charAt(0) != '@') {
                throw new IllegalArgumentException("source route is malformed");
            }
        }
        return inner.substring(colon + 1);
    }
}
