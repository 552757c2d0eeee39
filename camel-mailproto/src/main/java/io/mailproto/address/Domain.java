package io.mailproto.address;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The part of an address behind the last {@code @}: a host name in any script, an address literal such as
 * {@code [127.0.0.1]} or {@code [IPv6:::1]} (RFC 5321 §4.1.3), or {@link #NONE} for the one address that has none,
 * {@code Postmaster}. Equality ignores case and compares names in their A-label form (RFC 5890).
 */
public final class Domain {

    /** No domain at all, as in {@code RCPT TO:<Postmaster>}. */
    public static final Domain NONE = new Domain("", "");

    private static final int MAX_OCTETS = 255;
    private static final int MAX_LABEL = 63;
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)");
    private static final Pattern IPV6_GROUPS = Pattern.compile("([0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4}){0,7})?");

    private final String name;
    private final String ascii;

    private Domain(String name, String ascii) {
        this.name = name;
        this.ascii = ascii;
    }

    /**
     * Reads a domain or an address literal. Pure.
     *
     * @throws IllegalArgumentException naming the fault: empty, empty label, forbidden character, too long
     */
    public static Domain parse(String text) {
        // In A-labels it is longer still.
        if (text.length() > MAX_OCTETS) {
            throw new IllegalArgumentException("domain is longer than " + MAX_OCTETS + " octets");
        }
        if (text.startsWith("[")) {
            return literal(text);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("domain is empty");
        }
        String ascii = toAscii(text);
        if (ascii.length() > MAX_OCTETS) {
            throw new IllegalArgumentException("domain is longer than " + MAX_OCTETS + " octets");
        }
        requireLabels(ascii);
        return new Domain(text, ascii.toLowerCase(Locale.ROOT));
    }

    /** Each of up to 63 letters, digits, hyphens and underscores, with no hyphen at its ends. */
    private static void requireLabels(String ascii) {
        int start = 0;
        for (int i = 0; i <= ascii.length(); i++) {
            if (i < ascii.length() && ascii.charAt(i) != '.') {
                if (!isOfLabel(ascii.charAt(i))) {
                    throw new IllegalArgumentException("domain has a label that is no host name");
                }
                continue;
            }
            if (i == start) {
                throw new IllegalArgumentException("domain has an empty label");
            }
            if (i - start > MAX_LABEL || ascii.charAt(start) == '-' || ascii.charAt(i - 1) == '-') {
                throw new IllegalArgumentException("domain has a label that is no host name");
            }
            start = i + 1;
        }
    }

    private static boolean isOfLabel(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static String toAscii(String text) {
        boolean isAscii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // IDN.toASCII takes these dots of other scripts for separators, which would let two readings of one
            // address exist.
            if (c == '\u3002' || c == '\uff0e' || c == '\uff61') {
                throw new IllegalArgumentException("domain has a dot that is not '.'");
            }
            isAscii &= c < 0x80;
        }
        if (isAscii) {
            return text;
        }
        try {
            return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("domain is no valid internationalised name", e);
        }
    }

    private static Domain literal(String text) {
        if (!text.endsWith("]")) {
            throw new IllegalArgumentException("address literal lacks its ]");
        }
        String inner = text.substring(1, text.length() - 1);
        boolean isIpv6 = inner.regionMatches(true, 0, "IPv6:", 0, 5);
        boolean isValid =
                isIpv6 ? isIpv6Address(inner.substring(5)) : IPV4.matcher(inner).matches();
        if (!isValid) {
            throw new IllegalArgumentException("address literal is neither [IPv4] nor [IPv6:address]");
        }
        return new Domain(text, text.toLowerCase(Locale.ROOT));
    }

    private static boolean isIpv6Address(String text) {
        String groups = text;
        int lastColon = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            if (lastColon < 0 || !IPV4.matcher(text.substring(lastColon + 1)).matches()) {
                return false;
            }
            // An IPv4 address at the end stands for two groups.
            groups = text.substring(0, lastColon) + ":0:0";
        }
        int gap = groups.indexOf("::");
        if (gap < 0) {
            return IPV6_GROUPS.matcher(groups).matches() && groupsIn(groups) == 8;
        }
        String before = groups.substring(0, gap);
        String behind = groups.substring(gap + 2);
        return IPV6_GROUPS.matcher(before).matches()
                && IPV6_GROUPS.matcher(behind).matches()
                && groupsIn(before) + groupsIn(behind) < 8;
    }

    private static int groupsIn(String text) {
        return text.isEmpty() ? 0 : (int) text.chars().filter(c -> c == ':').count() + 1;
    }

    /** True for an address in brackets. */
    public boolean isLiteral() {
        return name.startsWith("[");
    }

    /** True for {@link #NONE}. */
    public boolean isNone() {
        return name.isEmpty();
    }

    /** Lower-case A-label form, for comparison and for DNS. */
    public String ascii() {
        return ascii;
    }

    /** True if the name as written has characters beyond ASCII, so that it needs SMTPUTF8 or {@link #ascii()}. */
    public boolean needsUtf8() {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Domain that && ascii.equals(that.ascii);
    }

    @Override
    public int hashCode() {
        return ascii.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return name;
    }
}
