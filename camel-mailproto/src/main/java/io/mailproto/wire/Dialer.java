package io.mailproto.wire;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Opens client connections. Thread-safe; keeps none. */
public final class Dialer {

    private static final Step CONNECTING = Step.of("connecting");

    private final DialOptions options;
    private final Watchdog watchdog;
    /** Null for whatever the name resolves to. */
    private final InetAddress only;

    public Dialer(DialOptions options, Watchdog watchdog) {
        this(options, watchdog, null);
    }

    private Dialer(DialOptions options, Watchdog watchdog, InetAddress only) {
        this.options = options;
        this.watchdog = watchdog;
        this.only = only;
    }

    /**
     * The same for one address of a host whose name the caller has looked up: then the name is only what TLS is told. A
     * proxy still gets the name.
     */
    public Dialer towards(InetAddress address) {
        return new Dialer(options, watchdog, address);
    }

    /**
     * Resolves the host and connects to its addresses in turn until one answers; blocks up to the connect timeout for
     * each. The caller closes the connection.
     *
     * @throws ConnectFailed if none answers; tells why the last one did not
     */
    public Connection dial(HostPort to) throws ConnectFailed {
        if (only != null && options.proxy().isEmpty()) {
            return connect(to, new InetSocketAddress(only, to.port()));
        }
        if (options.proxy().isPresent() && !ProxyHandshake.canName(to.host())) {
            throw new ConnectFailed("the server", CONNECTING, "its host name cannot be told to a proxy", null);
        }
        // A proxy resolves the server's name itself.
        HostPort first = options.proxy().map(ProxyServer::address).orElse(to);
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(first.host());
        } catch (UnknownHostException e) {
            String whose =
                    options.proxy().isPresent() ? "the proxy's host name is unknown" : "the host name is unknown";
            throw new ConnectFailed(to.toString(), CONNECTING, whose, e);
        }
        ConnectFailed last = null;
        for (InetAddress address : addresses) {
            try {
                return connect(to, new InetSocketAddress(address, first.port()));
            } catch (ConnectFailed e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw last;
    }

    private Connection connect(HostPort to, InetSocketAddress address) throws ConnectFailed {
        // Its own proxy settings, by system properties, would hide who is spoken to.
        Socket socket = new Socket(Proxy.NO_PROXY);
        long end = System.nanoTime() + options.connectTimeout().toNanos();
        try {
            if (options.localAddress().isPresent()) {
                socket.bind(options.localAddress().get());
            }
            int millis = (int) Math.min(options.connectTimeout().toMillis(), Integer.MAX_VALUE);
            socket.connect(address, Math.max(1, millis));
            if (options.proxy().isPresent()) {
                new ProxyHandshake(options.proxy().get(), socket, end).connect(to);
            }
            return new Connection(to, socket, watchdog, options.proxy().isPresent());
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw new ConnectFailed(to.toString(), CONNECTING, reason(e, address.getAddress()), e);
        }
    }

    private String reason(IOException e, InetAddress address) {
        String at = " (" + options.proxy().map(proxy -> "through " + proxy).orElse(address.getHostAddress()) + ")";
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
