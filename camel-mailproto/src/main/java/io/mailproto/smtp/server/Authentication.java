package io.mailproto.smtp.server;

import io.mailproto.sasl.SaslServer;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.SmtpCommand;
import io.mailproto.wire.Connection;
import io.mailproto.wire.TlsFacts;
import io.mailproto.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AUTH command with its challenges (RFC 4954 §4). */
final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    /**
     * How it went.
     *
     * @param reply null if the client is gone
     * @param user who has logged in
     * @param isWrong whether a wrong password or name was given
     * @param isFatal whether the session must end, since the next line would not be a command
     */
    record Result(Reply reply, Optional<String> user, boolean isWrong, boolean isFatal) {
        static Result failed(int code, String text) {
            return new Result(Reply.of(code, text), Optional.empty(), false, false);
        }
    }

    private final Connection connection;
    private final Dialogue dialogue;
    private final ServerSecurity security;

    Authentication(Connection connection, Dialogue dialogue, ServerSecurity security) {
        this.connection = connection;
        this.dialogue = dialogue;
        this.security = security;
    }

    /** Whether the client can log in as things are. */
    boolean isOffered() {
        return !offered().isEmpty();
    }

    /**
     * The mechanisms to offer: those that show a secret only if nobody listens, or those who do are trusted.
     */
    List<String> offered() {
        return mechanisms(isSafeFromListeners());
    }

    private List<String> mechanisms(boolean isSafe) {
        return security.logins()
                .map(logins -> logins.mechanisms(isSafe, certificate()))
                .orElse(List.of());
    }

    /** Null in clear. */
    private X509Certificate certificate() {
        return connection.tls().map(TlsFacts::serverCertificate).orElse(null);
    }

    private boolean isSafeFromListeners() {
        return connection.tls().isPresent() || connection.isLoopback() || security.isPlaintextLoginAllowed();
    }

    Result run(SmtpCommand.Auth command) throws WireException {
        if (security.logins().isEmpty()) {
            return Result.failed(502, "5.5.1 authentication is not offered");
        }
        if (!mechanisms(true).contains(command.mechanism())) {
            return Result.failed(504, "5.5.4 no such authentication mechanism");
        }
        if (!offered().contains(command.mechanism())) {
            return Result.failed(538, "5.7.11 authentication needs encryption; give STARTTLS first");
        }
        SaslServer mechanism = security.logins().get().begin(command.mechanism(), certificate());
        byte[] response = null;
        if (command.initialResponse().isPresent()) {
            response = decoded(command.initialResponse().get());
            if (response == null) {
                return Result.failed(501, "5.5.2 response is no base64");
            }
        }
        return converse(mechanism, response);
    }

    private Result converse(SaslServer mechanism, byte[] initialResponse) throws WireException {
        byte[] response = initialResponse;
        while (true) {
            SaslServer.Step step;
            try {
                step = mechanism.next(response);
            } catch (RuntimeException e) {
                LOG.warn("{}: the authenticator could not tell whether a password is right", connection.peer(), e);
                return Result.failed(454, "4.7.0 cannot authenticate at the moment");
            }
            if (step instanceof SaslServer.Done done) {
                return new Result(Reply.of(235, "2.7.0 authenticated"), Optional.of(done.user()), false, false);
            }
            if (step instanceof SaslServer.Refused refused) {
                return refusal(mechanism, refused);
            }
            byte[] challenge = ((SaslServer.Challenge) step).octets();
            dialogue.replyNow(Reply.of(334, Base64.getEncoder().encodeToString(challenge)));
            String line = dialogue.awaitSecretLine();
            if (line == null) {
                return new Result(null, Optional.empty(), false, true);
            }
            if (connection.in().lastLineTooLong()) {
                return new Result(Reply.of(500, "5.5.2 line too long"), Optional.empty(), false, true);
            }
            if (line.equals("*")) {
                return Result.failed(501, "5.7.0 authentication cancelled");
            }
            response = decoded(line);
            if (response == null) {
                return Result.failed(501, "5.5.2 response is no base64");
            }
        }
    }

    private Result refusal(SaslServer mechanism, SaslServer.Refused refused) {
        if (refused.reason() == SaslServer.Reason.MALFORMED) {
            return Result.failed(501, "5.5.2 malformed response");
        }
        LOG.info(
                "{}: authentication with {} failed for \"{}\"",
                connection.peer(),
                mechanism.mechanism(),
                printable(refused.user()));
        return new Result(Reply.of(535, "5.7.8 user name or password is wrong"), Optional.empty(), true, false);
    }

    /** Null if it is no base64. RFC 4954 §4: {@code =} is the empty response. */
    private static byte[] decoded(String base64) {
        if (base64.equals("=")) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException malformed) {
            // Said to the client by the caller; the text may hold most of a password, so nothing of it is kept.
            return null;
        }
    }

    /** A name from outside as a log may show it: short, one line, ASCII. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length() && i < 64; i++) {
            char c = name.charAt(i);
            text.append(c < 0x20 || c > 0x7e || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        }
        return text.toString();
    }
}
