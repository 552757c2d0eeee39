package io.mailproto.pop3;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;
import io.mailproto.wire.TlsFacts;
import io.mailproto.wire.TlsFailed;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.WireException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One POP3 conversation (RFC 1939), from the greeting to {@code QUIT}. All methods that send something block until the
 * server has answered, within {@link Pop3Timeouts}. For one thread, except {@link #abort}. The caller closes it.
 *
 * <pre>{@code
 * try (Pop3Client client = Pop3Client.open(dialer, server, options)) {
 *     client.logIn(new Pop3Login(credentials, List.of()));
 *     UidListing mails = client.uidl();
 *     Octets mail = client.retr(mails.number(0), spool);
 *     client.dele(mails.number(0));
 *     client.quit();               // only now is it deleted
 * }
 * }</pre>
 *
 * <p>{@link Pop3Refused} ({@code -ERR}) and {@link Pop3LoginImpossible} leave the conversation in step; after a
 * {@link WireException} it is closed. Until {@link #quit} has returned, every message is still on the server, those that
 * were marked as deleted too (RFC 1939 §6).
 */
public final class Pop3Client implements Closeable {
    /** Far more octets than all capabilities there are take. */
    private static final long MAX_CAPABILITIES = 64L * 1024;

    private static final Step CAPA = Step.of("waiting for the reply to CAPA");
    private static final String STILL_THERE = "the messages are still on the server";
    private static final String MAY_BE_DELETED =
            "the messages marked as deleted may be deleted or not; those that are not come again";

    /** The states of RFC 1939 §3; closed is what the connection says. */
    private enum State {
        AUTHORIZATION,
        TRANSACTION
    }

    private final Conversation conversation;
    private final Listings listings;
    private final Connection connection;
    private final Pop3ClientOptions options;
    private final AnnouncedSizes announced = new AnnouncedSizes();
    private final Retrieval retrieval;
    private State state = State.AUTHORIZATION;
    private String greeting;
    private Pop3Capabilities capabilities;
    private boolean canPipeline;
    private int marked;

    private Pop3Client(Connection connection, Pop3ClientOptions options) {
        this.connection = connection;
        this.options = options;
        this.conversation = new Conversation(connection, options.timeouts());
        this.retrieval = new Retrieval(conversation, announced);
        this.listings = new Listings(conversation, options.maxListing());
    }

    /**
     * Connects, reads the greeting and begins TLS as {@link Pop3ClientOptions#tlsMode} says. Afterwards the server waits
     * for {@link #logIn}.
     *
     * @throws Pop3Refused if the greeting is {@code -ERR}, or {@code STLS} is refused
     * @throws Pop3LoginImpossible if TLS is required and the server does not offer it
     * @throws WireException if the server cannot be reached, its certificate is not accepted or it is no POP3 server
     */
    public static Pop3Client open(Dialer dialer, HostPort server, Pop3ClientOptions options) throws IOException {
        return open(dialer, server, options, client -> {});
    }

    /**
     * As {@link #open(Dialer, HostPort, Pop3ClientOptions)}.
     *
     * @param connected is given the client as soon as it is connected, so that another thread can {@link #abort} it while
     *     the server is silent
     */
    public static Pop3Client open(
            Dialer dialer, HostPort server, Pop3ClientOptions options, Consumer<Pop3Client> connected)
            throws IOException {
        try {
            return openOnce(dialer, server, options, connected);
        } catch (TlsFailed e) {
            if (e.isCertificateRefused()) {
                throw e;
            }
            // Deviation: servers that verify client certificates and have no session context break off when a TLS
            // session
            // is resumed (see Connection.close). One of a connection that is still open may be; the JDK forgets it when
            // the
            // handshake fails, so that another attempt begins anew.
            try {
                return openOnce(dialer, server, options, connected);
            } catch (IOException again) {
                again.addSuppressed(e);
                throw again;
            }
        }
    }

    private static Pop3Client openOnce(
            Dialer dialer, HostPort server, Pop3ClientOptions options, Consumer<Pop3Client> connected)
            throws IOException {
        Connection connection = dialer.dial(server);
        boolean opened = false;
        try {
            Pop3Client client = new Pop3Client(connection, options);
            connected.accept(client);
            client.begin();
            opened = true;
            return client;
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    private void begin() throws IOException {
        if (options.tlsMode() == TlsMode.IMPLICIT) {
            startTls();
        }
        Step step = Step.of("waiting for the greeting");
        connection.within(Deadline.in(options.timeouts().reply()), step);
        Pop3Reply reply = conversation.readReply();
        require(reply, step);
        greeting = reply.text();
        capa();
        boolean wanted = options.tlsMode() == TlsMode.STARTTLS
                || (options.tlsMode() == TlsMode.AUTO && !connection.isLoopback() && capabilities.has("STLS"));
        if (wanted) {
            stls();
        }
    }

    private void stls() throws IOException {
        // A server that does not know CAPA may know STLS; one that does and does not list it has none.
        if (capabilities.areKnown() && !capabilities.has("STLS")) {
            throw new Pop3LoginImpossible(
                    connection.peer(),
                    "starting TLS",
                    "the server does not offer STLS, but tls=starttls requires it; use tls=implicit with its TLS port, or"
                            + " tls=none");
        }
        ask("STLS", Step.of("waiting for the reply to STLS"));
        startTls();
        // RFC 2595 §4: what was learned in clear may have come from anybody.
        capa();
    }

    private void startTls() throws WireException {
        connection.within(Deadline.in(options.timeouts().reply()), Step.of("starting TLS"));
        connection.startTls(options.tls());
    }

    /**
     * Asks for the server's capabilities (RFC 2449), which may differ before and after the login.
     *
     * @return {@link Pop3Capabilities#UNKNOWN} if the server does not know the command
     */
    public Pop3Capabilities capa() throws IOException {
        conversation.forgetAhead();
        Pop3Reply reply = conversation.ask("CAPA", CAPA);
        if (reply.isOk()) {
            readCapabilities(reply);
        } else {
            learn(Pop3Capabilities.UNKNOWN);
        }
        return capabilities;
    }

    /** A server that told its capabilities before the login and does not again still has them. */
    private void readCapabilities(Pop3Reply reply) throws WireException {
        if (reply.isOk()) {
            List<String> lines = new ArrayList<>();
            conversation.readLines(lines::add, () -> 100L * lines.size(), MAX_CAPABILITIES);
            learn(Pop3Capabilities.parse(lines));
        }
    }

    private void learn(Pop3Capabilities told) {
        capabilities = told;
        canPipeline = told.has("PIPELINING");
    }

    /**
     * Logs in by the first of the ways that the server takes, that is safe here and that can carry the credentials, and
     * opens the maildrop. A server that has {@code UTF8} (RFC 6856) is told first that mails may come as they are.
     *
     * @throws Pop3LoginImpossible if the password would travel in clear or there is no common way; nothing is sent
     * @throws Pop3Refused if the server refuses; the response code tells a wrong password from a locked maildrop, if the
     *     server gives one
     */
    public void logIn(Pop3Login login) throws IOException {
        requireState(State.AUTHORIZATION);
        if (capabilities.has("UTF8")) {
            // Refused or not: without it a server has to rewrite such mails, with it we get them as they are.
            conversation.ask("UTF8", Step.of("waiting for the reply to UTF8"));
        }
        new Authorization(conversation, options, capabilities, greeting).logIn(login);
        state = State.TRANSACTION;
        // RFC 2449 §5: they may differ now, as those that depend on the user do. PIPELINING is the same in both states
        // (§6.6), so where it is listed the question takes no time of its own.
        if (window().replies() > 1) {
            conversation.sendAhead("CAPA", CAPA, this::readCapabilities);
        } else {
            readCapabilities(conversation.ask("CAPA", CAPA));
        }
    }

    /** How many messages there are. */
    public MaildropStatus stat() throws IOException {
        requireState(State.TRANSACTION);
        Pop3Reply reply = ask("STAT", inTransaction("STAT"));
        MaildropStatus status = MaildropStatus.parse(reply.text());
        if (status == null) {
            throw connection.violation("+OK, a number of messages and their size", reply.toString());
        }
        return status;
    }

    /** The unique ids of all messages that are not marked as deleted. */
    public UidListing uidl() throws IOException {
        requireState(State.TRANSACTION);
        ask("UIDL", inTransaction("UIDL"));
        return listings.uids();
    }

    /** The unique id of one message. Servers exist that leave out the number in front of it. */
    public String uidl(int number) throws IOException {
        requireState(State.TRANSACTION);
        String text =
                ask("UIDL " + number, inTransaction("UIDL " + number)).text().strip();
        String prefix = number + " ";
        return text.startsWith(prefix) ? text.substring(prefix.length()).strip() : text;
    }

    /** The sizes of all messages that are not marked as deleted. */
    public SizeListing list() throws IOException {
        requireState(State.TRANSACTION);
        ask("LIST", inTransaction("LIST"));
        return listings.sizes();
    }

    /** The size of one message in octets; -1 if the answer holds none that can be read. */
    public long list(int number) throws IOException {
        requireState(State.TRANSACTION);
        Pop3Reply reply = ask("LIST " + number, inTransaction("LIST " + number));
        long[] size = {-1};
        Listing.parse(reply.text(), (found, text, from, to) -> size[0] = Listing.number(text, from, to));
        return size[0];
    }

    /**
     * What there is to fetch: ids and sizes, as far as the server tells them.
     *
     * @param uidsRefused null if {@code UIDL} was answered; else {@code uids} is empty
     * @param hasSizes false if {@code LIST} was refused, so that {@code sizes} is empty
     */
    public record Contents(UidListing uids, Pop3Refused uidsRefused, SizeListing sizes, boolean hasSizes) {}

    /** {@link #uidl()} and {@link #list()} in one flight where the server takes that. */
    public Contents contents() throws IOException {
        requireState(State.TRANSACTION);
        return listings.both(window());
    }

    /**
     * Fetches a message as it is, without dot-stuffing.
     *
     * @throws Pop3Truncated if far fewer octets came than were announced
     * @throws SpoolException if it cannot be kept here; the conversation can go on
     */
    public Octets retr(int number, Spool spool) throws IOException {
        requireState(State.TRANSACTION);
        Pop3Reply reply = ask("RETR " + number, retrieving(number));
        return retrieval.wholeMessage(reply, spool);
    }

    /** Fetches the header of a message, the empty line and so many lines of the body. */
    public Octets top(int number, int lines, Spool spool) throws IOException {
        requireState(State.TRANSACTION);
        ask(topCommand(number, lines), inTransaction(topCommand(number, lines)));
        return conversation.readMessage(spool, -1);
    }

    /**
     * Fetches the headers of messages, and so many lines of each body, many commands ahead where the server takes that.
     * Otherwise as {@link #retr(int[], Spool, RetrSink)}.
     */
    public void top(int[] numbers, int lines, Spool spool, RetrSink sink) throws IOException {
        requireState(State.TRANSACTION);
        retrieval.fetch(
                numbers,
                i -> topCommand(numbers[i], lines),
                i -> inTransaction(topCommand(numbers[i], lines)),
                window(),
                reply -> conversation.readMessage(spool, AnnouncedSizes.of(reply)),
                sink);
    }

    private static String topCommand(int number, int lines) {
        return "TOP " + number + " " + lines;
    }

    /** Takes the messages that {@link Pop3Client#retr(int[], Spool, RetrSink)} fetches, each number once, in order. */
    public interface RetrSink {
        /** The message is here, as it is on the server. */
        void retrieved(int number, Octets octets);

        /** This message could not be fetched ({@link Pop3Refused}, {@link Pop3Truncated}) or kept ({@link SpoolException}). */
        void failed(int number, IOException why);
    }

    /**
     * Fetches messages, many commands ahead where the server takes that. A message that cannot be fetched does not keep
     * the others back. What the sink throws closes the connection.
     *
     * @throws WireException if the conversation broke; messages that the sink has not seen are still on the server
     */
    public void retr(int[] numbers, Spool spool, RetrSink sink) throws IOException {
        retr(numbers, () -> spool, sink);
    }

    /**
     * As {@link #retr(int[], Spool, RetrSink)}.
     *
     * @param spool where the next message goes
     */
    public void retr(int[] numbers, Supplier<Spool> spool, RetrSink sink) throws IOException {
        requireState(State.TRANSACTION);
        retrieval.fetch(
                numbers,
                i -> "RETR " + numbers[i],
                i -> retrieving(numbers[i]),
                window(),
                reply -> retrieval.wholeMessage(reply, spool.get()),
                sink);
    }

    /** Marks a message as deleted; it is deleted by {@link #quit}. */
    public void dele(int number) throws IOException {
        requireState(State.TRANSACTION);
        ask("DELE " + number, deleting(number));
        marked++;
    }

    /**
     * Marks messages as deleted, many commands ahead where the server takes that.
     *
     * @return those that the server refused, and why; empty if all are marked
     */
    public Map<Integer, Pop3Refused> dele(int[] numbers) throws IOException {
        requireState(State.TRANSACTION);
        Map<Integer, Pop3Refused> refused = new LinkedHashMap<>();
        conversation.pipeline(
                numbers.length, i -> "DELE " + numbers[i], i -> deleting(numbers[i]), window(), (i, reply) -> {
                    if (reply.isOk()) {
                        marked++;
                    } else {
                        Step step = connection.step().knowing("the message is still on the server");
                        refused.put(numbers[i], new Pop3Refused(connection.peer(), step, reply, false));
                    }
                });
        return refused;
    }

    /** Takes back all deletion marks of this conversation. */
    public void rset() throws IOException {
        requireState(State.TRANSACTION);
        ask("RSET", inTransaction("RSET"));
        marked = 0;
    }

    /** Does nothing, so that the server does not end the conversation for idleness. */
    public void noop() throws IOException {
        requireState(State.TRANSACTION);
        ask("NOOP", inTransaction("NOOP"));
    }

    /**
     * Has the server delete what is marked, and closes. Also when this throws, the connection is closed.
     *
     * @throws Pop3Refused if the server says that some messages were not removed (RFC 1939 §6)
     */
    public void quit() throws IOException {
        try {
            conversation.forgetAhead();
            Step step = Step.of("waiting for the reply to QUIT").knowing(marked > 0 ? MAY_BE_DELETED : "");
            require(conversation.ask("QUIT", step, options.timeouts().update()), step);
        } finally {
            close();
        }
    }

    /** How many messages are marked as deleted. */
    public int marked() {
        return marked;
    }

    /**
     * What the server said last about its capabilities: where it pipelines, that of before the login until the first
     * command has been answered.
     */
    public Pop3Capabilities capabilities() {
        return capabilities;
    }

    /** The text of the greeting, one char per octet. */
    public String greeting() {
        return greeting;
    }

    /** What TLS was agreed upon; empty while in clear. */
    public Optional<TlsFacts> tls() {
        return connection.tls();
    }

    /** The server. */
    public HostPort peer() {
        return connection.peer();
    }

    /** Whether more commands can be sent. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** Ends the conversation at once, from any thread; nothing is deleted. The thread that is blocked is told why. */
    public void abort(String reason) {
        connection.abort(reason);
    }

    /** Hangs up without {@code QUIT}: nothing is deleted. Never throws, harmless when repeated. */
    @Override
    public void close() {
        connection.close();
    }

    /** Whether a size in front of a message was right to the octet in this conversation, or is expected to be. */
    public boolean announcesExactSizes() {
        return announced.areExact();
    }

    /** The server was right in an earlier conversation: what it sends far too short is {@link Pop3Truncated} at once. */
    public void expectExactSizes() {
        announced.expectExact();
    }

    private Pop3Window window() {
        return canPipeline ? options.window() : Pop3Window.single();
    }

    static Step inTransaction(String command) {
        return Step.of("waiting for the reply to " + command).knowing(STILL_THERE);
    }

    private static Step retrieving(int number) {
        return Step.of("fetching message " + number + " by RETR").knowing(STILL_THERE);
    }

    private static Step deleting(int number) {
        return Step.of("waiting for the reply to DELE " + number).knowing(STILL_THERE);
    }

    private Pop3Reply ask(String line, Step step) throws IOException {
        Pop3Reply reply = conversation.ask(line, step);
        require(reply, step);
        return reply;
    }

    private void require(Pop3Reply reply, Step step) throws Pop3Refused {
        if (!reply.isOk()) {
            throw new Pop3Refused(connection.peer(), step, reply, state == State.AUTHORIZATION);
        }
    }

    private void requireState(State needed) {
        if (state != needed) {
            throw new IllegalStateException(needed == State.TRANSACTION ? "log in first" : "logged in already");
        }
    }
}
