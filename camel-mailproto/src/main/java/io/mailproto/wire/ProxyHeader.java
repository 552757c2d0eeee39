package io.mailproto.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a proxy puts in front of a connection to tell whose it is (HAProxy's PROXY protocol, versions 1 and 2):
 *
 * <pre>
 * v1  PROXY TCP4 source destination source-port destination-port CR LF       107 octets at the most
 * v2  signature(12)  version-and-command(1)  family(1)  length(2)  addresses  further facts
 * </pre>
 *
 * Read octet by octet from the socket, since what follows may be a TLS handshake.
 */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int MAX_V1 = 107;
    /** The addresses of two Unix sockets, and some room for what servers of mail have no use for. */
    private static final int MAX_V2 = 520;

    private static final String EXPECTED = "a PROXY header";

    private ProxyHeader() {}

    /**
     * Reads the header; blocks.
     *
     * @return the client; empty if the proxy speaks for itself or does not know
     * @throws WireException if what comes is no such header; the connection is closed then
     */
    static Optional<InetSocketAddress> read(Connection connection) throws WireException {
        // Even the shortest header, "PROXY UNKNOWN" and CR LF, is longer than the signature.
        byte[] head = exactly(connection, SIGNATURE.length);
        return Arrays.equals(head, SIGNATURE) ? readV2(connection) : readV1(connection, head);
    }

    private static Optional<InetSocketAddress> readV1(Connection connection, byte[] head) throws WireException {
        StringBuilder line = new StringBuilder(new String(head, StandardCharsets.ISO_8859_1));
        if (!line.toString().startsWith("PROXY ")) {
            throw connection.violation(EXPECTED, line.toString());
        }
        while (line.charAt(line.length() - 1) != '\n') {
            if (line.length() >= MAX_V1) {
                throw connection.tooMuch("a PROXY header of more than " + MAX_V1 + " octets came");
            }
            line.append((char) (exactly(connection, 1)[0] & 0xff));
        }
        String text = line.toString();
        if (!text.endsWith("\r\n")) {
            throw connection.violation(EXPECTED, text);
        }
        String[] words = text.substring(0, text.length() - 2).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return Optional.empty();
        }
        boolean isIpv4 = words[1].equals("TCP4");
        if (words.length != 6 || !(isIpv4 || words[1].equals("TCP6")) || !words[4].matches("\\d{1,5}")) {
            throw connection.violation(EXPECTED, text);
        }
        Optional<InetAddress> source = Networks.address(words[2]).filter(address -> isIpv4 == !words[2].contains(":"));
        int port = Integer.parseInt(words[4]);
        if (source.isEmpty() || Networks.address(words[3]).isEmpty() || port > 65_535) {
            throw connection.violation(EXPECTED, text);
        }
        return Optional.of(new InetSocketAddress(source.get(), port));
    }

    private static Optional<InetSocketAddress> readV2(Connection connection) throws WireException {
        byte[] head = exactly(connection, 4);
        int length = (head[2] & 0xff) << 8 | (head[3] & 0xff);
        int command = head[0] & 0x0f;
        if ((head[0] & 0xf0) != 0x20 || command > 1) {
            throw connection.violation(EXPECTED, "version and command " + head[0]);
        }
        if (length > MAX_V2) {
            throw connection.tooMuch("a PROXY header of " + length + " octets came");
        }
        byte[] body = exactly(connection, length);
        int octets = head[1] == 0x11 ? 4 : head[1] == 0x21 ? 16 : 0;
        if (command == 0 || octets == 0) {
            // The proxy's own connection, such as a health check, or one that did not come over TCP.
            return Optional.empty();
        }
        if (length < 2 * octets + 4) {
            throw connection.violation(EXPECTED, "addresses in " + length + " octets");
        }
        int port = (body[2 * octets] & 0xff) << 8 | (body[2 * octets + 1] & 0xff);
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOf(body, octets)), port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are an address", e);
        }
    }

    private static byte[] exactly(Connection connection, int count) throws WireException {
        byte[] octets = new byte[count];
        int have = 0;
        while (have < count) {
            int read = connection.receive(octets, have, count - have);
            if (read < 0) {
                throw connection.endOfStream();
            }
            have += read;
        }
        return octets;
    }
}
