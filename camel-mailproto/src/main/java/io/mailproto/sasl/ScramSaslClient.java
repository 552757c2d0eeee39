package io.mailproto.sasl;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramServerErrorException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SCRAM-SHA-1, SCRAM-SHA-256 (RFC 5802, RFC 7677) and their -PLUS forms, which are bound to the TLS connection by the
 * server's certificate (RFC 5929 §4.1). Both sides prove that they know the password, and neither shows it.
 */
final class ScramSaslClient implements SaslClient {
    static final String BINDING = "tls-server-end-point";

    /** RFC 7677 §4 wants 4096 at least; ten million take seconds, and more is an attack on this side's CPU. */
    static final int MAX_ITERATIONS = 10_000_000;

    /**
     * Deviation: what SASLprep refuses, such as characters younger than Unicode 3.2, goes as it is, which is what this
     * preparation does. Servers that prepare nothing (Dovecot, Cyrus) know such passwords, and to those that do it makes no
     * difference.
     */
    static final StringPreparation PREPARATION = StringPreparation.POSTGRESQL_PREPARATION;

    private static final Pattern ITERATIONS = Pattern.compile(",i=(\\d{1,18})(,|$)");
    private static final int MAX_MESSAGE = 8192;
    private static final SecureRandom RANDOM = new SecureRandom();

    private enum State {
        FIRST,
        FINAL,
        PROVED
    }

    private final String mechanism;
    private final ScramClient scram;
    private State state = State.FIRST;

    /**
     * @param endPoint the server's end point if this side could bind to it: a name without -PLUS then tells the server
     *     that its offer of -PLUS, if there was one, has been taken away on the way (RFC 5802 §6, flag {@code y}). Empty
     *     if not
     */
    ScramSaslClient(String mechanism, Credentials credentials, byte[] endPoint) throws SaslFailed {
        this(mechanism, credentials, endPoint, ScramSaslClient::nonce);
    }

    ScramSaslClient(String mechanism, Credentials credentials, byte[] endPoint, Supplier<String> nonce)
            throws SaslFailed {
        this.mechanism = mechanism;
        char[] password = credentials.password().reveal().toCharArray();
        try {
            ScramClient.FinalBuildStage stage = ScramClient.builder()
                    .advertisedMechanisms(List.of(mechanism))
                    .username(credentials.username())
                    .password(password)
                    .stringPreparation(PREPARATION)
                    .nonceSupplier(nonce);
            if (endPoint.length > 0) {
                stage.channelBinding(BINDING, endPoint);
            }
            this.scram = stage.build();
        } catch (IllegalArgumentException e) {
            // The library's texts may quote what they complain of.
            throw new SaslFailed(mechanism, "user name or password cannot be used (" + reason(e) + ")");
        }
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName();
    }

    /** Base64 has no comma, so it is as good a nonce as any other printable text. */
    static String nonce() {
        byte[] octets = new byte[18];
        RANDOM.nextBytes(octets);
        return Base64.getEncoder().encodeToString(octets);
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public byte[] initialResponse() {
        return SaslText.utf8(scram.clientFirstMessage().toString());
    }

    @Override
    public byte[] respond(byte[] challenge) throws SaslFailed {
        String message = challenge.length > MAX_MESSAGE ? null : SaslText.decodeOrNull(challenge, 0, challenge.length);
        if (message == null) {
            throw new SaslFailed(mechanism, "the server's message is no UTF-8 or too long");
        }
        return switch (state) {
            case FIRST -> answerFirst(message);
            case FINAL -> takeProof(message);
            case PROVED -> throw new SaslFailed(mechanism, "the server sent a third challenge");
        };
    }

    private byte[] answerFirst(String message) throws SaslFailed {
        Matcher iterations = ITERATIONS.matcher(message);
        if (iterations.find() && Long.parseLong(iterations.group(1)) > MAX_ITERATIONS) {
            throw new SaslFailed(mechanism, "the server wants more than " + MAX_ITERATIONS + " iterations");
        }
        try {
            scram.serverFirstMessage(message);
            byte[] answer = SaslText.utf8(scram.clientFinalMessage().toString());
            state = State.FINAL;
            return answer;
        } catch (ScramException | RuntimeException e) {
            throw new SaslFailed(mechanism, "the server's first message is not as RFC 5802 §5.1 has it", false, e);
        }
    }

    /** Some protocols carry the server's proof in a challenge of its own, to be answered with nothing. */
    private byte[] takeProof(String message) throws SaslFailed {
        try {
            scram.serverFinalMessage(message);
            state = State.PROVED;
            return new byte[0];
        } catch (ScramServerErrorException e) {
            throw new SaslFailed(mechanism, "the server says " + e.getMessage());
        } catch (ScramException | RuntimeException e) {
            throw new SaslFailed(mechanism, "the server has not proved that it knows the password", false, e);
        }
    }

    @Override
    public void checkServer() throws SaslFailed {
        if (state != State.PROVED) {
            throw new SaslFailed(
                    mechanism, "the server says that we are logged in, but has not proved that it knows the password");
        }
    }

    @Override
    public boolean sendsPlaintextSecret() {
        return false;
    }
}
