package io.mailproto.imap;

import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Step;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.util.List;

/** The beginning of a conversation: greeting, TLS, and what the server can do. */
final class Opening {
    private final Conversation conversation;
    private final ImapClientOptions options;
    private final CommandRunner runner;

    Opening(Conversation conversation, ImapClientOptions options, CommandRunner runner) {
        this.conversation = conversation;
        this.options = options;
        this.runner = runner;
    }

    void greet() throws IOException {
        Connection connection = conversation.connection();
        if (options.tlsMode() == TlsMode.IMPLICIT) {
            connection.within(Deadline.in(options.timeouts().greeting()), Step.of("TLS handshake"));
            connection.startTls(options.tls());
        }
        ImapResponse.Notice greeting = conversation.awaitGreeting();
        boolean wantsTls = options.tlsMode() == TlsMode.STARTTLS
                || (options.tlsMode() == TlsMode.AUTO && !connection.isLoopback());
        if (greeting.status() == ImapStatus.PREAUTH) {
            refusePreAuthInClear(wantsTls);
            conversation.enter(ImapVerb.State.LOGGED_IN);
            ensureCapabilities();
            return;
        }
        ensureCapabilities();
        if (wantsTls) {
            startTls();
        }
    }

    /** Q17: PREAUTH makes STARTTLS impossible, so whoever sits in between could use it to keep us in clear. */
    private void refusePreAuthInClear(boolean wantsTls) throws ImapException {
        if (wantsTls && !(options.tlsMode() == TlsMode.AUTO && options.allowPlaintextLogin())) {
            conversation.connection().close();
            throw new ImapException(
                    conversation.peer(),
                    "waiting for the greeting",
                    "the server says that we are logged in already (PREAUTH), which rules out STARTTLS",
                    false);
        }
    }

    private void startTls() throws IOException {
        if (!conversation.capabilities().has("STARTTLS")) {
            if (options.tlsMode() == TlsMode.AUTO) {
                return;
            }
            conversation.connection().close();
            throw new ImapException(
                    conversation.peer(),
                    "waiting for STARTTLS",
                    "TLS is required, but the server does not offer STARTTLS; it says: " + conversation.capabilities(),
                    false);
        }
        runner.run(ImapCommand.of(ImapVerb.STARTTLS));
        conversation
                .connection()
                .within(Deadline.in(options.timeouts().greeting()), Step.of("TLS handshake after STARTTLS"));
        conversation.connection().startTls(options.tls());
        conversation.forgetCapabilities();
        ensureCapabilities();
    }

    /** Servers that answer CAPABILITY with BAD (Q23) can at least IMAP4rev1. */
    void ensureCapabilities() throws IOException {
        if (conversation.knowsCapabilities()) {
            return;
        }
        ImapResponse.Completion completion =
                conversation.run(ImapCommand.of(ImapVerb.CAPABILITY), PendingCommand.Listener.NONE);
        if (!completion.isOk() || !conversation.knowsCapabilities()) {
            conversation.capabilities(Capabilities.of(List.of("IMAP4REV1")));
        }
    }
}
