package io.mailproto.pop3;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslChannel;
import io.mailproto.sasl.SaslClient;
import io.mailproto.sasl.SaslFailed;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Step;
import io.mailproto.wire.TlsFacts;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The AUTHORIZATION state (RFC 1939 §4): which way to log in, and the login. */
final class Authorization {
    /** RFC 5034 §4: an initial response goes with the command only if the whole line has at most 255 octets. */
    private static final int MAX_AUTH_LINE = 255;

    /** More than any mechanism has. */
    private static final int MAX_CHALLENGES = 10;

    private static final String LOGGING_IN = "logging in";
    private static final String HIDDEN = "***";

    private final Conversation conversation;
    private final Pop3ClientOptions options;
    private final Pop3Capabilities capabilities;
    private final Optional<ApopTimestamp> timestamp;

    Authorization(
            Conversation conversation, Pop3ClientOptions options, Pop3Capabilities capabilities, String greeting) {
        this.conversation = conversation;
        this.options = options;
        this.capabilities = capabilities;
        this.timestamp = ApopTimestamp.in(greeting);
    }

    /**
     * Logs in by the first way that the server takes and that is safe here.
     *
     * @throws Pop3LoginImpossible before anything secret is sent
     * @throws Pop3Refused if the server does not let us in
     */
    void logIn(Pop3Login login) throws IOException {
        Connection connection = conversation.connection();
        boolean isSafe = connection.tls().isPresent() || connection.isLoopback() || options.allowPlaintextLogin();
        SaslChannel channel = channel(isSafe);
        String method = choose(login, channel);
        switch (method) {
            case Pop3Login.USER -> userAndPass(login.credentials());
            case Pop3Login.APOP -> apop(login.credentials());
            default -> authenticate(begin(login, method, channel));
        }
    }

    private SaslChannel channel(boolean isSafe) {
        Connection connection = conversation.connection();
        return new SaslChannel(
                isSafe,
                connection.tls().map(TlsFacts::serverCertificate).orElse(null),
                connection.peer().host(),
                connection.peer().port());
    }

    private String choose(Pop3Login login, SaslChannel channel) throws Pop3LoginImpossible {
        List<String> usable = usable(login, channel);
        Optional<String> carrying = usable.stream().filter(login::isCarriedBy).findFirst();
        if (carrying.isPresent() || !usable.isEmpty()) {
            return carrying.orElseGet(() -> usable.get(0));
        }
        if (!channel.isSafeForSecrets() && !usable(login, channel(true)).isEmpty()) {
            throw impossible(
                    "the password would travel in clear; use tls=starttls or tls=implicit, or allowPlaintextLogin=true if"
                            + " the network is trusted; nothing was sent");
        }
        throw impossible("none of " + login.methods() + " is among what the server takes: "
                + (capabilities.has(Pop3Login.USER) ? "USER, " : "") + (timestamp.isPresent() ? "APOP, " : "")
                + "SASL " + capabilities.parameters("SASL"));
    }

    private List<String> usable(Pop3Login login, SaslChannel channel) {
        // A server without CAPA may know whatever it was asked for by name.
        List<String> mechanisms = capabilities.areKnown()
                ? capabilities.parameters("SASL")
                : login.isOrderGiven() ? login.methods() : List.of("PLAIN");
        return login.methods().stream()
                .filter(method -> isOffered(method) && login.isUsable(method, mechanisms, channel))
                .toList();
    }

    private boolean isOffered(String method) {
        return switch (method) {
            // RFC 2449 §6.3 has it listed, but servers forget that: only one that lists SASL instead does not have it.
            case Pop3Login.USER -> capabilities.has("USER") || !capabilities.has("SASL");
            case Pop3Login.APOP -> timestamp.isPresent();
            default -> true;
        };
    }

    private Pop3LoginImpossible impossible(String why) {
        return new Pop3LoginImpossible(conversation.connection().peer(), LOGGING_IN, why);
    }

    private SaslClient begin(Pop3Login login, String mechanism, SaslChannel channel) throws Pop3LoginImpossible {
        try {
            return login.begin(mechanism, channel);
        } catch (SaslFailed e) {
            throw failed(e);
        }
    }

    private Pop3LoginImpossible failed(SaslFailed e) {
        return new Pop3LoginImpossible(
                conversation.connection().peer(), LOGGING_IN, e.getMessage(), e.isTransient(), e);
    }

    private void userAndPass(Credentials credentials) throws IOException {
        conversation.allowUtf8();
        Step user = Step.of("waiting for the reply to USER");
        require(conversation.ask("USER " + credentials.username(), user), user);
        Step pass = Step.of("waiting for the reply to PASS");
        require(conversation.askSecret("PASS " + credentials.password().reveal(), "PASS ***", pass), pass);
    }

    private void apop(Credentials credentials) throws IOException {
        conversation.allowUtf8();
        Step step = Step.of("waiting for the reply to APOP");
        String digest = timestamp.orElseThrow().digest(credentials.password().reveal());
        String name = "APOP " + credentials.username() + " ";
        require(conversation.askSecret(name + digest, name + HIDDEN, step), step);
    }

    // ---- AUTH (RFC 5034)

    private void authenticate(SaslClient mechanism) throws IOException {
        String command = "AUTH " + mechanism.mechanism();
        Step step = Step.of("waiting for the reply to " + command);
        byte[] initial = mechanism.initialResponse();
        String response = initial == null ? null : encoded(initial);
        // RFC 5034 §4: an initial response that is there but empty is written as "=".
        String whole = response == null ? command : command + " " + (response.isEmpty() ? "=" : response);
        boolean goesAlong = response != null && whole.length() + 2 <= MAX_AUTH_LINE;
        String line = goesAlong
                ? conversation.askForLine(whole, command + " " + HIDDEN, step)
                : conversation.askForLine(command, command, step);
        // Deviation: servers exist that say "+OK" instead of "+ " when they ask for the first time.
        if (!goesAlong && isOk(line)) {
            line = "+ " + Pop3Reply.parse(line).text();
        }
        if (response != null && isChallenge(line) && (!goesAlong || challenge(line).length == 0)) {
            // Deviation: others ask for it although it came with the command, and write words where base64 belongs.
            line = conversation.askForLine(response, HIDDEN, step);
        }
        for (int i = 0; isChallenge(line) && i < MAX_CHALLENGES; i++) {
            line = answer(mechanism, line, step);
        }
        Pop3Reply reply = Pop3Reply.parse(line);
        if (reply == null) {
            throw conversation.connection().violation("a reply that begins with +OK or -ERR", line);
        }
        require(reply, step);
        try {
            mechanism.checkServer();
        } catch (SaslFailed impostor) {
            conversation.connection().close();
            throw failed(impostor);
        }
    }

    private String answer(SaslClient mechanism, String line, Step step) throws IOException {
        byte[] response;
        try {
            response = mechanism.respond(challenge(line));
        } catch (SaslFailed e) {
            // RFC 5034 §4: "*" alone ends the dialogue, and the server answers -ERR.
            Pop3Reply reply = Pop3Reply.parse(conversation.askForLine("*", "*", step));
            Pop3LoginImpossible failure = failed(e);
            if (reply == null || reply.isOk()) {
                conversation.connection().close();
            }
            throw failure;
        }
        return conversation.askForLine(encoded(response), HIDDEN, step);
    }

    private static String encoded(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    /** What a challenge holds; empty for one that is no base64. */
    private static byte[] challenge(String line) {
        try {
            return Base64.getDecoder().decode(line.substring(1).strip());
        } catch (IllegalArgumentException words) {
            // "+ go ahead"; mechanisms refuse an empty challenge where they need one.
            return new byte[0];
        }
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
            // Servers exist that say the password back.
            Pop3Reply shown = Pop3Reply.parse(conversation.connection().hide(reply.toString()));
            throw new Pop3Refused(conversation.connection().peer(), step, shown == null ? reply : shown, true);
        }
    }
}
