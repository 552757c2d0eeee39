package io.mailproto.smtp;

import java.util.Optional;

/**
 * A line is no SMTP command, or one that says something impossible. The connection is in sync: the line has been
 * consumed and the next one can be read, unless {@link #isFatal()}.
 *
 * <p>The text is meant for the peer that sent the line; it never repeats what the peer wrote.
 */
public final class SmtpSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Verb verb;
    private final int code;
    private final String enhancedStatus;
    private final String text;
    private final boolean fatal;

    private SmtpSyntaxException(Verb verb, int code, String enhancedStatus, String text, boolean fatal) {
        super(code + " " + enhancedStatus + " " + text, null, false, false);
        this.verb = verb;
        this.code = code;
        this.enhancedStatus = enhancedStatus;
        this.text = text;
        this.fatal = fatal;
    }

    static SmtpSyntaxException of(int code, String enhancedStatus, String text) {
        return new SmtpSyntaxException(null, code, enhancedStatus, text, false);
    }

    /** The session cannot go on: what follows is no SMTP, or nobody knows where the next command begins. */
    static SmtpSyntaxException fatal(int code, String enhancedStatus, String text) {
        return new SmtpSyntaxException(null, code, enhancedStatus, text, true);
    }

    SmtpSyntaxException in(Verb theVerb) {
        return new SmtpSyntaxException(theVerb, code, enhancedStatus, text, fatal);
    }

    /** The verb of the line, if it had one; the question whether the verb is allowed now comes before its syntax. */
    public Optional<Verb> verb() {
        return Optional.ofNullable(verb);
    }

    /** The reply code, 221 or 500..599. */
    public int code() {
        return code;
    }

    /** The enhanced status code (RFC 3463), such as {@code 5.5.4}. */
    public String enhancedStatus() {
        return enhancedStatus;
    }

    /** What to tell the peer: printable ASCII. */
    public String text() {
        return text;
    }

    /** Whether the connection must be closed after the reply. */
    public boolean isFatal() {
        return fatal;
    }
}
