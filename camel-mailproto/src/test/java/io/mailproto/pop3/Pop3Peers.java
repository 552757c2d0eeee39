package io.mailproto.pop3;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What the tests of the client begin with. */
final class Pop3Peers {
    static final Credentials ALICE = new Credentials("alice", Secret.of("secret1"));
    /** All ways to log in, in their own order. */
    static final List<String> METHODS = List.of();

    static final Spool SPOOL = new Spool(SpoolOptions.defaults());

    /** A login at a server without PIPELINING. */
    static final String SIMPLE = """
            S: +OK ready
            C: CAPA
            S: +OK
            S: USER
            S: UIDL
            S: .
            C: USER alice
            S: +OK
            C: PASS secret1
            S: +OK
            C: CAPA
            S: +OK
            S: UIDL
            S: .
            """;

    /** A login at a server with PIPELINING. */
    static final String PIPELINING = """
            S: +OK ready
            C: CAPA
            S: +OK
            S: USER
            S: UIDL
            S: PIPELINING
            S: .
            C: USER alice
            S: +OK
            C: PASS secret1
            S: +OK
            C: CAPA
            S: +OK
            S: USER
            S: PIPELINING
            S: .
            """;

    private Pop3Peers() {}

    static Pop3ClientOptions options(TlsMode mode) {
        return Pop3ClientOptions.of(mode, TlsSettings.client(TestCertificates.client()))
                .withTimeouts(Pop3Timeouts.defaults()
                        .withReply(Duration.ofSeconds(20))
                        .withUpdate(Duration.ofSeconds(20)));
    }

    static Pop3Client open(ScriptedPeer server) throws IOException {
        return Pop3Client.open(TestWire.dialer(), server.address(), options(TlsMode.AUTO));
    }

    static Pop3Client loggedIn(ScriptedPeer server) throws IOException {
        Pop3Client client = open(server);
        client.logIn(new Pop3Login(ALICE, METHODS));
        return client;
    }

    static String text(Octets octets) throws IOException {
        return new String(octets.toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
