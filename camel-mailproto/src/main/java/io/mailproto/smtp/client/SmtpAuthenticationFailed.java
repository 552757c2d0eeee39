package io.mailproto.smtp.client;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.HostPort;

/** The server did not authenticate us (RFC 4954 §6). The connection is closed. */
public final class SmtpAuthenticationFailed extends SmtpRefused {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    SmtpAuthenticationFailed(HostPort peer, String mechanism, Reply reply) {
        this(peer, mechanism, reply, Reason.of(reply));
    }

    private SmtpAuthenticationFailed(HostPort peer, String mechanism, Reply reply, Reason reason) {
        super(peer, SmtpPhase.AUTH, SmtpPhase.AUTH.step(), "AUTH " + mechanism + ": " + reason.words, reply, null);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }

    /** What a failed authentication means, by its code. */
    public enum Reason {
        /** 535: user name or password. */
        WRONG_CREDENTIALS("user name or password not accepted"),
        /** 534: the server wants a stronger mechanism. */
        MECHANISM_TOO_WEAK("the server wants a stronger mechanism"),
        /** 530, 538: the server wants TLS first. */
        ENCRYPTION_REQUIRED("the server wants TLS first"),
        /** 454 and other 4yz: later perhaps. */
        TEMPORARY("the server cannot authenticate now"),
        /** 501, or whatever came after this side cancelled the dialogue. */
        DIALOGUE_FAILED("the dialogue failed"),
        /** Any other code. */
        OTHER("refused");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        private static Reason of(Reply reply) {
            return switch (reply.code()) {
                case 535 -> WRONG_CREDENTIALS;
                case 534 -> MECHANISM_TOO_WEAK;
                case 530, 538 -> ENCRYPTION_REQUIRED;
                case 501 -> DIALOGUE_FAILED;
                default -> reply.isTransient() ? TEMPORARY : OTHER;
            };
        }
    }
}
