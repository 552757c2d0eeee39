package io.mailproto.pop3;

import io.mailproto.wire.Excerpt;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server answered {@code -ERR}. The conversation is in step and can go on, unless it was the greeting or the answer
 * to {@code QUIT}.
 */
public final class Pop3Refused extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    // Servers from before RFC 2449 and some big providers say it in words only.
    private static final List<String> PASSING = List.of(
            "lock",
            "in use",
            "busy",
            "try again",
            "try later",
            "temporar",
            "too many",
            "too often",
            "minimum",
            "login delay",
            "login-delay",
            "frequent",
            "timeout",
            "timed out",
            "unavailable",
            "autologout");

    private static final List<String> TOO_SOON =
            List.of("login delay", "login-delay", "too often", "too frequent", "minimum time");

    private static final Pattern TIME = Pattern.compile(
            "(?<![0-9.])([0-9]{1,6}) ?(s|sec|secs|seconds?|m|min|mins|minutes?)(?![A-Za-z0-9])",
            Pattern.CASE_INSENSITIVE);

    private static final Duration MOST_WAIT = Duration.ofDays(1);

    private final String peer;
    private final String step;
    private final String fate;
    private final String replyText;
    private final Pop3ResponseCode responseCode;
    private final boolean passes;

    Pop3Refused(HostPort peer, Step step, Pop3Reply reply, boolean isLogin) {
        super(peer + ": " + step.phrase() + ": refused with \"" + Excerpt.of(LineReader.utf8(reply.toString())) + "\""
                + (step.fate().isEmpty() ? "" : "; " + step.fate()));
        this.peer = peer.toString();
        this.step = step.phrase();
        this.fate = step.fate();
        this.replyText = LineReader.utf8(reply.text());
        this.responseCode = reply.responseCode().orElse(null);
        this.passes = passes(reply, isLogin);
    }

    private static boolean passes(Pop3Reply reply, boolean isLogin) {
        Optional<Pop3ResponseCode> code = reply.responseCode();
        if (code.isPresent()) {
            return code.get().isTransient();
        }
        String text = reply.text().toLowerCase(Locale.ROOT);
        // A bare -ERR to PASS nearly always means a wrong password; to anything else it may pass.
        return !isLogin
                || PASSING.stream().anyMatch(text::contains)
                || (text.contains("login") && TIME.matcher(text).find());
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return step;
    }

    /**
     * By the response code if there is one; else a refused login is permanent unless its text speaks of a lock or a
     * delay, and anything else may succeed later.
     */
    @Override
    public boolean isTransient() {
        return passes;
    }

    @Override
    public String fate() {
        return fate;
    }

    /** What the server wrote behind {@code -ERR}, read as UTF-8; may be empty, may hold anything. */
    public String replyText() {
        return replyText;
    }

    /** Whether the server itself says, by a response code, that the same command may succeed later. */
    public boolean hasTransientCode() {
        return responseCode != null && responseCode.isTransient();
    }

    /**
     * Whether the server says, by a response code or in words, that the last login was too short a time ago.
     */
    public boolean isLoginTooSoon() {
        if (responseCode != null) {
            return responseCode == Pop3ResponseCode.LOGIN_DELAY;
        }
        String text = replyText.toLowerCase(Locale.ROOT);
        return TOO_SOON.stream().anyMatch(text::contains)
                || (text.contains("login") && !statedWait().isZero());
    }

    /** The time that the text names in seconds or minutes, at most a day; zero if it names none. */
    public Duration statedWait() {
        Matcher named = TIME.matcher(replyText);
        if (!named.find()) {
            return Duration.ZERO;
        }
        long count = Long.parseLong(named.group(1));
        boolean isMinutes = named.group(2).toLowerCase(Locale.ROOT).startsWith("m");
        Duration wait = isMinutes ? Duration.ofMinutes(count) : Duration.ofSeconds(count);
        return wait.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : wait;
    }

    /** The extended response code, if it is a known one. */
    public Optional<Pop3ResponseCode> responseCode() {
        return Optional.ofNullable(responseCode);
    }
}
