package io.mailproto.wire;

/**
 * A host, by name or address literal, and a TCP port.
 *
 * @param host not empty, without brackets
 * @param port 0 to 65535; 0 only where a listener may choose
 */
public record HostPort(String host, int port) {

    public HostPort {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host is missing");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0..65535, not " + port);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
