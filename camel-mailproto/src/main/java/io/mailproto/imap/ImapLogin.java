package io.mailproto.imap;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslChannel;
import io.mailproto.sasl.SaslChooser;
import io.mailproto.sasl.SaslClient;
import io.mailproto.sasl.SaslFailed;
import io.mailproto.sasl.SaslMechanisms;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Step;
import io.mailproto.wire.TlsFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** Logging in with AUTHENTICATE or LOGIN (RFC 3501 §6.2.2, §6.2.3; RFC 4959). */
final class ImapLogin {
    /** In a list of mechanisms: the LOGIN command, which is none. */
    static final String LOGIN_COMMAND = "LOGIN-COMMAND";

    /** The strongest first; the command LOGIN is as weak as PLAIN. */
    private static final List<String> USUAL = usual();

    private final Conversation conversation;
    private final ImapClientOptions options;

    ImapLogin(Conversation conversation, ImapClientOptions options) {
        this.conversation = conversation;
        this.options = options;
    }

    private static List<String> usual() {
        List<String> names = new ArrayList<>(SaslMechanisms.names());
        names.add(names.indexOf(SaslMechanisms.PLAIN) + 1, LOGIN_COMMAND);
        return List.copyOf(names);
    }

    /**
     * Logs in by the first way that the server takes, that goes with the credentials and that is safe here. A token that the
     * server refuses is fetched anew once.
     */
    void login(Credentials credentials) throws IOException {
        String way = choose(credentials);
        if (way.equals(LOGIN_COMMAND)) {
            loginCommand(credentials);
            return;
        }
        try {
            authenticate(begin(credentials, way, false));
        } catch (LoginRefused refused) {
            if (!credentials.hasTokens() || refused.isTransient()) {
                throw refused;
            }
            authenticate(begin(credentials, way, true));
        }
    }

    private String choose(Credentials credentials) throws ImapException {
        Capabilities offered = conversation.capabilities();
        List<String> wanted = options.authMechanisms().isEmpty() ? USUAL : options.authMechanisms();
        boolean isSafe = isSafe();
        List<String> usable = usable(credentials, wanted, isSafe);
        // Microsoft 365 takes user\shared-mailbox with LOGIN only (imapflow does the same).
        boolean isSharedMailbox = credentials.username().matches(".*[/\\\\].*");
        if (isSharedMailbox && options.authMechanisms().isEmpty() && usable.contains(LOGIN_COMMAND)) {
            return LOGIN_COMMAND;
        }
        if (!usable.isEmpty()) {
            return usable.get(0);
        }
        List<String> underTls = isSafe ? List.of() : usable(credentials, wanted, true);
        if (!underTls.isEmpty()) {
            throw new LoginNotSafe(
                    conversation.peer(),
                    (underTls.get(0).equals(LOGIN_COMMAND) ? "LOGIN" : "AUTHENTICATE " + underTls.get(0))
                            + " would send the password in clear to another machine; use TLS,"
                            + " or allow it (allowPlaintextLogin=true) if the network is trusted");
        }
        String disabled = offered.has("LOGINDISABLED") ? "; it has switched the LOGIN command off" : "";
        String tls = conversation.connection().tls().isEmpty() && offered.has("STARTTLS")
                ? "; it may offer more after STARTTLS"
                : "";
        throw new ImapException(
                conversation.peer(),
                "choosing how to log in",
                "the server offers none of " + String.join(", ", wanted) + disabled + tls + "; it says: " + offered,
                false);
    }

    private List<String> usable(Credentials credentials, List<String> wanted, boolean isSafe) {
        Capabilities offered = conversation.capabilities();
        List<String> mechanisms = wanted.stream()
                .filter(name -> !name.equalsIgnoreCase(LOGIN_COMMAND))
                .toList();
        List<String> offers =
                SaslMechanisms.names().stream().filter(offered::offersMechanism).toList();
        List<String> safe = mechanisms.isEmpty()
                ? List.of()
                : chooser(credentials, mechanisms).usable(offers, channel(isSafe));
        List<String> usable = new ArrayList<>();
        for (String name : wanted) {
            if (name.equalsIgnoreCase(LOGIN_COMMAND)) {
                if (credentials.hasPassword() && isSafe && !offered.has("LOGINDISABLED")) {
                    usable.add(LOGIN_COMMAND);
                }
            } else if (safe.contains(SaslMechanisms.known(name))) {
                usable.add(SaslMechanisms.known(name));
            }
        }
        return usable;
    }

    /** The usual order stands for none: a password is no token unless somebody has asked for that by name. */
    private SaslChooser chooser(Credentials credentials, List<String> mechanisms) {
        return new SaslChooser(credentials, options.authMechanisms().isEmpty() ? List.of() : mechanisms);
    }

    private SaslClient begin(Credentials credentials, String mechanism, boolean wasTokenRefused) throws ImapException {
        try {
            return chooser(credentials, List.of(mechanism)).begin(mechanism, channel(isSafe()), wasTokenRefused);
        } catch (SaslFailed e) {
            throw failed(e);
        }
    }

    private ImapException failed(SaslFailed e) {
        ImapException failure = new ImapException(
                conversation.peer(), "logging in", Objects.requireNonNullElse(e.getMessage(), ""), e.isTransient());
        failure.initCause(e);
        return failure;
    }

    private boolean isSafe() {
        Connection connection = conversation.connection();
        return connection.tls().isPresent() || connection.isLoopback() || options.allowPlaintextLogin();
    }

    private SaslChannel channel(boolean isSafe) {
        Connection connection = conversation.connection();
        return new SaslChannel(
                isSafe,
                connection.tls().map(TlsFacts::serverCertificate).orElse(null),
                connection.peer().host(),
                connection.peer().port());
    }

    private void loginCommand(Credentials credentials) throws IOException {
        conversation.connection().conceal(credentials.password().reveal());
        ImapCommand command = ImapCommand.of(ImapVerb.LOGIN)
                .string(credentials.username())
                .secret(credentials.password().reveal());
        finish("LOGIN", conversation.run(command, PendingCommand.Listener.NONE));
    }

    private void authenticate(SaslClient client) throws IOException {
        String name = "AUTHENTICATE " + client.mechanism();
        ImapCommand command = ImapCommand.of(ImapVerb.AUTHENTICATE).raw(client.mechanism());
        byte[] initial = client.initialResponse();
        boolean sent = initial != null && conversation.capabilities().has("SASL-IR");
        if (sent) {
            // RFC 4959 §3: an empty initial response is "=".
            command.secretWord(initial.length == 0 ? "=" : base64(initial));
        }
        PendingCommand pending = conversation.begin(command, PendingCommand.Listener.NONE);
        String challenge = conversation.awaitContinuation(pending);
        while (challenge != null) {
            answer(client, sent ? null : initial, challenge);
            sent = true;
            challenge = conversation.awaitContinuation(pending);
        }
        finish(name, conversation.await(pending));
        try {
            client.checkServer();
        } catch (SaslFailed impostor) {
            conversation.connection().close();
            throw failed(impostor);
        }
    }

    private void answer(SaslClient client, byte[] unsent, String challenge) throws IOException {
        Connection connection = conversation.connection();
        connection.within(
                Deadline.in(options.timeouts().answer()), Step.of("answering a challenge of " + client.mechanism()));
        byte[] response;
        try {
            response =
                    unsent != null ? unsent : client.respond(Base64.getDecoder().decode(challenge.strip()));
        } catch (SaslFailed | IllegalArgumentException unexpected) {
            // RFC 3501 §6.2.2: "*" gives up; the completion that follows tells why the login has failed.
            connection.out().send("*");
            return;
        }
        connection.out().sendSecret(base64(response), "***");
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private void finish(String command, ImapResponse.Completion completion) throws LoginRefused {
        if (!completion.isOk()) {
            // Servers exist that say the command back.
            throw new LoginRefused(conversation.peer(), command, completion.withText(conversation.connection()::hide));
        }
    }
}
