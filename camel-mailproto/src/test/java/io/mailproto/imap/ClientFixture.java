package io.mailproto.imap;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.MinimumRate;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.io.IOException;
import java.time.Duration;

/** Clients for tests, impatient enough that a hanging one fails fast. */
final class ClientFixture {
    static final Credentials ALICE = new Credentials("alice", Secret.of("secret1"));
    static final Spool SPOOL = new Spool(SpoolOptions.defaults());

    static final ImapTimeouts IMPATIENT = new ImapTimeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            new MinimumRate(1, Duration.ofSeconds(10)));

    private ClientFixture() {}

    static ImapClientOptions inClear() {
        return ImapClientOptions.inClear().withTimeouts(IMPATIENT);
    }

    static ImapClientOptions secured(TlsMode mode) {
        return ImapClientOptions.secured(mode, TlsSettings.client(TestCertificates.client()))
                .withTimeouts(IMPATIENT);
    }

    static ImapClient open(ScriptedPeer server) throws IOException {
        return open(server, inClear());
    }

    static ImapClient open(ScriptedPeer server, ImapClientOptions options) throws IOException {
        return open(server.address(), options);
    }

    static ImapClient open(HostPort server, ImapClientOptions options) throws IOException {
        return ImapClient.open(TestWire.dialer(), server, options, SPOOL);
    }

    /** A server that lets alice in, offers these capabilities, opens INBOX with three messages and goes on as told. */
    static String selected(String capabilities, String rest) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 %s] logged in
                C: a2 SELECT INBOX
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
                S: * OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] limited
                S: * 3 EXISTS
                S: * 0 RECENT
                S: * OK [UIDVALIDITY 3857529045] UIDs valid
                S: * OK [UIDNEXT 4392] predicted next UID
                S: a2 OK [READ-WRITE] selected
                %s
                """.formatted(capabilities, rest.strip());
    }

    /** Opens, logs in and selects as {@link #selected} expects it. */
    static ImapClient selected(ScriptedPeer server) throws IOException {
        return selected(server, inClear());
    }

    static ImapClient selected(ScriptedPeer server, ImapClientOptions options) throws IOException {
        ImapClient client = open(server, options);
        client.login(ALICE);
        client.select(MailboxName.INBOX);
        return client;
    }
}
