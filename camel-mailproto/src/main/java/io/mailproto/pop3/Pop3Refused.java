package io.mailproto.pop3;

import io.mailproto.wire.Excerpt;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.Step;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
            "timeout",
            "timed out",
            "unavailable",
            "autologout");

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
        return !isLogin || PASSING.stream().anyMatch(text::contains);
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

    /** The extended response code, if it is a known one. */
    public Optional<Pop3ResponseCode> responseCode() {
        return Optional.ofNullable(responseCode);
    }
}
