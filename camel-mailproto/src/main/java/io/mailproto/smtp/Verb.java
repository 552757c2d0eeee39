package io.mailproto.smtp;

import static io.mailproto.smtp.SessionState.CONNECTED;
import static io.mailproto.smtp.SessionState.GREETED;
import static io.mailproto.smtp.SessionState.IN_TRANSACTION;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SMTP commands, and where in a session each is allowed: RFC 5321 §4.1.4 as one table, with STARTTLS from RFC 3207
 * §4, AUTH from RFC 4954 §4, BDAT from RFC 3030 §2 and LHLO, which LMTP has instead of EHLO and HELO, from RFC 2033 §4.1.
 */
public enum Verb {
    EHLO(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    HELO(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    LHLO(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    // RFC 3207 §4 lets STARTTLS come before EHLO; nothing said before it survives.
    STARTTLS(Means.NOTHING_SENT, CONNECTED, GREETED),
    AUTH(Means.PROGRESS, GREETED),
    MAIL(Means.PROGRESS, GREETED),
    RCPT(Means.PROGRESS, IN_TRANSACTION),
    DATA(Means.PROGRESS, IN_TRANSACTION),
    BDAT(Means.PROGRESS, IN_TRANSACTION),
    RSET(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    NOOP(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    VRFY(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    EXPN(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    HELP(Means.NOTHING_SENT, CONNECTED, GREETED, IN_TRANSACTION),
    QUIT(Means.PROGRESS, CONNECTED, GREETED, IN_TRANSACTION);

    /** Whether a command brings a message nearer to its delivery. */
    private enum Means {
        PROGRESS,
        NOTHING_SENT
    }

    private static final Map<String, Verb> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Verb::name, Function.identity()));

    private final boolean progress;
    private final Set<SessionState> allowedIn;

    Verb(Means means, SessionState first, SessionState... more) {
        this.progress = means == Means.PROGRESS;
        this.allowedIn = EnumSet.of(first, more);
    }

    /** The verb with this name in any mixture of cases (RFC 5321 §2.4), or nothing. */
    public static Optional<Verb> parse(String word) {
        return Optional.ofNullable(BY_NAME.get(word.toUpperCase(Locale.ROOT)));
    }

    /** Whether a session in this state may give the command; a server answers 503 where it may not. */
    public boolean isAllowedIn(SessionState state) {
        return allowedIn.contains(state);
    }

    /** Whether the command brings a message nearer to delivery; a server may count the others and lose patience. */
    public boolean isProgress() {
        return progress;
    }
}
