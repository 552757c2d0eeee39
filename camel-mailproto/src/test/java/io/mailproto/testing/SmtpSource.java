package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Postfix' smtp-source: sends mail as fast as it can, to measure or to load a server. It does not pipeline. */
public final class SmtpSource {
    private SmtpSource() {}

    /**
     * Runs it to its end with its own options ({@code -m 1000 -s 4 -l 4096 -f a@x.test -t b@y.test}) against a server;
     * skips the test if it is not installed.
     */
    public static PeerCommand.Result run(HostPort server, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("inet:" + server.host() + ":" + server.port());
        return PeerCommand.run("smtp-source", all.toArray(String[]::new));
    }
}
