package io.mailproto.smtp.client;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.wire.Connection;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFacts;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.WireException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One conversation with an SMTP server (RFC 5321), open and authenticated. Blocks; for one thread at a time, except
 * {@link #abort}. Whoever opened it ends it, by {@link #quit} or {@link #close}.
 *
 * <pre>{@code
 * try (SmtpClient client = SmtpClient.open(dialer, new HostPort("mx1.example.org", 25), options)) {
 *     TransactionReport report = client.send(envelope, MessageContent.of(octets));
 *     client.quit();
 * }
 * }</pre>
 *
 * <p>After an {@link SmtpException} the conversation may be in order or over, see {@link #isUsable}; after a {@link
 * WireException} it is over.
 */
public final class SmtpClient implements Closeable {
    /**
     * A connection that has been idle for longer may have been given up by the server; then the message does not go out
     * together with its envelope, so that it can be sent again over another one.
     */
    private static final long TRUSTED_NANOS = 1_000_000_000;

    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final Reply greeting;
    private final Extensions extensions;
    private final RecipientLimits recipientLimits;
    private final OptionalInt messageLimit;

    private boolean needsReset;
    private boolean isBegun;
    private int transactions;
    /** By {@link System#nanoTime}. */
    private long lastUse = System.nanoTime();

    private SmtpClient(SmtpDialogue dialogue, SmtpClientOptions options, Reply greeting, Extensions extensions) {
        this.dialogue = dialogue;
        this.options = options;
        this.greeting = greeting;
        this.extensions = extensions;
        this.recipientLimits = RecipientLimits.of(extensions);
        this.messageLimit = extensions.limit("MAILMAX");
    }

    /**
     * Connects, takes the greeting, says EHLO (or HELO), begins TLS and authenticates, all as the options tell.
     *
     * @throws WireException if there is no connection or it fails
     * @throws SmtpRefused if the server refuses; {@link SmtpAuthenticationFailed} if it does not authenticate us
     * @throws SmtpRequirementUnmet if the server lacks what the options require
     */
    public static SmtpClient open(Dialer dialer, HostPort server, SmtpClientOptions options) throws IOException {
        try {
            return open(dialer, server, options, false, false);
        } catch (ConnectionLost lost) {
            // RFC 5321 §3.2 wants 500 from a server that does not know EHLO; some hang up instead, and are tried once
            // more with HELO. That has neither TLS nor AUTH, so only if neither is required.
            boolean atEhlo = lost.step().equals(SmtpPhase.EHLO.step().phrase());
            boolean needsEhlo = options.isLmtp()
                    || options.login().isPresent()
                    || options.tlsMode() == TlsMode.STARTTLS
                    || options.tlsMode() == TlsMode.IMPLICIT;
            if (!atEhlo || needsEhlo) {
                throw lost;
            }
            return open(dialer, server, options, true, false);
        } catch (SmtpAuthenticationFailed refused) {
            // An access token that was good a moment ago: one new one is fetched. On a new connection, since servers
            // differ in whether a second AUTH may follow.
            boolean isByToken = options.login().isPresent()
                    && options.login().get().chooser().credentials().hasTokens();
            if (!isByToken || refused.reason() != SmtpAuthenticationFailed.Reason.WRONG_CREDENTIALS) {
                throw refused;
            }
            return open(dialer, server, options, false, true);
        }
    }

    private static SmtpClient open(
            Dialer dialer, HostPort server, SmtpClientOptions options, boolean heloOnly, boolean wasTokenRefused)
            throws IOException {
        Connection connection = dialer.dial(server);
        boolean isOpened = false;
        connection.watchReads();
        SmtpDialogue dialogue = new SmtpDialogue(connection, options.timeouts());
        try {
            SmtpOpening opening = new SmtpOpening(dialogue, options, heloOnly, wasTokenRefused);
            opening.run();
            isOpened = true;
            return new SmtpClient(dialogue, options, opening.greeting(), opening.extensions());
        } catch (SmtpException refused) {
            farewell(dialogue, refused);
            throw refused;
        } finally {
            if (!isOpened) {
                connection.close();
            }
        }
    }

    /** RFC 5321 §3.1: even after a 554 greeting the server waits for QUIT; its reply is of no interest any more. */
    private static void farewell(SmtpDialogue dialogue, SmtpException refused) {
        if (!dialogue.connection().isOpen()) {
            return;
        }
        try {
            dialogue.begin(SmtpPhase.QUIT);
            dialogue.write("QUIT");
            dialogue.flush();
        } catch (WireException alreadyGone) {
            refused.addSuppressed(alreadyGone);
        }
    }

    /** {@link #send(Envelope, MessageContent, DeliveryRequest)} without asking for anything in particular. */
    public TransactionReport send(Envelope envelope, MessageContent content) throws IOException {
        return send(envelope, content, DeliveryRequest.USUAL);
    }

    /**
     * Sends one message: MAIL, RCPT for each recipient, then DATA or chunks. If some recipients are refused and others
     * accepted, it goes to those accepted, and the report tells. More recipients than the server takes at a time (RFC 9422)
     * get it in several transactions, which one report tells of.
     *
     * @param envelope with at least one recipient
     * @param request what else is asked of the server
     * @return the report; the server has taken responsibility for the message, for at least one recipient
     * @throws IllegalArgumentException if the envelope cannot be written into commands; nothing was sent and the
     *     conversation can go on
     * @throws SmtpRefused if the server refuses the sender, every recipient, or the message
     * @throws SmtpRequirementUnmet if the message needs what the server lacks; nothing was sent
     * @throws SmtpContentFailed if the content could not be read; no message was sent
     * @throws SmtpOutcomeUnknown if the connection failed when the server may have had the whole message
     * @throws WireException if the connection failed before; no message was sent
     */
    public TransactionReport send(Envelope envelope, MessageContent content, DeliveryRequest request)
            throws IOException {
        if (envelope.recipients().isEmpty()) {
            throw new IllegalArgumentException("a message needs at least one recipient");
        }
        isBegun = false;
        List<Envelope> portions = recipientLimits.split(envelope);
        TransactionReport report = transact(portions.get(0), content, request);
        for (int i = 1; i < portions.size(); i++) {
            report = report.and(transactAfterSuccess(portions.get(i), content, request, report));
        }
        return report;
    }

    /** What others have got already must not be lost in an exception. */
    private TransactionReport transactAfterSuccess(
            Envelope portion, MessageContent content, DeliveryRequest request, TransactionReport before)
            throws IOException {
        try {
            return isUsable() ? transact(portion, content, request) : TransactionReport.notTried(before, portion);
        } catch (SmtpRefused refused) {
            return refused.report().orElseGet(() -> TransactionReport.notTried(before, portion));
        } catch (SmtpOutcomeUnknown unknown) {
            throw new SmtpOutcomeUnknown(unknown, before.and(unknown.report()));
        } catch (WireException lost) {
            return TransactionReport.notTried(before, portion);
        }
    }

    private TransactionReport transact(Envelope envelope, MessageContent content, DeliveryRequest request)
            throws IOException {
        if (needsReset) {
            rset();
        }
        SmtpTransaction transaction = new SmtpTransaction(dialogue, options, extensions, envelope, content, request);
        try {
            return transaction.run(System.nanoTime() - lastUse < TRUSTED_NANOS);
        } finally {
            needsReset = transaction.isOpen();
            isBegun |= transaction.isBegun();
            lastUse = System.nanoTime();
            transactions++;
        }
    }

    /**
     * Sends several messages, overlapped as far as the server allows it: with CHUNKING several are on their way at the same
     * time, otherwise each envelope goes out with the end of the message before. In their order; one that fails does not
     * keep the others back. If the conversation ends in the middle, those that may have arrived are told of as {@link
     * SmtpOutcomeUnknown}, and those that were not begun can be sent over another one.
     *
     * @param from the index to begin with
     * @param results learns of each message as soon as it is known
     * @return the index of the first message that was not begun; the number of messages if there is none
     */
    public int sendAll(List<Outgoing> messages, int from, BatchResults results) {
        return new SmtpBatch(this, dialogue, options, extensions, messages, from, results).run();
    }

    boolean isResetNeeded() {
        return needsReset;
    }

    /** RSET, if it was needed, has been written with it. */
    void began() {
        needsReset = false;
        transactions++;
    }

    void ended(SmtpTransaction transaction) {
        needsReset = transaction.isOpen();
        lastUse = System.nanoTime();
    }

    /**
     * May the server have seen something of the message of the last {@link #send}? If not, sending it over another
     * connection cannot deliver it twice.
     */
    public boolean isTransactionBegun() {
        return isBegun;
    }

    /** How many transactions there have been. */
    public int transactions() {
        return transactions;
    }

    /** RSET: forgets a transaction that was begun. */
    public void rset() throws IOException {
        expectPositive(SmtpPhase.RSET, "RSET");
        needsReset = false;
    }

    /** NOOP: asks whether the server is still there; returns what it says. */
    public Reply noop() throws IOException {
        isBegun = false;
        return expectPositive(SmtpPhase.NOOP, "NOOP");
    }

    /**
     * VRFY: asks about a user or mailbox (RFC 5321 §3.5). Many servers answer 252, which says nothing.
     *
     * @return whatever the server says, refusals included
     */
    public Reply verify(String userOrMailbox) throws IOException {
        isBegun = false;
        return ask(SmtpPhase.VRFY, "VRFY " + argument(userOrMailbox));
    }

    /** EXPN: asks for the members of a mailing list; returns whatever the server says. */
    public Reply expand(String mailingList) throws IOException {
        isBegun = false;
        return ask(SmtpPhase.EXPN, "EXPN " + argument(mailingList));
    }

    /**
     * HELP: returns whatever the server says.
     *
     * @param topic may be empty
     */
    public Reply help(String topic) throws IOException {
        isBegun = false;
        return ask(SmtpPhase.HELP, topic.isEmpty() ? "HELP" : "HELP " + topic);
    }

    private static String argument(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the argument is empty");
        }
        return text;
    }

    private Reply ask(SmtpPhase phase, String command) throws IOException {
        Reply reply = dialogue.ask(phase, command);
        if (SmtpDialogue.endsConversation(reply)) {
            throw dialogue.refused(phase, reply);
        }
        return reply;
    }

    private Reply expectPositive(SmtpPhase phase, String command) throws IOException {
        Reply reply = dialogue.ask(phase, command);
        if (!reply.isPositive()) {
            throw dialogue.refused(phase, reply);
        }
        return reply;
    }

    /**
     * Has the server hung up, or said something unasked, such as 421? For a conversation that has been idle; does not wait.
     * If so it is closed.
     */
    public boolean isStale() {
        try {
            if (isUsable() && !dialogue.connection().in().await(Duration.ofMillis(1))) {
                return false;
            }
        } catch (WireException gone) {
            // That is the answer.
            close();
            return true;
        }
        close();
        return true;
    }

    /** How long nothing was sent over it. */
    public Duration idleTime() {
        return Duration.ofNanos(System.nanoTime() - lastUse);
    }

    /** QUIT, waits a moment for the reply, and closes. Does not throw: nothing depends on it any more. */
    public void quit() {
        if (isUsable()) {
            try {
                dialogue.ask(SmtpPhase.QUIT, "QUIT");
            } catch (WireException leftEarlier) {
                // The server may close without a word: what had to be said has been said.
                close();
            }
        }
        close();
    }

    /** QUIT without waiting for the reply. For a conversation that has been idle, where it does not block. */
    public void leave() {
        if (isUsable()) {
            try {
                dialogue.begin(SmtpPhase.QUIT);
                dialogue.write("QUIT");
                dialogue.flush();
            } catch (WireException leftEarlier) {
                close();
            }
        }
        close();
    }

    /** Closes without QUIT; never blocks, never throws. */
    @Override
    public void close() {
        dialogue.connection().close();
    }

    /** Ends the conversation from any thread: the one that is blocked in it gets {@link ConnectionLost} with the reason. */
    public void abort(String reason) {
        dialogue.connection().abort(reason);
    }

    /** Can another message be sent? */
    public boolean isUsable() {
        return dialogue.connection().isOpen();
    }

    /** Has the server said how many messages it takes over one connection (RFC 9422, MAILMAX), and has it got them? */
    public boolean isUsedUp() {
        return messageLimit.isPresent() && transactions >= messageLimit.getAsInt();
    }

    /** Whom we talk to. */
    public HostPort peer() {
        return dialogue.connection().peer();
    }

    /** What was agreed by TLS; empty in clear. */
    public Optional<TlsFacts> tls() {
        return dialogue.connection().tls();
    }

    /** What the server greeted with. */
    public Reply greeting() {
        return greeting;
    }

    /** What the server can do; none if it only knew HELO. */
    public Extensions extensions() {
        return extensions;
    }
}
