package io.mailproto.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A server that connections go through. It sees what is not encrypted, so a connection through it never counts as one
 * within this machine.
 *
 * @param kind how it is spoken to
 * @param address where it listens
 * @param user to log in with; null for none
 * @param password for the user, maybe empty
 */
public record ProxyServer(Kind kind, HostPort address, String user, String password) {
    private static final int SOCKS_PORT = 1080;
    private static final int HTTP_PORT = 8080;

    /** How a proxy is spoken to. */
    public enum Kind {
        /** SOCKS version 5 (RFC 1928); it resolves the name of the server. */
        SOCKS5,
        /** HTTP with the method CONNECT (RFC 9110 §9.3.6). */
        HTTP
    }

    /**
     * Reads {@code socks5://[user:password@]host[:port]} or {@code http://…}; the ports are 1080 and 8080 by default.
     *
     * @throws IllegalArgumentException if it is something else; what may be a password is not shown
     */
    public static ProxyServer parse(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean isKnown = scheme.equals("socks5") || scheme.equals("http");
            if (!isKnown || uri.getHost() == null || !isEmpty(uri.getPath()) || uri.getQuery() != null) {
                throw new IllegalArgumentException("a proxy is socks5://host:port or http://host:port");
            }
            Kind kind = scheme.equals("http") ? Kind.HTTP : Kind.SOCKS5;
            int port = uri.getPort() >= 0 ? uri.getPort() : kind == Kind.HTTP ? HTTP_PORT : SOCKS_PORT;
            String login = uri.getRawUserInfo();
            int colon = login == null ? -1 : login.indexOf(':');
            String user = login == null ? null : decoded(colon < 0 ? login : login.substring(0, colon));
            String host = uri.getHost().replaceAll("^\\[|]$", "");
            return new ProxyServer(
                    kind, new HostPort(host, port), user, colon < 0 ? "" : decoded(login.substring(colon + 1)));
        } catch (URISyntaxException e) {
            // The exception repeats the text.
            throw new IllegalArgumentException("a proxy is socks5://host:port or http://host:port");
        }
    }

    private static boolean isEmpty(String path) {
        return path == null || path.isEmpty() || path.equals("/");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "://" + address;
    }
}
