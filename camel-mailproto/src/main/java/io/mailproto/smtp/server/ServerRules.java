package io.mailproto.smtp.server;

import io.mailproto.wire.BareLineEnding;
import java.time.Duration;

/**
 * How a server reads what clients say.
 *
 * @param recipientDomains the domains that mail is taken for, from everybody, logged in or not
 * @param isEnvelopeStrict whether {@code MAIL FROM: a@b} with a space or without angle brackets is refused
 * @param bareLineEnding what becomes of messages, and of command lines, with a CR or LF that stands alone:
 *     {@code REJECT} refuses them with 550 5.6.11 and 500 5.5.2, {@code NORMALIZE} repairs messages, {@code ACCEPT}
 *     leaves them; the end of a message is CRLF.CRLF in any case
 * @param earlyTalkerDelay how long to wait for clients that speak before the greeting, which is not SMTP; zero to not
 *     wait
 */
public record ServerRules(
        RecipientDomains recipientDomains,
        boolean isEnvelopeStrict,
        BareLineEnding bareLineEnding,
        Duration earlyTalkerDelay) {

    /** All domains, tolerant envelopes, bare line endings refused. */
    public static final ServerRules DEFAULTS =
            new ServerRules(RecipientDomains.UNSPECIFIED, false, BareLineEnding.REJECT, Duration.ZERO);

    public ServerRules {
        if (earlyTalkerDelay.isNegative()) {
            throw new IllegalArgumentException("earlyTalkerDelay must not be negative");
        }
    }
}
