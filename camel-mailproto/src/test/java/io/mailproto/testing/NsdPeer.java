package io.mailproto.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * NSD, an authoritative DNS server, on a loopback port. It knows the zone {@code test.} that it is given; {@code
 * broken.example} is a zone that it cannot load (SERVFAIL), about all else it refuses to speak.
 */
public final class NsdPeer extends PeerFixture {
    private static final int DNS = 53;
    private static final String HEAD = """
            $ORIGIN test.
            $TTL 300
            @ IN SOA ns hostmaster 1 3600 600 86400 300
            @ IN NS ns
            ns IN A 127.0.0.1
            """;

    private final String zone;
    private PortBlock ports;
    private PeerProcess process;

    private NsdPeer(String zone) {
        this.zone = zone;
    }

    /** For a static {@code @RegisterExtension} field; records as in a zone file, names without a dot at their end below test. */
    public static NsdPeer extension(String zone) {
        return new NsdPeer(zone);
    }

    /** Starts it with its state below a directory, or skips the test. The caller closes it. */
    public static NsdPeer startOrSkip(Path directory, String zone) throws IOException {
        NsdPeer peer = new NsdPeer(zone);
        peer.start(directory);
        return peer;
    }

    @Override
    void requireAvailable() {
        PeerCommand.requireInstalled("nsd");
    }

    @Override
    void launch(Path below) throws IOException {
        ports = PortBlock.find(DNS);
        Files.writeString(below.resolve("test.zone"), HEAD + zone);
        Path config = below.resolve("nsd.conf");
        Files.writeString(config, """
                server:
                  server-count: 1
                  ip-address: 127.0.0.1@%d
                  username: ""
                  chroot: ""
                  database: ""
                  zonesdir: "%s"
                  pidfile: "%2$s/nsd.pid"
                  xfrdfile: ""
                  xfrdir: "%2$s"
                  zonelistfile: "%2$s/zone.list"
                  rrl-ratelimit: 0
                remote-control:
                  control-enable: no
                zone:
                  name: "test"
                  zonefile: "%2$s/test.zone"
                zone:
                  name: "broken.example"
                  zonefile: "%2$s/missing.zone"
                """.formatted(ports.at(DNS), below));
        String nsd = PeerCommand.requireInstalled("nsd").toString();
        process = PeerProcess.start(below.resolve("log"), List.of(nsd, "-d", "-c", config.toString()));
        process.awaitOpenPort(ports.at(DNS));
    }

    @Override
    void shutDown() throws IOException {
        if (process != null) {
            process.close();
            process = null;
        }
        if (ports != null) {
            ports.close();
            ports = null;
        }
    }

    /** Where it answers, by UDP and TCP. */
    public InetSocketAddress dns() {
        requireRunning();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.at(DNS));
    }
}
