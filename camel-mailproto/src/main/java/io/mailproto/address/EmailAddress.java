package io.mailproto.address;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A mailbox in an envelope: local part and domain (RFC 5321 §4.1.2 {@code Mailbox}, RFC 6531 for other scripts).
 *
 * @param localPart the meaning of the local part, without quotes and escapes: {@code a b} for {@code "a b"@c}
 * @param domain never null; {@link Domain#NONE} only for {@code Postmaster}
 */
public record EmailAddress(String localPart, Domain domain) {

    private static final int MAX_LOCAL_PART = 64;
    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    public EmailAddress {
        Objects.requireNonNull(domain, "domain");
        if (localPart.isEmpty()) {
            throw new IllegalArgumentException("local part is empty");
        }
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == '\u2028' || c == '\u2029') {
                throw new IllegalArgumentException("local part has a control character");
            }
            if (Character.isSurrogate(c) && !isPaired(localPart, i)) {
                throw new IllegalArgumentException("local part has half a character");
            }
        }
        boolean mayBeLong = localPart.length() > MAX_LOCAL_PART / 3;
        if (mayBeLong && localPart.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL_PART) {
            throw new IllegalArgumentException("local part is longer than " + MAX_LOCAL_PART + " octets");
        }
        if (domain.isNone() && !"postmaster".equalsIgnoreCase(localPart)) {
            throw new IllegalArgumentException("address has no domain");
        }
    }

    private static boolean isPaired(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }

    /**
     * Reads {@code local@domain} without angle brackets, comments or white space around; the local part may be quoted.
     * Dots at odd places of an unquoted local part are tolerated, since real addresses have them. Pure.
     *
     * @throws IllegalArgumentException naming the fault, without repeating the text
     */
    public static EmailAddress parse(String text) {
        if (text.startsWith("\"")) {
            return parseQuoted(text);
        }
        int at = text.lastIndexOf('@');
        String local = at < 0 ? text : text.substring(0, at);
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            // An @ within an unquoted local part is odd, but the last one decides, here and in the relay check.
            if (!isAtext(c) && c != '.' && c != '@') {
                throw new IllegalArgumentException("local part has a character that must be quoted");
            }
        }
        return new EmailAddress(local, at < 0 ? Domain.NONE : Domain.parse(text.substring(at + 1)));
    }

    /**
     * As {@link #parse}, for addresses that somebody here has written and mail is to be sent to: there a second {@code @}
     * that is not quoted is two addresses without a comma between them, and not one odd address. Pure.
     *
     * @throws IllegalArgumentException naming the fault, without repeating the text
     */
    public static EmailAddress parseStrictly(String text) {
        if (!text.startsWith("\"") && text.indexOf('@') != text.lastIndexOf('@')) {
            throw new IllegalArgumentException("there is a second @ that is not quoted; a comma may be missing");
        }
        return parse(text);
    }

    private static EmailAddress parseQuoted(String text) {
        StringBuilder local = new StringBuilder();
        int i = 1;
        for (; ; i++) {
            if (i >= text.length()) {
                throw new IllegalArgumentException("quoted local part does not end");
            }
            char c = text.charAt(i);
            if (c == '"') {
                break;
            }
            if (c == '\\') {
                i++;
                if (i >= text.length() || text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
                    throw new IllegalArgumentException("quoted local part has a bad escape");
                }
                c = text.charAt(i);
            }
            local.append(c);
        }
        if (i + 1 >= text.length() || text.charAt(i + 1) != '@') {
            throw new IllegalArgumentException("@ expected behind the quoted local part");
        }
        return new EmailAddress(local.toString(), Domain.parse(text.substring(i + 2)));
    }

    /** True if a character beyond ASCII makes SMTPUTF8 necessary (RFC 6531). */
    public boolean needsUtf8() {
        return domain.needsUtf8() || hasLocalPartBeyondAscii();
    }

    /** True if the local part has characters beyond ASCII, for which there is no other form than UTF-8. */
    public boolean hasLocalPartBeyondAscii() {
        for (int i = 0; i < localPart.length(); i++) {
            if (localPart.charAt(i) >= 0x80) {
                return true;
            }
        }
        return false;
    }

    /** As it goes onto the wire between the angle brackets, quoted where needed. */
    @Override
    public String toString() {
        String local = needsQuotes() ? '"' + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : localPart;
        return domain.isNone() ? local : local + '@' + domain;
    }

    private boolean needsQuotes() {
        if (localPart.startsWith("\"")) {
            return true;
        }
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (!isAtext(c) && c != '.') {
                return true;
            }
        }
        return false;
    }

    private static boolean isAtext(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c >= 0xa0
                || ATEXT_SPECIALS.indexOf(c) >= 0;
    }
}
