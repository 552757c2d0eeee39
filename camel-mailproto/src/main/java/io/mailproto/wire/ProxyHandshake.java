package io.mailproto.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Asks a proxy for a connection. Reads octet by octet, and not one too many: what follows belongs to the server. Within
 * the given time as a whole.
 */
final class ProxyHandshake {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int SOCKS = 5;

    private final ProxyServer proxy;
    private final Socket socket;
    private final long end;

    /** @param end by {@link System#nanoTime} */
    ProxyHandshake(ProxyServer proxy, Socket socket, long end) {
        this.proxy = proxy;
        this.socket = socket;
        this.end = end;
    }

    /**
     * Everything that is written here is built of this name: no control characters, no spaces, no colons but an address's.
     */
    static boolean canName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || "/@?#[]".indexOf(c) >= 0) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    /** @throws IOException telling why there is no connection, without secrets */
    void connect(HostPort to) throws IOException {
        String host = to.host();
        switch (proxy.kind()) {
            case SOCKS5 -> socks(host, to.port());
            case HTTP -> http(host, to.port());
        }
    }

    private void socks(String host, int port) throws IOException {
        boolean hasLogin = proxy.user() != null;
        write(hasLogin ? new byte[] {SOCKS, 2, 0, 2} : new byte[] {SOCKS, 1, 0});
        expectSocks(read());
        int method = read();
        if (method == 2 && hasLogin) {
            logIn();
        } else if (method != 0) {
            throw new IOException("the proxy wants to be logged in to in another way");
        }
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        if (name.length > 255) {
            throw new IOException("the host name is too long for the proxy");
        }
        byte[] request = new byte[7 + name.length];
        request[0] = SOCKS;
        request[1] = 1; // CONNECT
        request[3] = 3; // a name, which the proxy resolves
        request[4] = (byte) name.length;
        System.arraycopy(name, 0, request, 5, name.length);
        request[5 + name.length] = (byte) (port >> 8);
        request[6 + name.length] = (byte) port;
        write(request);
        expectSocks(read());
        int status = read();
        if (status != 0) {
            throw new IOException("the proxy cannot connect: " + socksReason(status));
        }
        read();
        int bound =
                switch (read()) {
                    case 1 -> 4;
                    case 4 -> 16;
                    case 3 -> read();
                    default -> throw new IOException("the proxy's answer is not SOCKS 5");
                };
        for (int i = 0; i < bound + 2; i++) {
            read();
        }
    }

    /** RFC 1929. */
    private void logIn() throws IOException {
        byte[] user = proxy.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = proxy.password().getBytes(StandardCharsets.UTF_8);
        if (user.length > 255 || password.length > 255) {
            throw new IOException("user name or password is too long for the proxy");
        }
        byte[] message = new byte[3 + user.length + password.length];
        message[0] = 1;
        message[1] = (byte) user.length;
        System.arraycopy(user, 0, message, 2, user.length);
        message[2 + user.length] = (byte) password.length;
        System.arraycopy(password, 0, message, 3 + user.length, password.length);
        write(message);
        read();
        if (read() != 0) {
            throw new IOException("the proxy does not accept user name or password");
        }
    }

    private static void expectSocks(int version) throws IOException {
        if (version != SOCKS) {
            throw new IOException("the proxy's answer is not SOCKS 5");
        }
    }

    /** RFC 1928 §6. */
    private static String socksReason(int status) {
        return switch (status) {
            case 1 -> "it failed";
            case 2 -> "it is not allowed to";
            case 3 -> "the network is unreachable";
            case 4 -> "the host is unreachable or unknown";
            case 5 -> "the connection was refused";
            case 6 -> "it took too long";
            default -> "status " + status;
        };
    }

    private void http(String host, int port) throws IOException {
        String target = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        StringBuilder request = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n");
        if (proxy.user() != null) {
            byte[] login = (proxy.user() + ":" + proxy.password()).getBytes(StandardCharsets.UTF_8);
            request.append("Proxy-Authorization: Basic ")
                    .append(Base64.getEncoder().encodeToString(login))
                    .append("\r\n");
        }
        write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        String head = head();
        if (!head.matches("(?s)HTTP/1\\.[01] 2\\d\\d[ \r].*")) {
            throw new IOException(
                    "the proxy refuses: " + Excerpt.of(head.lines().findFirst().orElse("")));
        }
    }

    /** Up to the empty line; what comes behind it is the server's. */
    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < MAX_HEAD) {
            head.append((char) read());
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        throw new IOException("the proxy's answer has no end");
    }

    private int read() throws IOException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("the proxy is too slow");
        }
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        InputStream in = socket.getInputStream();
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the proxy closed the connection");
        }
        return octet;
    }

    private void write(byte[] octets) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(octets);
        out.flush();
    }
}
