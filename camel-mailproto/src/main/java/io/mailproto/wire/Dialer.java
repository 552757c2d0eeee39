package io.mailproto.wire;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Opens client connections. Thread-safe; keeps none. */
public final class Dialer {

    private static final Step CONNECTING = Step.of("connecting");

    private final DialOptions options;
    private final Watchdog watchdog;

    public Dialer(DialOptions options, Watchdog watchdog) {
        this.options = options;
        this.watchdog = watchdog;
    }

    /**
     * Resolves the host and connects to its addresses in turn until one answers; blocks up to the connect timeout for
     * each. The caller closes the connection.
     *
     * @throws ConnectFailed if none answers; tells why the last one did not
     */
    public Connection dial(HostPort to) throws ConnectFailed {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(to.host());
        } catch (UnknownHostException e) {
            throw new ConnectFailed(to.toString(), CONNECTING, "the host name is unknown", e);
        }
        ConnectFailed last = null;
        for (InetAddress address : addresses) {
            try {
                return connect(to, address);
            } catch (ConnectFailed e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw last;
    }

    private Connection connect(HostPort to, InetAddress address) throws ConnectFailed {
        Socket socket = new Socket();
        try {
            if (options.localAddress().isPresent()) {
                socket.bind(options.localAddress().get());
            }
            int millis = (int) Math.min(options.connectTimeout().toMillis(), Integer.MAX_VALUE);
            socket.connect(new InetSocketAddress(address, to.port()), Math.max(1, millis));
            return new Connection(to, socket, watchdog);
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw new ConnectFailed(to.toString(), CONNECTING, reason(e, address), e);
        }
    }

    private String reason(IOException e, InetAddress address) {
        String at = " (" + address.getHostAddress() + ")";
        if (e instanceof SocketTimeoutException) {
            return "no answer within " + Durations.inWords(options.connectTimeout()) + at;
        }
        if (e instanceof NoRouteToHostException) {
            return "there is no route to the host" + at;
        }
        if (e instanceof ConnectException) {
            return "the connection was refused" + at;
        }
        return Excerpt.of(String.valueOf(e.getMessage())) + at;
    }
}
