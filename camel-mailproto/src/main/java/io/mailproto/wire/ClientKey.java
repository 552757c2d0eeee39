package io.mailproto.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Who counts as one client: an IPv4 address, or the /64 network of an IPv6 address, since whoever has one address of it
 * has them all.
 */
record ClientKey(String value) {

    static ClientKey of(InetAddress address) {
        byte[] octets = address.getAddress();
        return new ClientKey(
                HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(octets, 8) : octets));
    }
}
