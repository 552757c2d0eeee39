package io.mailproto.imap;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslClient;
import io.mailproto.sasl.SaslFailed;
import io.mailproto.sasl.SaslMechanisms;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Step;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** Logging in with AUTHENTICATE or LOGIN (RFC 3501 §6.2.2, §6.2.3; RFC 4959). */
final class ImapLogin {
    /** In a list of mechanisms: the LOGIN command, which is none. */
    static final String LOGIN_COMMAND = "LOGIN-COMMAND";

    private static final List<String> USUAL = List.of(SaslMechanisms.PLAIN, LOGIN_COMMAND, SaslMechanisms.LOGIN);

    private final Conversation conversation;
    private final ImapClientOptions options;

    ImapLogin(Conversation conversation, ImapClientOptions options) {
        this.conversation = conversation;
        this.options = options;
    }

    void login(Credentials credentials) throws IOException {
        String mechanism = choose(credentials);
        if (mechanism.equals(LOGIN_COMMAND)) {
            refuseInClear("LOGIN");
            loginCommand(credentials);
            return;
        }
        SaslClient client = SaslMechanisms.client(mechanism, credentials);
        if (client.sendsPlaintextSecret()) {
            refuseInClear("AUTHENTICATE " + mechanism);
        }
        authenticate(client);
    }

    private String choose(Credentials credentials) throws ImapException {
        Capabilities offered = conversation.capabilities();
        List<String> wanted = options.authMechanisms().isEmpty() ? USUAL : options.authMechanisms();
        // Microsoft 365 takes user\shared-mailbox with LOGIN only (imapflow does the same).
        boolean isSharedMailbox = credentials.username().matches(".*[/\\\\].*");
        for (String name : wanted) {
            boolean isCommand = name.equalsIgnoreCase(LOGIN_COMMAND);
            if (isCommand && !offered.has("LOGINDISABLED")) {
                return LOGIN_COMMAND;
            }
            boolean preferCommand =
                    isSharedMailbox && options.authMechanisms().isEmpty() && !offered.has("LOGINDISABLED");
            if (!isCommand && offered.offersMechanism(name) && !preferCommand) {
                return SaslMechanisms.known(name);
            }
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

    private void refuseInClear(String how) throws LoginNotSafe {
        Connection connection = conversation.connection();
        if (connection.tls().isEmpty() && !connection.isLoopback() && !options.allowPlaintextLogin()) {
            throw new LoginNotSafe(
                    conversation.peer(),
                    how + " would send the password in clear to another machine; use TLS,"
                            + " or allow it (allowPlaintextLogin=true) if the network is trusted");
        }
    }

    private void loginCommand(Credentials credentials) throws IOException {
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
            throw new LoginRefused(conversation.peer(), command, completion);
        }
    }
}
