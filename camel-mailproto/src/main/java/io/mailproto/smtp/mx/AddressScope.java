package io.mailproto.smtp.mx;

import io.mailproto.wire.Networks;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses mail is delivered to. They come from the DNS of strangers, who could point at machines that trust this one
 * and that they cannot reach themselves.
 */
public enum AddressScope {
    /** Those of the public internet. */
    PUBLIC,
    /** Those of private networks as well (RFC 1918, RFC 4193, RFC 6598). */
    PRIVATE,
    /** All, this machine's own included. */
    ANY;

    private static final Networks INTERNAL =
            Networks.parse("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7");

    /** RFC 6890: this host, loopback, link-local, protocol assignments, documentation, benchmarks, multicast, reserved. */
    private static final Networks NOWHERE = Networks.parse("0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 192.0.0.0/24,"
            + " 192.0.2.0/24, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4,"
            + " ::/128, ::1/128, fe80::/10, fec0::/10, 100::/64, 2001:db8::/32, ff00::/8");

    /** NAT64 (RFC 6052), 6to4 (RFC 3056) and IPv4-compatible addresses lead to an IPv4 address. */
    private static final Networks NAT64 = Networks.parse("64:ff9b::/96, ::/96");

    private static final Networks SIX_TO_FOUR = Networks.parse("2002::/16");

    /** Is it one to deliver to? */
    public boolean allows(InetAddress address) {
        if (this == ANY) {
            return true;
        }
        InetAddress embedded = embedded(address);
        if (embedded != null && !allows(embedded)) {
            return false;
        }
        return !NOWHERE.contain(address) && (this == PRIVATE || !INTERNAL.contain(address));
    }

    private static InetAddress embedded(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != 16) {
            return null;
        }
        try {
            if (NAT64.contain(address)) {
                return InetAddress.getByAddress(Arrays.copyOfRange(octets, 12, 16));
            }
            return SIX_TO_FOUR.contain(address) ? InetAddress.getByAddress(Arrays.copyOfRange(octets, 2, 6)) : null;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
