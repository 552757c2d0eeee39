package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.smtp.Verb;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.LineWriter;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's lines with one client: a line is awaited, a reply is written. Replies to pipelined commands are sent
 * together (RFC 2920 §3.2). Another thread may {@link #dismiss} the client:
 *
 * <pre>
 *   BUSY --awaitLine--&gt; IDLE --a line came--&gt; BUSY
 *                        |
 *                        +--dismissed--&gt; ENDING      whoever gets it here says 421 and closes
 * </pre>
 */
final class Dialogue {
    private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Step WAITING = Step.of("waiting for a command");

    /** What the trace shows of a line that may hold a password. */
    private static final String HIDDEN = "***";

    /** The first octet of a TLS record that begins a handshake (RFC 8446 §5.1). */
    private static final int TLS_HANDSHAKE = 0x16;
    /** Stands for the whole of it. No command begins like this. */
    static final String TLS_HELLO = "\u0016";

    private enum Phase {
        BUSY,
        IDLE,
        ENDING
    }

    private final Connection connection;
    private final LineReader in;
    private final LineWriter out;
    private final ServerTimeouts timeouts;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BUSY);
    private final CountDownLatch dismissal = new CountDownLatch(1);

    Dialogue(Connection connection, ServerTimeouts timeouts, int maxLine) {
        this.connection = connection;
        this.in = connection.in();
        this.out = connection.out();
        this.timeouts = timeouts;
        in.maxLine(maxLine);
        in.redactor(Dialogue::withoutSecrets);
        connection.whenLate(this::sayLate);
    }

    /** The client began something, and does not bring it to its end in time. */
    private void sayLate() {
        if (phase.get() == Phase.BUSY || phase.compareAndSet(Phase.IDLE, Phase.ENDING)) {
            sayFarewell(Reply.of(421, "4.4.2 too slow, closing"));
        }
    }

    /**
     * What may be shown of a line: clients send secrets ahead of a challenge that never comes, or to the wrong server, so
     * nothing of what is no command, and of AUTH, NOOP and HELP no more than their first words.
     */
    private static String withoutSecrets(String line) {
        String[] words = line.split("[ \t]+", 3);
        Optional<Verb> verb = Verb.parse(words[0]);
        if (verb.isEmpty()) {
            return HIDDEN;
        }
        return switch (verb.get()) {
            case AUTH -> words.length < 3 ? line : words[0] + " " + words[1] + " " + HIDDEN;
            case NOOP, HELP -> words.length < 2 ? line : words[0] + " " + HIDDEN;
            default -> line;
        };
    }

    /** Waits for the next command line, or null if there will be none: the client is gone, late or dismissed. */
    String awaitLine() throws WireException {
        connection.within(Deadline.in(timeouts.command()), WAITING);
        if (!in.hasBufferedLine()) {
            out.flush();
        }
        phase.set(Phase.IDLE);
        if (isDismissed()) {
            endIfIdle();
            return null;
        }
        if (!in.hasBuffered() && !in.await(timeouts.command())) {
            if (phase.compareAndSet(Phase.IDLE, Phase.ENDING)) {
                sayFarewell(Reply.of(421, "4.4.2 no command came in time, closing"));
            }
            return null;
        }
        // A TLS client that has come to the wrong port waits for an answer and will never end its line.
        String line = in.peek() == TLS_HANDSHAKE ? TLS_HELLO : in.readLineOrSkip();
        return phase.compareAndSet(Phase.IDLE, Phase.BUSY) ? line : null;
    }

    /** As {@link #awaitLine}, for a line that the trace must not show. */
    String awaitSecretLine() throws WireException {
        in.redactor(line -> HIDDEN);
        try {
            return awaitLine();
        } finally {
            in.redactor(Dialogue::withoutSecrets);
        }
    }

    /** Writes a reply; it is sent at once unless the client has already sent its next command. */
    void reply(Reply reply) throws WireException {
        for (String line : reply.toWireLines()) {
            out.write(line);
        }
        if (!in.hasBufferedLine()) {
            out.flush();
        }
    }

    /** Sends a reply, whatever else the client has sent already. */
    void replyNow(Reply reply) throws WireException {
        replyNow(List.of(reply));
    }

    /** Sends replies, one behind the other. */
    void replyNow(List<Reply> replies) throws WireException {
        for (Reply reply : replies) {
            for (String line : reply.toWireLines()) {
                out.write(line);
            }
        }
        out.flush();
    }

    /** Sends what has been said, since what comes next may be long in coming. */
    void flush() throws WireException {
        out.flush();
    }

    /** Lets the client wait, to slow down those that guess; ends early when it is dismissed. */
    void pause(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            if (dismissal.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("{}: dismissed during a pause", connection.peer());
            }
        } catch (InterruptedException e) {
            // The next blocking call of the session sees the flag; the pause is over in any case.
            Thread.currentThread().interrupt();
        }
    }

    boolean isDismissed() {
        return dismissal.getCount() == 0;
    }

    /** Ends the session at once if it waits for its next command, else before it would wait again. Any thread. */
    void dismiss() {
        dismissal.countDown();
        endIfIdle();
    }

    private void endIfIdle() {
        if (phase.compareAndSet(Phase.IDLE, Phase.ENDING)) {
            sayFarewell(Reply.of(421, "4.3.2 shutting down, closing"));
            connection.abort("shutting down");
        }
    }

    /** Sends the last reply, or not if that takes too long. */
    void sayFarewell(Reply reply) {
        sayFarewell(List.of(reply));
    }

    /** Sends the last replies, or not if that takes too long. */
    void sayFarewell(List<Reply> replies) {
        connection.within(Deadline.in(FAREWELL), Step.of("saying farewell"));
        try {
            replyNow(replies);
        } catch (WireException e) {
            // The client is gone already; there is nobody left to be told.
            LOG.debug("farewell failed: {}", e.getMessage());
        }
    }
}
