package io.mailproto.smtp.client;

import io.mailproto.sasl.SaslClient;
import io.mailproto.sasl.SaslFailed;
import io.mailproto.sasl.SaslMechanisms;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.wire.Connection;
import io.mailproto.wire.HostPort;
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

    void run(Extensions extensions) throws IOException {
        SaslClient mechanism = choose(extensions);
        dialogue.begin(SmtpPhase.AUTH);
        Reply reply = start(mechanism);
        while (reply.code() == 334) {
            reply = answer(mechanism, reply);
        }
        if (!reply.isPositive()) {
            throw new SmtpAuthenticationFailed(peerOf(), mechanism.mechanism(), reply);
        }
    }

    private SaslClient choose(Extensions extensions) throws SmtpRequirementUnmet {
        String name = SaslMechanisms.choose(extensions.authMechanisms(), login.mechanisms())
                .orElseThrow(() -> unmet(Requirement.MECHANISM, noMechanism(extensions)));
        SaslClient mechanism = SaslMechanisms.client(name, login.credentials());
        Connection connection = dialogue.connection();
        if (mechanism.sendsPlaintextSecret()
                && connection.tls().isEmpty()
                && !connection.isLoopback()
                && !login.allowPlaintext()) {
            throw unmet(
                    Requirement.PROTECTED_LOGIN,
                    "the connection is not encrypted, and a password is not sent in clear; use TLS, or allow plaintext"
                            + " login if the network is trusted");
        }
        return mechanism;
    }

    private String noMechanism(Extensions extensions) {
        if (!extensions.offers(Extensions.AUTH)) {
            return "a user name is set, but the server does not offer AUTH"
                    + (extensions.offers(Extensions.STARTTLS) ? "; it may do so after STARTTLS" : "");
        }
        return "the server offers " + String.join(", ", extensions.authMechanisms()) + "; none of "
                + String.join(", ", login.mechanisms().isEmpty() ? SaslMechanisms.names() : login.mechanisms());
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
                ? new SmtpAuthenticationFailed(peerOf(), mechanism.mechanism(), reply)
                : unmet(Requirement.MECHANISM, mechanism.mechanism() + " could not be carried on");
        failed.initCause(why);
        throw failed;
    }

    private Reply secret(String line, String shown) throws IOException {
        dialogue.connection().out().sendSecret(line, shown);
        return dialogue.read();
    }

    private HostPort peerOf() {
        return dialogue.connection().peer();
    }
}
