package io.mailproto.smtp;

import io.mailproto.address.EmailAddress;
import java.util.Optional;

/**
 * One SMTP command as a client gave it: syntactically complete, not yet judged. Made by {@link SmtpCommandParser}.
 * Text in it has been checked for control characters, nothing else.
 */
public sealed interface SmtpCommand {

    /** Which command it is. */
    Verb verb();

    /**
     * EHLO or HELO, or LHLO in LMTP.
     *
     * @param verb which of them
     * @param name what the client calls itself, 1..255 printable ASCII characters without a space; not verified
     */
    record Hello(Verb verb, String name) implements SmtpCommand {

        /** Whether the client wants to hear of extensions: all but HELO. */
        public boolean isExtended() {
            return verb != Verb.HELO;
        }
    }

    /** STARTTLS (RFC 3207). */
    record StartTls() implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.STARTTLS;
        }
    }

    /**
     * AUTH (RFC 4954).
     *
     * @param mechanism upper case
     * @param initialResponse still in base64, {@code =} meaning the empty string; absent if the client waits to be asked
     */
    record Auth(String mechanism, Optional<String> initialResponse) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.AUTH;
        }

        /** Without the response, which may hold a password. */
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]";
        }
    }

    /**
     * MAIL FROM.
     *
     * @param sender empty for {@code <>}
     */
    record MailFrom(Optional<EmailAddress> sender, EsmtpParameters parameters) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.MAIL;
        }
    }

    /** RCPT TO. A source route before the address has been dropped (RFC 5321 appendix C). */
    record RcptTo(EmailAddress recipient, EsmtpParameters parameters) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.RCPT;
        }
    }

    /** DATA. */
    record Data() implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.DATA;
        }
    }

    /**
     * BDAT (RFC 3030): so many octets follow the line.
     *
     * @param octets 0 or more
     */
    record Bdat(long octets, boolean isLast) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.BDAT;
        }
    }

    /** RSET. */
    record Reset() implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.RSET;
        }
    }

    /** NOOP; what stands behind it means nothing. */
    record Noop() implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.NOOP;
        }
    }

    /**
     * VRFY: does this user or mailbox exist?
     *
     * @param subject not empty
     */
    record Verify(String subject) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.VRFY;
        }
    }

    /**
     * EXPN: who is on this list?
     *
     * @param list not empty
     */
    record Expand(String list) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.EXPN;
        }
    }

    /**
     * HELP.
     *
     * @param topic may be empty
     */
    record Help(String topic) implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.HELP;
        }
    }

    /** QUIT. */
    record Quit() implements SmtpCommand {
        @Override
        public Verb verb() {
            return Verb.QUIT;
        }
    }
}
