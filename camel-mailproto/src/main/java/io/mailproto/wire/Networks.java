package io.mailproto.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A set of addresses and networks, such as {@code 10.0.0.0/8, 192.0.2.7, 2001:db8::/32}. Immutable. Names are not taken:
 * nothing is looked up.
 */
public final class Networks {

    /** Contains nobody. */
    public static final Networks NONE = new Networks(List.of());

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Reads a list.
     *
     * @param text separated by commas; null or blank for {@link #NONE}
     * @throws IllegalArgumentException naming the entry that is none
     */
    public static Networks parse(String text) {
        if (text == null || text.isBlank()) {
            return NONE;
        }
        List<Network> networks = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            String[] parts = entry.strip().split("/", 2);
            byte[] address = address(parts[0])
                    .orElseThrow(
                            () -> new IllegalArgumentException("\"" + entry.strip() + "\" is no address or network"))
                    .getAddress();
            int most = address.length * 8;
            int bits = parts.length == 1 ? most : parts[1].matches("\\d{1,3}") ? Integer.parseInt(parts[1]) : -1;
            if (bits < 0 || bits > most) {
                throw new IllegalArgumentException("\"" + entry.strip() + "\" is no network: /0 to /" + most);
            }
            networks.add(new Network(address, bits));
        }
        return new Networks(networks);
    }

    /** The address that a text is; empty if it is a name or nonsense. Nothing is looked up. */
    public static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException nonsense) {
            // Looks like an address and is none, such as 1.2.3.999.
            return Optional.empty();
        }
    }

    public boolean contain(InetAddress address) {
        byte[] octets = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(octets));
    }
}
