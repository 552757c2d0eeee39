package io.mailproto.imap;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands out, responses in, and which response belongs to which command: completions by tag, untagged data by asking
 * the commands under way whether it is theirs. Several commands may be under way if {@link ImapVerb} allows it. Blocks;
 * for one thread.
 */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    /** RFC 7888 §5: what LITERAL- allows without asking. */
    private static final int SMALL_LITERAL = 4096;

    /** Beyond this the server is asked first, where it would not have to be: it may refuse before all is sent. */
    private static final int LARGE_LITERAL = 64 * 1024;

    /** Commands that may be under way unread; well below what the socket buffers of both sides hold. */
    private static final int MAX_UNREAD = 12 * 1024;

    /** How often BYE may come before we stop to listen for a completion behind it (Q16: some repeat it for ever). */
    private static final int MAX_BYES = 3;

    private static final Duration AFTER_BYE = Duration.ofSeconds(2);

    private final Connection connection;
    private final ImapTimeouts timeouts;
    private final ImapLimits limits;
    private final ResponseFramer framer;
    private final ResponseParser parser;
    private final List<PendingCommand> underWay = new ArrayList<>();
    private final MailboxNews news = new MailboxNews();

    private long lastTag;
    private Capabilities capabilities = Capabilities.none();
    private boolean knowsCapabilities;
    private final Set<String> enabled = new LinkedHashSet<>();
    private ImapVerb.State state = ImapVerb.State.CONNECTED;
    private boolean warned;
    private String bye;
    private int byes;
    private boolean continued;
    private String continuation;

    Conversation(Connection connection, Spool spool, ImapTimeouts timeouts, ImapLimits limits) {
        this.connection = connection;
        this.timeouts = timeouts;
        this.limits = limits;
        this.framer = new ResponseFramer(connection, spool, limits, timeouts.answer(), timeouts.bodyRate());
        this.parser = new ResponseParser(limits.nesting());
    }

    Connection connection() {
        return connection;
    }

    HostPort peer() {
        return connection.peer();
    }

    /** What the server last said it can do. */
    Capabilities capabilities() {
        return capabilities;
    }

    boolean knowsCapabilities() {
        return knowsCapabilities;
    }

    /** After STARTTLS and after a login what was said before counts no more (RFC 3501 §6.2.1, §6.2.3). */
    void forgetCapabilities() {
        knowsCapabilities = false;
    }

    void capabilities(Capabilities known) {
        capabilities = known;
        knowsCapabilities = true;
    }

    /** Where the conversation stands. */
    ImapVerb.State state() {
        return state;
    }

    /** It stands there from now on. */
    void enter(ImapVerb.State next) {
        state = next;
    }

    /** @throws IllegalStateException if the command is not possible where the conversation stands */
    void require(ImapVerb verb) {
        if (!verb.isAllowedIn(state)) {
            throw new IllegalStateException(verb.word() + " is not possible while " + state);
        }
    }

    /** Has the server said that this extension is enabled (RFC 5161)? */
    boolean isEnabled(String extension) {
        return enabled.contains(extension);
    }

    /** What the server tells of the selected mailbox unasked. */
    MailboxNews news() {
        return news;
    }

    /** Has the server announced the end? What is still under way may be answered, nothing else. */
    boolean hasSaidBye() {
        return bye != null;
    }

    /** Takes in one response, if one begins within this time; for a command that waits for what others do. */
    void takeNext(Duration time, Step step) throws IOException {
        connection.within(Deadline.in(timeouts.answer()), step);
        if (connection.in().await(time)) {
            next(step, timeouts.answer());
        }
    }

    /** The greeting (RFC 3501 §7.1): the status it has. */
    ImapResponse.Notice awaitGreeting() throws IOException {
        Step step = Step.of("waiting for the greeting");
        connection.within(Deadline.in(timeouts.greeting()), step);
        RawResponse raw = framer.read();
        ImapResponse response = parser.parse(raw);
        if (!(response instanceof ImapResponse.Notice notice)
                || notice.status() == ImapStatus.NO
                || notice.status() == ImapStatus.BAD) {
            throw connection.violation("an IMAP greeting (* OK, * PREAUTH or * BYE)", raw.shown());
        }
        if (notice.status() == ImapStatus.BYE) {
            connection.close();
            throw new ServerSaidBye(peer(), step.phrase(), notice.text().toString());
        }
        learn(notice);
        return notice;
    }

    /** {@link #begin} and {@link #await}. */
    ImapResponse.Completion run(ImapCommand command, PendingCommand.Listener listener) throws IOException {
        return await(begin(command, listener));
    }

    /**
     * Writes a command and flushes it. Blocks until commands that must not run beside it are done, and while the
     * server has to agree to a literal.
     */
    PendingCommand begin(ImapCommand command, PendingCommand.Listener listener) throws IOException {
        awaitRoomFor(command);
        refuseAfterBye(command);
        readWhatCameUnasked();
        if (command.verb().looksForMessages()) {
            news.looked();
        }
        PendingCommand pending = new PendingCommand("a" + ++lastTag, command, listener);
        underWay.add(pending);
        connection.within(Deadline.in(timeouts.answer()), Step.of("sending " + command.shown()));
        String tag = pending.tag() + " ";
        for (ImapCommand.Part part : command.parts()) {
            if (part.literal() == null) {
                connection.out().sendSecret(tag + part.text(), tag + part.shown());
            } else if (!sendLiteral(pending, tag, part)) {
                return pending;
            }
            tag = "";
        }
        return pending;
    }

    /** False if the command has ended instead of going on. */
    private boolean sendLiteral(PendingCommand pending, String tag, ImapCommand.Part part) throws IOException {
        long length = part.literal().size();
        boolean atOnce = (capabilities.has("LITERAL+") && length <= LARGE_LITERAL)
                || (capabilities.has("LITERAL-") && length <= SMALL_LITERAL);
        String announced = (part.isBinary() ? "~{" : "{") + length + (atOnce ? "+}" : "}");
        connection.out().writeSecret(tag + part.text() + announced, tag + part.shown() + announced);
        if (!atOnce) {
            connection.out().flush();
            if (awaitContinuation(pending) == null) {
                return false;
            }
        }
        transmit(part.literal());
        return true;
    }

    private void transmit(Octets literal) throws IOException {
        Step step = connection.step();
        boolean isLarge = literal.size() > LARGE_LITERAL;
        if (isLarge) {
            // As long as it moves it may take its time.
            connection.within(Deadline.perProgress(timeouts.answer()), step);
            connection.minimumRate(timeouts.bodyRate());
        }
        boolean isWhole = false;
        try {
            literal.writeTo(connection.out().raw());
            isWhole = true;
        } finally {
            connection.noMinimumRate();
            if (!isWhole) {
                // The server counts on octets that will not come, for example because the spool cannot be read.
                connection.close();
            }
        }
        connection.within(Deadline.in(timeouts.answer()), step);
    }

    private void awaitRoomFor(ImapCommand command) throws IOException {
        while (true) {
            PendingCommand obstacle = null;
            long unread = command.length();
            for (PendingCommand other : underWay) {
                unread += other.command().length();
                if (!command.mayRunBeside(other.command()) || unread > MAX_UNREAD) {
                    obstacle = other;
                    break;
                }
            }
            if (obstacle == null) {
                return;
            }
            await(obstacle);
        }
    }

    private void refuseAfterBye(ImapCommand command) throws ServerSaidBye {
        if (bye != null) {
            connection.close();
            throw new ServerSaidBye(peer(), "before sending " + command.shown(), bye);
        }
    }

    /**
     * A completion that is there before its command has been sent is a guess (Q19): look at what has arrived before
     * the next tag exists.
     */
    private void readWhatCameUnasked() throws IOException {
        while (underWay.isEmpty() && connection.in().hasBufferedLine()) {
            next(Step.of("reading what came unasked"), timeouts.answer());
        }
    }

    /** The text of a continuation request; null if the command has ended instead. */
    String awaitContinuation(PendingCommand pending) throws IOException {
        Step step = Step.of("waiting for the server to let " + pending.command().shown() + " go on");
        continuation = null;
        continued = false;
        for (int i = 0; !continued && !pending.isComplete(); i++) {
            checkFlood(i, pending);
            next(step, timeouts.answer());
        }
        return pending.isComplete() ? null : continuation;
    }

    /** Blocks until the command has ended; NO and BAD are ends like OK. */
    ImapResponse.Completion await(PendingCommand pending) throws IOException {
        Step step = Step.of("waiting for the answer to " + pending.command().shown());
        Duration silence = pending.command().verb() == ImapVerb.LOGOUT ? timeouts.farewell() : timeouts.answer();
        for (int i = 0; !pending.isComplete(); i++) {
            checkFlood(i, pending);
            next(step, silence);
        }
        ImapResponse.Completion completion = pending.completion();
        if (completion.status() == ImapStatus.BYE && pending.command().verb() != ImapVerb.LOGOUT) {
            connection.close();
            throw new ServerSaidBye(peer(), step.phrase(), completion.text().toString());
        }
        return completion;
    }

    private void checkFlood(int responses, PendingCommand pending) throws WireException {
        if (responses > limits.untagged()) {
            throw connection.tooMuch("more than " + limits.untagged() + " responses came before the end of "
                    + pending.command().verb().word());
        }
    }

    private void next(Step step, Duration silence) throws IOException {
        Duration patience = bye != null && AFTER_BYE.compareTo(silence) < 0 ? AFTER_BYE : silence;
        connection.within(Deadline.in(patience), step);
        RawResponse raw;
        try {
            raw = framer.read();
        } catch (WireException e) {
            if (bye != null) {
                ServerSaidBye end = new ServerSaidBye(peer(), step.phrase(), bye);
                end.initCause(e);
                throw end;
            }
            throw e;
        }
        ImapResponse response = parser.parse(raw);
        if (response instanceof ImapResponse.Completion completion) {
            complete(completion);
        } else if (response instanceof ImapResponse.Continuation request) {
            continued = true;
            continuation = request.text();
        } else {
            dispatch(response, step);
        }
    }

    private void complete(ImapResponse.Completion completion) throws WireException {
        learn(completion.text().code());
        for (PendingCommand pending : underWay) {
            if (pending.tag().equalsIgnoreCase(completion.tag())) {
                pending.complete(completion);
                underWay.remove(pending);
                return;
            }
        }
        if (!isOldTag(completion.tag()) && !completion.tag().equalsIgnoreCase("DONE")) {
            // DONE that met the end of IDLE on its way looks like a tag to the server.
            throw connection.violation(
                    "the end of a command that was sent", completion.tag() + " " + completion.shown());
        }
        LOG.debug(
                "{}: skipped a second end of command {}: {}",
                peer(),
                completion.tag(),
                connection.hide(completion.shown()));
    }

    private boolean isOldTag(String tag) {
        String lower = tag.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("a") || lower.length() > 18) {
            return false;
        }
        try {
            long number = Long.parseLong(lower.substring(1));
            return number >= 1 && number <= lastTag;
        } catch (NumberFormatException notOurs) {
            return false;
        }
    }

    private void dispatch(ImapResponse response, Step step) throws IOException {
        news.observe(response);
        if (response instanceof ImapResponse.Notice notice) {
            learn(notice);
            if (notice.status() == ImapStatus.BYE) {
                farewell(notice, step);
            }
        } else if (response instanceof ImapResponse.CapabilityList list) {
            capabilities(list.capabilities());
        } else if (response instanceof ImapResponse.Other other && other.name().equals("ENABLED")) {
            enabled.addAll(List.of(other.rest().strip().toUpperCase(Locale.ROOT).split("\\s+")));
        } else if (response instanceof ImapResponse.Unparsed unparsed) {
            skip(unparsed);
            return;
        }
        for (PendingCommand pending : underWay) {
            if (pending.take(response)) {
                return;
            }
        }
        news.observeUnasked(response);
        if (response instanceof ImapResponse.Fetched unasked) {
            unasked.message().release();
        }
    }

    private void farewell(ImapResponse.Notice notice, Step step) throws ServerSaidBye {
        bye = connection.hide(notice.text().toString());
        boolean leaving = underWay.stream().anyMatch(p -> p.command().verb() == ImapVerb.LOGOUT);
        // RFC 3501 §7.1.5: the completion may still come; but some servers say BYE again and again.
        if (++byes > MAX_BYES || (!leaving && underWay.isEmpty())) {
            connection.close();
            throw new ServerSaidBye(peer(), step.phrase(), bye);
        }
    }

    private void skip(ImapResponse.Unparsed unparsed) {
        if (warned) {
            LOG.debug(
                    "{}: skipped a response: {}: {}",
                    peer(),
                    unparsed.reason(),
                    connection.hide(unparsed.raw().shown()));
        } else {
            warned = true;
            LOG.warn(
                    "{}: skipped a response that does not follow RFC 3501 ({}): {}. Further ones of this conversation"
                            + " are logged at DEBUG. If mail is missing, please report it with the transcript (TRACE of"
                            + " io.mailproto.wire.Trace)",
                    peer(),
                    unparsed.reason(),
                    connection.hide(unparsed.raw().shown()));
        }
        unparsed.raw().release();
    }

    private void learn(ImapResponse.Notice notice) {
        learn(notice.text().code());
        if (notice.text().code().is("ALERT")) {
            // RFC 3501 §7.1: must be brought to the attention of a person.
            LOG.warn(
                    "{}: the server wants people to know: {}",
                    peer(),
                    connection.hide(ImapText.shown(notice.text().text())));
        }
    }

    private void learn(ResponseCode code) {
        if (code.is("CAPABILITY")) {
            capabilities(Capabilities.of(code.words()));
        }
    }
}
