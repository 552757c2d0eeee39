package io.mailproto.pop3;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.PlainClient;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The AUTHORIZATION state (RFC 1939 §4): which way to log in, and the login. */
final class Authorization {
    /** RFC 5034 §4: an initial response goes with the command only if the whole line has at most 255 octets. */
    private static final int MAX_AUTH_LINE = 255;

    private static final String LOGGING_IN = "logging in";

    private final Conversation conversation;
    private final Pop3ClientOptions options;
    private final Pop3Capabilities capabilities;

    Authorization(Conversation conversation, Pop3ClientOptions options, Pop3Capabilities capabilities) {
        this.conversation = conversation;
        this.options = options;
        this.capabilities = capabilities;
    }

    /**
     * Logs in by the first of the methods that the server takes.
     *
     * @throws Pop3LoginImpossible before anything is sent
     * @throws Pop3Refused if the server does not let us in
     */
    void logIn(Credentials credentials, List<Pop3LoginMethod> methods) throws IOException {
        Connection connection = conversation.connection();
        // Every method there is shows the password to whoever listens.
        if (connection.tls().isEmpty() && !connection.isLoopback() && !options.allowPlaintextLogin()) {
            throw new Pop3LoginImpossible(
                    connection.peer(),
                    LOGGING_IN,
                    "the password would travel in clear; use tls=starttls or tls=implicit, or allowPlaintextLogin=true if"
                            + " the network is trusted; nothing was sent");
        }
        switch (choose(credentials, methods)) {
            case USER -> userAndPass(credentials);
            case PLAIN -> authPlain(credentials);
        }
    }

    private Pop3LoginMethod choose(Credentials credentials, List<Pop3LoginMethod> methods) throws Pop3LoginImpossible {
        Optional<Pop3LoginMethod> safe = methods.stream()
                .filter(method -> isOffered(method) && carries(method, credentials))
                .findFirst();
        return safe.or(() -> methods.stream().filter(this::isOffered).findFirst())
                .orElseThrow(() -> new Pop3LoginImpossible(
                        conversation.connection().peer(),
                        LOGGING_IN,
                        "none of " + methods + " is among what the server takes: "
                                + (capabilities.has("USER") ? "USER, " : "") + "SASL "
                                + capabilities.parameters("SASL")));
    }

    private boolean isOffered(Pop3LoginMethod method) {
        return switch (method) {
            // RFC 2449 §6.3 has it listed, but servers forget that: only one that lists SASL instead does not have it.
            case USER -> capabilities.has("USER") || !capabilities.has("SASL");
            case PLAIN -> !capabilities.areKnown() || capabilities.hasMechanism("PLAIN");
        };
    }

    /** USER takes the name up to some server's first space, and knows no character set. */
    private static boolean carries(Pop3LoginMethod method, Credentials credentials) {
        return method == Pop3LoginMethod.PLAIN
                || (credentials.username().indexOf(' ') < 0
                        && isAscii(credentials.username())
                        && isAscii(credentials.password().reveal()));
    }

    private static boolean isAscii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }

    private void userAndPass(Credentials credentials) throws IOException {
        conversation.allowUtf8();
        Step user = Step.of("waiting for the reply to USER");
        require(conversation.ask("USER " + credentials.username(), user), user);
        Step pass = Step.of("waiting for the reply to PASS");
        require(conversation.askSecret("PASS " + credentials.password().reveal(), "PASS ***", pass), pass);
    }

    private void authPlain(Credentials credentials) throws IOException {
        Step step = Step.of("waiting for the reply to AUTH PLAIN");
        String response = Base64.getEncoder().encodeToString(new PlainClient(credentials).initialResponse());
        String whole = "AUTH PLAIN " + response;
        boolean sent = whole.length() + 2 <= MAX_AUTH_LINE;
        String line = sent
                ? conversation.askForLine(whole, "AUTH PLAIN ***", step)
                : conversation.askForLine("AUTH PLAIN", "AUTH PLAIN", step);
        // Deviation: servers exist that ask again although the response came with the command, and servers that ask
        // with
        // "+OK" instead of "+ ".
        if (isChallenge(line) || (!sent && isOk(line))) {
            line = conversation.askForLine(response, "***", step);
        }
        Pop3Reply reply = Pop3Reply.parse(line);
        if (reply == null) {
            throw conversation.connection().violation("a reply that begins with +OK or -ERR", line);
        }
        require(reply, step);
    }

    private static boolean isChallenge(String line) {
        return line.equals("+") || line.startsWith("+ ");
    }

    private static boolean isOk(String line) {
        Pop3Reply reply = Pop3Reply.parse(line);
        return reply != null && reply.isOk();
    }

    private void require(Pop3Reply reply, Step step) throws Pop3Refused {
        if (!reply.isOk()) {
            throw new Pop3Refused(conversation.connection().peer(), step, reply, true);
        }
    }
}
