package io.mailproto.smtp.client;

import io.mailproto.sasl.SaslChannel;
import io.mailproto.sasl.SaslClient;
import io.mailproto.sasl.SaslFailed;
import io.mailproto.sasl.SaslImpossible;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.wire.Connection;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFacts;
import java.io.IOException;
import java.util.Base64;

/** The AUTH dialogue (RFC 4954). */
final class SmtpAuthentication {
    /** RFC 4954 §4: an initial response that makes the line longer than this waits for the first challenge. */
    private static final int MAX_COMMAND_LINE = 510;

    private static final String HIDDEN = "***";

    private final SmtpDialogue dialogue;
    private final SmtpLogin login;

    SmtpAuthentication(SmtpDialogue dialogue, SmtpLogin login) {
        this.dialogue = dialogue;
        this.login = login;
    }

    /** @param wasTokenRefused whether the server has refused a token just now, so that another one is needed */
    void run(Extensions extensions, boolean wasTokenRefused) throws IOException {
        SaslClient mechanism = choose(extensions, wasTokenRefused);
        dialogue.begin(SmtpPhase.AUTH);
        Reply reply = start(mechanism);
        while (reply.code() == 334) {
            reply = answer(mechanism, reply);
        }
        if (!reply.isPositive()) {
            throw new SmtpAuthenticationFailed(peerOf(), mechanism.mechanism(), hidden(reply));
        }
        try {
            mechanism.checkServer();
        } catch (SaslFailed impostor) {
            dialogue.connection().close();
            throw failed(Requirement.SERVER_PROOF, impostor);
        }
    }

    private SaslClient choose(Extensions extensions, boolean wasTokenRefused) throws SmtpRequirementUnmet {
        Connection connection = dialogue.connection();
        SaslChannel channel = new SaslChannel(
                connection.tls().isPresent() || connection.isLoopback() || login.allowPlaintext(),
                connection.tls().map(TlsFacts::serverCertificate).orElse(null),
                connection.peer().host(),
                connection.peer().port());
        if (!extensions.offers(Extensions.AUTH)) {
            throw unmet(
                    Requirement.MECHANISM,
                    "a login is wanted, but the server does not offer AUTH"
                            + (extensions.offers(Extensions.STARTTLS) ? "; it may do so after STARTTLS" : ""));
        }
        try {
            return login.chooser().choose(extensions.authMechanisms(), channel, wasTokenRefused);
        } catch (SaslImpossible none) {
            throw none.needsEncryption()
                    ? unmet(
                            Requirement.PROTECTED_LOGIN,
                            none.getMessage() + "; use TLS, or allow plaintext login if the network is trusted")
                    : unmet(Requirement.MECHANISM, none.getMessage());
        } catch (SaslFailed noToken) {
            throw failed(Requirement.TOKEN, noToken);
        }
    }

    private SmtpRequirementUnmet failed(Requirement requirement, SaslFailed why) {
        return new SmtpRequirementUnmet(peerOf(), SmtpPhase.AUTH.step(), requirement, why.getMessage(), why);
    }

    private SmtpRequirementUnmet unmet(Requirement requirement, String what) {
        return new SmtpRequirementUnmet(peerOf(), SmtpPhase.AUTH.step(), requirement, what);
    }

    private Reply start(SaslClient mechanism) throws IOException {
        String command = "AUTH " + mechanism.mechanism();
        byte[] initial = mechanism.initialResponse();
        if (initial == null) {
            dialogue.connection().out().send(command);
            return dialogue.read();
        }
        // RFC 4954 §4: an initial response that is there but empty is written as "=".
        String encoded = initial.length == 0 ? "=" : Base64.getEncoder().encodeToString(initial);
        if (command.length() + 1 + encoded.length() <= MAX_COMMAND_LINE) {
            return secret(command + " " + encoded, command + " " + HIDDEN);
        }
        dialogue.connection().out().send(command);
        Reply reply = dialogue.read();
        return reply.code() == 334 ? secret(Base64.getEncoder().encodeToString(initial), HIDDEN) : reply;
    }

    private Reply answer(SaslClient mechanism, Reply challenge) throws IOException {
        byte[] response;
        try {
            response = mechanism.respond(
                    Base64.getDecoder().decode(challenge.lastLine().strip()));
        } catch (IllegalArgumentException | SaslFailed cannotGoOn) {
            return cancel(mechanism, cannotGoOn);
        }
        return secret(Base64.getEncoder().encodeToString(response), HIDDEN);
    }

    /** RFC 4954 §4: "*" alone ends the dialogue, and the server answers 501. */
    private Reply cancel(SaslClient mechanism, Exception why) throws IOException {
        dialogue.connection().out().send("*");
        Reply reply = dialogue.read();
        SmtpException failed = reply.isPermanent() || reply.isTransient()
                ? new SmtpAuthenticationFailed(peerOf(), mechanism.mechanism(), hidden(reply))
                : unmet(Requirement.MECHANISM, mechanism.mechanism() + " could not be carried on");
        failed.addSuppressed(why);
        throw failed;
    }

    private Reply secret(String line, String shown) throws IOException {
        dialogue.connection().out().sendSecret(line, shown);
        return dialogue.read();
    }

    /** Servers exist that say back what they do not understand. */
    private Reply hidden(Reply reply) {
        return new Reply(
                reply.code(),
                reply.lines().stream().map(dialogue.connection()::hide).toList());
    }

    private HostPort peerOf() {
        return dialogue.connection().peer();
    }
}
