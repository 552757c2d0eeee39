package io.mailproto.smtp.client;

import io.mailproto.address.Domain;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.wire.Connection;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;

/** From the connection to the first MAIL: greeting, EHLO, STARTTLS, EHLO again, AUTH. */
final class SmtpOpening {
    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final boolean heloOnly;
    private final boolean wasTokenRefused;

    private Reply greeting;
    private Extensions extensions = Extensions.none();

    /**
     * @param heloOnly for a server that is known to hang up at EHLO
     * @param wasTokenRefused for a server that has just refused an access token
     */
    SmtpOpening(SmtpDialogue dialogue, SmtpClientOptions options, boolean heloOnly, boolean wasTokenRefused) {
        this.dialogue = dialogue;
        this.options = options;
        this.heloOnly = heloOnly;
        this.wasTokenRefused = wasTokenRefused;
    }

    void run() throws IOException {
        Connection connection = dialogue.connection();
        if (options.tlsMode() == TlsMode.IMPLICIT) {
            handshake();
        }
        greeting = dialogue.await(SmtpPhase.GREETING);
        if (!greeting.isPositive()) {
            throw dialogue.refused(SmtpPhase.GREETING, greeting);
        }
        if (options.isLmtp()) {
            lhlo();
        } else if (heloOnly) {
            helo();
        } else {
            ehlo();
        }
        if (wantsStartTls(connection)) {
            startTls();
        }
        if (options.login().isPresent()) {
            new SmtpAuthentication(dialogue, options.login().get()).run(extensions, wasTokenRefused);
        }
    }

    /** The reply that the server greeted with. */
    Reply greeting() {
        return greeting;
    }

    /** What holds now: after TLS only what the server said within it. */
    Extensions extensions() {
        return extensions;
    }

    /** RFC 2033 §4.1: as EHLO; HELO and EHLO do not exist in LMTP. */
    private void lhlo() throws IOException {
        extensions = Extensions.none();
        Reply reply = dialogue.ask(SmtpPhase.LHLO, "LHLO " + name());
        if (!reply.isPositive()) {
            throw dialogue.refused(SmtpPhase.LHLO, reply);
        }
        extensions = Extensions.parse(reply);
    }

    private void ehlo() throws IOException {
        Reply reply = dialogue.ask(SmtpPhase.EHLO, "EHLO " + name());
        if (reply.isPositive()) {
            extensions = Extensions.parse(reply);
        } else if (reply.code() == 500 || reply.code() == 502 || reply.code() == 504) {
            // RFC 5321 §3.2: a server that does not know EHLO gets HELO.
            helo();
        } else {
            throw dialogue.refused(SmtpPhase.EHLO, reply);
        }
    }

    private void helo() throws IOException {
        extensions = Extensions.none();
        Reply reply = dialogue.ask(SmtpPhase.HELO, "HELO " + name());
        if (!reply.isPositive()) {
            throw dialogue.refused(SmtpPhase.HELO, reply);
        }
    }

    private boolean wantsStartTls(Connection connection) throws SmtpRequirementUnmet {
        boolean offered = extensions.offers(Extensions.STARTTLS);
        return switch (options.tlsMode()) {
            case NONE, IMPLICIT -> false;
            case AUTO -> offered && !connection.isLoopback();
            case STARTTLS -> {
                if (!offered) {
                    throw new SmtpRequirementUnmet(
                            connection.peer(),
                            SmtpPhase.STARTTLS.step(),
                            Requirement.TLS,
                            "TLS is required, but the server does not offer STARTTLS");
                }
                yield true;
            }
        };
    }

    private void startTls() throws IOException {
        Reply reply = dialogue.ask(SmtpPhase.STARTTLS, "STARTTLS");
        if (!reply.isPositive()) {
            throw dialogue.refused(SmtpPhase.STARTTLS, reply);
        }
        handshake();
        // RFC 3207 §4.2: what the server said in clear is forgotten; only what it says now counts.
        extensions = Extensions.none();
        if (options.isLmtp()) {
            lhlo();
            return;
        }
        Reply again = dialogue.ask(SmtpPhase.EHLO, "EHLO " + name());
        if (!again.isPositive()) {
            throw dialogue.refused(SmtpPhase.EHLO, again);
        }
        extensions = Extensions.parse(again);
    }

    private void handshake() throws IOException {
        TlsSettings settings = options.tlsSettings().orElseThrow();
        dialogue.begin(SmtpPhase.TLS_HANDSHAKE);
        dialogue.connection().startTls(settings);
    }

    private String name() {
        return options.ehloName()
                .map(SmtpOpening::onTheWire)
                .orElseGet(() -> literal(dialogue.connection().localAddress().getAddress()));
    }

    private static String onTheWire(Domain name) {
        return name.needsUtf8() ? name.ascii() : name.toString();
    }

    /** RFC 5321 §4.1.3: {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}. */
    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        if (address instanceof Inet6Address) {
            int scope = text.indexOf('%');
            return "[IPv6:" + (scope < 0 ? text : text.substring(0, scope)) + "]";
        }
        return "[" + text + "]";
    }
}
