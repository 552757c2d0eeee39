package io.mailproto.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a complete command line into a {@link SmtpCommand}. Pure and immutable.
 *
 * <p>Verbs and keywords may be in any case. White space at the end is tolerated (RFC 5321 §4.1.1), and unless strict so
 * are a space behind the colon and an address without angle brackets, as people type them.
 */
public final class SmtpCommandParser {

    // What browsers say when a web page makes them talk to a mail server.
    private static final Set<String> HTTP_METHODS =
            Set.of("GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "HTTP/1.1");

    private static final int MAX_NAME = 255;

    private final boolean strict;

    /**
     * A parser.
     *
     * @param strictEnvelope true to refuse spaces behind the colon and addresses without angle brackets
     */
    public SmtpCommandParser(boolean strictEnvelope) {
        this.strict = strictEnvelope;
    }

    /**
     * Reads one line.
     *
     * @param line without its line end, one char per octet
     * @throws SmtpSyntaxException with the reply to give; fatal for HTTP and TLS, whose clients would go on to send what
     *     an attacker has chosen
     */
    public SmtpCommand parse(String line) throws SmtpSyntaxException {
        int end = endOfWord(line);
        String word = line.substring(0, end);
        Optional<Verb> verb = Verb.parse(word);
        if (verb.isEmpty()) {
            throw noCommand(word, line);
        }
        try {
            return parse(verb.get(), line.substring(end));
        } catch (SmtpSyntaxException fault) {
            throw fault.in(verb.get());
        }
    }

    private static SmtpSyntaxException noCommand(String word, String line) {
        String upper = word.toUpperCase(Locale.ROOT);
        // No command begins with a control character; TLS does, and so does the rest of a PROXY header of version 2.
        if (HTTP_METHODS.contains(upper) || (!line.isEmpty() && line.charAt(0) < ' ')) {
            return SmtpSyntaxException.fatal(221, "2.7.0", "this is SMTP, goodbye");
        }
        if (upper.equals("PROXY")) {
            return SmtpSyntaxException.fatal(550, "5.7.0", "no PROXY header is taken from you");
        }
        if (upper.equals("XCLIENT") || upper.equals("XFORWARD")) {
            return SmtpSyntaxException.of(550, "5.7.0", "not taken from you");
        }
        return SmtpSyntaxException.of(500, "5.5.2", "command not recognized");
    }

    private SmtpCommand parse(Verb verb, String arguments) throws SmtpSyntaxException {
        return switch (verb) {
            case EHLO, HELO, LHLO -> new SmtpCommand.Hello(verb, hostName(arguments));
            case STARTTLS -> without(arguments, new SmtpCommand.StartTls());
            case AUTH -> auth(arguments);
            case MAIL -> mail(arguments);
            case RCPT -> rcpt(arguments);
            case DATA -> without(arguments, new SmtpCommand.Data());
            case BDAT -> bdat(arguments);
            case RSET -> without(arguments, new SmtpCommand.Reset());
            case NOOP -> new SmtpCommand.Noop();
            case VRFY -> new SmtpCommand.Verify(subject(arguments));
            case EXPN -> new SmtpCommand.Expand(subject(arguments));
            case HELP -> new SmtpCommand.Help(printable(arguments));
            case QUIT -> without(arguments, new SmtpCommand.Quit());
        };
    }

    private static SmtpCommand without(String arguments, SmtpCommand command) throws SmtpSyntaxException {
        if (!SmtpText.trim(arguments).isEmpty()) {
            throw SmtpSyntaxException.of(501, "5.5.4", command.verb() + " takes no parameters");
        }
        return command;
    }

    private static String hostName(String arguments) throws SmtpSyntaxException {
        String name = SmtpText.trim(arguments);
        if (name.isEmpty()) {
            throw SmtpSyntaxException.of(501, "5.5.4", "a host name is missing");
        }
        if (name.length() > MAX_NAME || !name.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw SmtpSyntaxException.of(501, "5.5.4", "malformed host name");
        }
        return name;
    }

    private static SmtpCommand auth(String arguments) throws SmtpSyntaxException {
        String[] words = SmtpText.trim(arguments).split("[ \t]+", 3);
        if (words[0].isEmpty() || words.length > 2) {
            throw SmtpSyntaxException.of(501, "5.5.4", "syntax: AUTH mechanism [initial-response]");
        }
        // RFC 4422 §3.1: sasl-mech = 1*20mech-char
        if (!words[0].matches("[A-Za-z0-9_-]{1,20}")) {
            throw SmtpSyntaxException.of(504, "5.5.4", "no such authentication mechanism");
        }
        return new SmtpCommand.Auth(
                words[0].toUpperCase(Locale.ROOT), words.length == 2 ? Optional.of(words[1]) : Optional.empty());
    }

    private SmtpCommand mail(String arguments) throws SmtpSyntaxException {
        String text = behind("FROM", arguments, "5.1.7");
        MailPath path = MailPath.parse(text, strict, "5.1.7");
        return new SmtpCommand.MailFrom(path.address(), parameters(path.rest()));
    }

    private SmtpCommand rcpt(String arguments) throws SmtpSyntaxException {
        String text = behind("TO", arguments, "5.1.3");
        MailPath path = MailPath.parse(text, strict, "5.1.3");
        if (path.address().isEmpty()) {
            throw SmtpSyntaxException.of(501, "5.1.3", "a recipient is missing");
        }
        return new SmtpCommand.RcptTo(path.address().get(), parameters(path.rest()));
    }

    private static EsmtpParameters parameters(String rest) throws SmtpSyntaxException {
        EsmtpParameters parameters = EsmtpParameters.parse(rest);
        parameters.check();
        return parameters;
    }

    /** What follows {@code FROM:} or {@code TO:}, in characters. */
    private String behind(String keyword, String arguments, String faultStatus) throws SmtpSyntaxException {
        String text = SmtpText.trim(arguments);
        int colon = keyword.length();
        // Deviation: "FROM :<a@b>" is taken too; RFC 5321 §4.1.1.2 has no space there, people do.
        while (!strict && colon < text.length() && text.charAt(colon) == ' ') {
            colon++;
        }
        if (!text.regionMatches(true, 0, keyword, 0, keyword.length())
                || colon >= text.length()
                || text.charAt(colon) != ':') {
            throw SmtpSyntaxException.of(501, "5.5.4", "syntax: " + keyword + ":<address>");
        }
        if (text.chars().anyMatch(c -> SmtpText.isControl(c) && c != '\t')) {
            throw SmtpSyntaxException.of(501, faultStatus, "control character in address");
        }
        return SmtpText.decode(text.substring(colon + 1));
    }

    private static SmtpCommand bdat(String arguments) throws SmtpSyntaxException {
        String[] words = SmtpText.trim(arguments).split("[ \t]+", -1);
        boolean isLast = words.length == 2 && words[1].equalsIgnoreCase("LAST");
        // RFC 3030 §2 has no sign and no more than what a chunk can hold. Without a size nobody knows where the next
        // command begins.
        if (!words[0].matches("[0-9]{1,18}") || words.length > 2 || (words.length == 2 && !isLast)) {
            throw SmtpSyntaxException.fatal(501, "5.5.4", "syntax: BDAT size [LAST]");
        }
        return new SmtpCommand.Bdat(Long.parseLong(words[0]), isLast);
    }

    private static String subject(String arguments) throws SmtpSyntaxException {
        String subject = printable(arguments);
        if (subject.isEmpty()) {
            throw SmtpSyntaxException.of(501, "5.5.4", "a user or list is missing");
        }
        return subject;
    }

    private static String printable(String arguments) throws SmtpSyntaxException {
        String text = SmtpText.trim(arguments);
        if (text.chars().anyMatch(SmtpText::isControl)) {
            throw SmtpSyntaxException.of(501, "5.5.4", "control character in parameter");
        }
        return SmtpText.decode(text);
    }

    private static int endOfWord(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '\t') {
            end++;
        }
        return end;
    }
}
