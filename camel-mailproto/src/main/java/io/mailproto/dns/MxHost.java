package io.mailproto.dns;

import java.util.Locale;

/**
 * One MX record (RFC 1035 §3.3.9).
 *
 * @param preference the lower the better; 0 to 65535
 * @param name the host in lower case, without the dot at its end; empty for {@code .}, the null MX (RFC 7505). It is what a
 *     stranger has written into the DNS, and need not be a host name
 */
public record MxHost(int preference, String name) {

    public MxHost {
        if (preference < 0 || preference > 65535) {
            throw new IllegalArgumentException("an MX preference is 0 to 65535, not " + preference);
        }
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        name = bare.toLowerCase(Locale.ROOT);
    }
}
