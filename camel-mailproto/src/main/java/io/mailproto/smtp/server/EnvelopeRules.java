package io.mailproto.smtp.server;

import io.mailproto.smtp.EsmtpParameters;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.SmtpCommand;
import io.mailproto.smtp.SmtpSyntaxException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a server refuses of MAIL and RCPT by itself, before its policy is asked. Pure. */
final class EnvelopeRules {
    private final SmtpServerOptions options;

    EnvelopeRules(SmtpServerOptions options) {
        this.options = options;
    }

    /**
     * Why MAIL is refused.
     *
     * @param session with TLS and login as they are
     * @param isLoginOffered whether the client could log in as things are
     */
    Optional<Reply> refusalOf(SmtpCommand.MailFrom mail, SessionFacts session, boolean isLoginOffered) {
        ServerSecurity security = options.security();
        if (security.isTlsRequired() && session.tls().isEmpty()) {
            // RFC 3207 §4
            return refusal(530, "5.7.0 give STARTTLS first");
        }
        if (security.isAuthenticationRequired() && session.user().isEmpty()) {
            return refusal(
                    530,
                    isLoginOffered
                            ? "5.7.0 authentication required"
                            : "5.7.0 authentication required; give STARTTLS first");
        }
        EsmtpParameters parameters = mail.parameters();
        if (parameters.hasOtherThan(mailParameters(session))
                || parameters.get("BODY").filter("BINARYMIME"::equalsIgnoreCase).isPresent()) {
            return refusal(555, "5.5.4 parameter not recognized");
        }
        boolean isUtf8 = parameters.get("SMTPUTF8").isPresent();
        if (!isUtf8 && mail.sender().isPresent() && mail.sender().get().needsUtf8()) {
            return refusal(553, "5.6.7 this address needs SMTPUTF8");
        }
        try {
            return options.limits().isTooBig(parameters.size().orElse(-1L))
                    ? Optional.of(IncomingMessage.tooBig(options.limits()))
                    : Optional.empty();
        } catch (SmtpSyntaxException fault) {
            return refusal(fault.code(), fault.enhancedStatus() + " " + fault.text());
        }
    }

    private Set<String> mailParameters(SessionFacts session) {
        Set<String> known = new HashSet<>(Set.of("SIZE", "BODY", "SMTPUTF8"));
        if (options.security().logins().isPresent()) {
            known.add("AUTH");
        }
        if (options.dialect().isDsnOffered()) {
            known.add("RET");
            known.add("ENVID");
        }
        if (options.dialect().isRequireTlsOffered() && session.tls().isPresent()) {
            known.add("REQUIRETLS");
        }
        return known;
    }

    /** Why RCPT is refused. */
    Optional<Reply> refusalOf(SmtpCommand.RcptTo rcpt, boolean isUtf8) {
        if (rcpt.parameters().hasOtherThan(options.dialect().isDsnOffered() ? Set.of("NOTIFY", "ORCPT") : Set.of())) {
            return refusal(555, "5.5.4 parameter not recognized");
        }
        if (!isUtf8 && rcpt.recipient().needsUtf8()) {
            return refusal(553, "5.6.7 this address needs SMTPUTF8");
        }
        if (!options.rules().recipientDomains().include(rcpt.recipient())) {
            return refusal(550, "5.7.1 no mail for this domain is taken here");
        }
        return Optional.empty();
    }

    private static Optional<Reply> refusal(int code, String text) {
        return Optional.of(Reply.of(code, text));
    }
}
