package io.mailproto.imap;

import io.mailproto.sasl.Credentials;
import io.mailproto.spool.Spool;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFacts;
import io.mailproto.wire.TlsMode;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One IMAP conversation (RFC 3501). Blocks; for one thread, except {@link #abort}. Whoever opens it closes it, best
 * after {@link #logout()}.
 *
 * <pre>{@code
 * try (ImapClient client = ImapClient.open(dialer, new HostPort("mail.example.org", 993), options, spool)) {
 *     client.login(credentials);
 *     client.select(MailboxName.INBOX);
 *     UidSet unseen = client.uidSearch(SearchCriteria.UNSEEN);
 *     client.uidFetch(unseen, FetchItems.of(FLAGS).with(BodySection.WHOLE), message -> …);
 *     client.uidStore(unseen, FlagChange.add(Flag.SEEN));
 *     client.logout();
 * }
 * }</pre>
 *
 * <p>Failures: {@link io.mailproto.wire.WireException} and {@link ServerSaidBye} end the conversation;
 * {@link CommandRefused} does not. Text that could smuggle commands is refused with {@link IllegalArgumentException}
 * before anything is sent.
 */
public final class ImapClient implements Closeable {
    private final Conversation conversation;
    private final ImapClientOptions options;
    private final CommandRunner runner;
    private final Opening opening;
    private final Introduction introduction;
    private final Selecting selecting;
    private final MailboxSession mailbox;
    private final Idling idling;
    private final Mailboxes mailboxes;
    private final Quotas quotas;
    private final AccessControl access;
    private final MessageSearch searches;
    private final MessageAppend appends;
    private final MailboxChanges changes;
    private final Notifications notifications;

    private ImapClient(Connection connection, ImapClientOptions options, Spool spool) {
        this.conversation = new Conversation(connection, spool, options.timeouts(), options.limits());
        this.options = options;
        this.runner = new CheckedCommands(conversation);
        this.opening = new Opening(conversation, options, runner);
        this.introduction = new Introduction(conversation, runner, options.identity());
        this.selecting = new Selecting(conversation, introduction);
        this.mailbox = new MailboxSession(conversation, options.limits());
        this.idling = new Idling(conversation, options.timeouts().answer());
        this.mailboxes = new Mailboxes(runner, conversation);
        this.quotas = new Quotas(runner);
        this.access = new AccessControl(runner);
        this.searches = new MessageSearch(runner, conversation);
        this.appends = new MessageAppend(runner, conversation, mailboxes);
        this.notifications = new Notifications(runner, conversation);
        this.changes = new MailboxChanges(runner, conversation, selecting, mailbox);
    }

    /**
     * Connects, becomes encrypted as the options say, and asks what the server can do. With {@link TlsMode#AUTO},
     * STARTTLS is used when offered, but not towards this machine itself.
     *
     * @throws io.mailproto.wire.ConnectFailed if nobody answers there
     * @throws ServerSaidBye if the server does not want us
     * @throws ImapException if STARTTLS is required and not to be had
     */
    public static ImapClient open(Dialer dialer, HostPort server, ImapClientOptions options, Spool spool)
            throws IOException {
        return open(dialer, server, options, spool, client -> {});
    }

    /**
     * As {@link #open(Dialer, HostPort, ImapClientOptions, Spool)}.
     *
     * @param connected is given the client as soon as it is connected, so that another thread can {@link #abort} it while
     *     the server is silent
     */
    public static ImapClient open(
            Dialer dialer, HostPort server, ImapClientOptions options, Spool spool, Consumer<ImapClient> connected)
            throws IOException {
        Connection connection = dialer.dial(server);
        boolean opened = false;
        try {
            ImapClient client = new ImapClient(connection, options, spool);
            connected.accept(client);
            client.opening.greet();
            opened = true;
            return client;
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    /** What the server can do, as far as it has said in its present state. */
    public Capabilities capabilities() {
        return conversation.capabilities();
    }

    /** The server as it was asked for. */
    public HostPort peer() {
        return conversation.peer();
    }

    /** Is the conversation encrypted, and how? */
    public Optional<TlsFacts> tls() {
        return conversation.connection().tls();
    }

    /** Did the server greet us as somebody it knows (PREAUTH)? Then {@link #login} is not needed. */
    public boolean isLoggedIn() {
        return conversation.state() != ImapVerb.State.CONNECTED;
    }

    /** Can the conversation go on? */
    public boolean isOpen() {
        return conversation.connection().isOpen();
    }

    /** Asks anew what the server can do. */
    public Capabilities askCapabilities() throws IOException {
        runner.run(ImapCommand.of(ImapVerb.CAPABILITY));
        return capabilities();
    }

    /**
     * Logs in, then tells who we are (ID) if the server is interested: some refuse everything else otherwise.
     *
     * @throws LoginNotSafe if the password would go in clear to another machine; nothing has been sent then
     * @throws LoginRefused if the server does not accept user and password
     */
    public void login(Credentials credentials) throws IOException {
        conversation.require(ImapVerb.LOGIN);
        conversation.forgetCapabilities();
        new ImapLogin(conversation, options).login(credentials);
        conversation.enter(ImapVerb.State.LOGGED_IN);
        opening.ensureCapabilities();
        if (capabilities().has("ID")) {
            introduction.begin();
        }
    }

    /** Tells who we are and asks the same (RFC 2971); field names in small letters. */
    public Map<String, String> id() throws IOException {
        return introduction.exchange();
    }

    /** Everything about mailboxes as such: listing with more, STATUS, making, renaming, removing, subscribing. */
    public Mailboxes mailboxes() {
        return mailboxes;
    }

    /** How much room there is; needs QUOTA. */
    public Quotas quotas() {
        return quotas;
    }

    /** Who may do what; needs ACL. */
    public AccessControl access() {
        return access;
    }

    /** Searches beyond {@link #uidSearch}, in the selected mailbox. */
    public MessageSearch searches() {
        return searches;
    }

    /** Puts messages into mailboxes. */
    public MessageAppend appends() {
        return appends;
    }

    /** News of mailboxes that are not open; needs NOTIFY. */
    public Notifications notifications() {
        return notifications;
    }

    /** What has changed in a mailbox since it was last looked at; needs CONDSTORE or QRESYNC. */
    public MailboxChanges changes() {
        return changes;
    }

    /**
     * The mailboxes whose names match (RFC 3501 §6.3.8).
     *
     * @param reference where to start; empty for the top
     * @param pattern with {@code *} for anything and {@code %} for anything within one level; any Unicode
     */
    public List<MailboxInfo> list(String reference, String pattern) throws IOException {
        List<MailboxInfo> found = new ArrayList<>();
        ImapCommand command = ImapCommand.of(ImapVerb.LIST)
                .string(ModifiedUtf7.encode(reference))
                .string(ModifiedUtf7.encode(pattern));
        runner.run(command, response -> response instanceof ImapResponse.Listing listing && found.add(listing.info()));
        return found;
    }

    /** Opens a mailbox for reading and writing; closes the one that was open, without expunging anything. */
    public SelectedMailbox select(MailboxName name) throws IOException {
        return selecting.open(ImapVerb.SELECT, name, "", PendingCommand.Listener.NONE);
    }

    /** Opens a mailbox for reading only. */
    public SelectedMailbox examine(MailboxName name) throws IOException {
        return selecting.open(ImapVerb.EXAMINE, name, "", PendingCommand.Listener.NONE);
    }

    /** Facts about a mailbox without opening it; do not ask about the selected one (RFC 3501 §6.3.10). */
    public MailboxStatus status(MailboxName name) throws IOException {
        return mailboxes.status(
                name, List.of(StatusItem.MESSAGES, StatusItem.UNSEEN, StatusItem.UIDNEXT, StatusItem.UIDVALIDITY));
    }

    /** Makes a mailbox. */
    public void create(MailboxName name) throws IOException {
        mailboxes.create(name);
    }

    /** The UIDs of the messages that match, ascending; ESEARCH is used where offered, its answers are shorter. */
    public UidSet uidSearch(SearchCriteria criteria) throws IOException {
        conversation.require(ImapVerb.UID_SEARCH);
        return mailbox.search(criteria);
    }

    /** Can {@link #uidSort} be used (RFC 5256)? */
    public boolean canSort() {
        return capabilities().has("SORT");
    }

    /** The UIDs of the messages that match, each once, in this order (RFC 5256). */
    public long[] uidSort(SortOrder order, SearchCriteria criteria) throws IOException {
        conversation.require(ImapVerb.UID_SORT);
        return mailbox.sort(order, criteria);
    }

    /**
     * Asks about messages. Each is handed on as soon as it is there, in the order of the server; messages that no
     * longer exist are left out. The consumer must not use this client.
     *
     * @throws CommandRefused if the server refused some or all of it; what it did send has been handed on before
     */
    public void uidFetch(UidSet uids, FetchItems items, Consumer<FetchedMessage> consumer) throws IOException {
        finishFetch(beginFetch(uids, items), consumer);
    }

    /**
     * Asks about messages without waiting for the answer: it is on its way while this thread does something else, up
     * to what fits into the socket's buffers. What arrives while other commands are waited for is kept.
     */
    public FetchInFlight beginFetch(UidSet uids, FetchItems items) throws IOException {
        conversation.require(ImapVerb.UID_FETCH);
        return mailbox.beginFetch(uids, items);
    }

    /** Hands on what {@link #beginFetch} asked for; as {@link #uidFetch}. */
    public void finishFetch(FetchInFlight fetch, Consumer<FetchedMessage> consumer) throws IOException {
        mailbox.finishFetch(fetch, consumer);
    }

    /**
     * Asks about messages by their sequence numbers, which must not have shifted.
     *
     * @throws CommandRefused as {@link #uidFetch}
     */
    public void fetch(SequenceSet numbers, FetchItems items, Consumer<FetchedMessage> consumer) throws IOException {
        conversation.require(ImapVerb.FETCH);
        mailbox.fetch(numbers, items, consumer);
    }

    /** Changes flags; sets too long for a line are sent in pieces. */
    public void uidStore(UidSet uids, FlagChange change) throws IOException {
        conversation.require(ImapVerb.UID_STORE);
        mailbox.store(uids, change);
    }

    /** Changes Gmail's labels of messages; needs X-GM-EXT-1. */
    public void uidStore(UidSet uids, LabelChange change) throws IOException {
        conversation.require(ImapVerb.UID_STORE);
        mailbox.storeLabels(uids, change);
    }

    /**
     * Copies messages.
     *
     * @throws CommandRefused with code TRYCREATE if the target does not exist
     */
    public CopiedUids uidCopy(UidSet uids, MailboxName target) throws IOException {
        conversation.require(ImapVerb.UID_COPY);
        return mailbox.copy(uids, target);
    }

    /**
     * Moves messages: with MOVE (RFC 6851), else COPY, then {@code \Deleted}, then {@link #uidExpunge}, strictly one
     * after the other.
     */
    public CopiedUids uidMove(UidSet uids, MailboxName target) throws IOException {
        conversation.require(ImapVerb.UID_MOVE);
        return mailbox.move(uids, target);
    }

    /**
     * Removes messages for good: marks them {@code \Deleted} and expunges these alone (RFC 4315). Where the server
     * cannot do that they stay marked: a bare EXPUNGE would also remove what others have marked.
     *
     * @return true if they are gone, false if they are only marked
     */
    public boolean uidExpunge(UidSet uids) throws IOException {
        conversation.require(ImapVerb.UID_EXPUNGE);
        return mailbox.expunge(uids);
    }

    /**
     * Removes those of the messages that are marked {@code \Deleted} already (RFC 4315).
     *
     * @throws CommandRefused if the server cannot do that
     */
    public void uidExpungeMarked(UidSet uids) throws IOException {
        conversation.require(ImapVerb.UID_EXPUNGE);
        mailbox.expungeMarked(uids);
    }

    /**
     * From now on all octets go compressed, both ways (RFC 4978), if the server offers it and agrees. Saves time on slow
     * networks and costs some on fast ones.
     *
     * @return whether they do
     */
    public boolean compress() throws IOException {
        if (!capabilities().has("COMPRESS=DEFLATE")) {
            return false;
        }
        conversation.require(ImapVerb.COMPRESS);
        ImapResponse.Completion completion =
                conversation.run(ImapCommand.of(ImapVerb.COMPRESS).raw("DEFLATE"), PendingCommand.Listener.NONE);
        // RFC 4978 §3: NO [COMPRESSIONACTIVE] if something below, such as TLS, compresses already.
        if (completion.isOk()) {
            conversation.connection().startDeflate();
        }
        return completion.isOk();
    }

    /** Does nothing, but the server sees that we are alive. */
    public void noop() throws IOException {
        runner.run(ImapCommand.of(ImapVerb.NOOP));
    }

    /** Can {@link #idle} be used (RFC 2177)? */
    public boolean canIdle() {
        return capabilities().has("IDLE");
    }

    /**
     * Waits until the server tells of new messages in the selected mailbox, or of one that is not seen any more. Comes
     * back at once if it has told so since the last search was sent.
     *
     * @param longest how long to wait without news; servers end a silent conversation after 30 minutes, some much sooner
     * @throws CommandRefused if the server offers IDLE and does not do it
     */
    public IdleEnd idle(Duration longest) throws IOException {
        conversation.require(ImapVerb.IDLE);
        return idling.await(longest, false);
    }

    /**
     * As {@link #idle}, but any change since the mailbox was opened ends it: also flags that change, and messages that are
     * removed.
     */
    public IdleEnd idleForChanges(Duration longest) throws IOException {
        conversation.require(ImapVerb.IDLE);
        return idling.await(longest, true);
    }

    /** From any thread: ends {@link #idle}, or the next one if none is going on. Blocks only to write five octets. */
    public void wake() {
        idling.wake();
    }

    /**
     * Closes the selected mailbox without removing anything: UNSELECT (RFC 3691) where offered. Without it nothing is
     * sent, since CLOSE would expunge what anybody has marked {@code \Deleted}; the next SELECT or LOGOUT closes it.
     */
    public void unselect() throws IOException {
        conversation.require(ImapVerb.UNSELECT);
        if (capabilities().has("UNSELECT")) {
            runner.run(ImapCommand.of(ImapVerb.UNSELECT));
            conversation.enter(ImapVerb.State.LOGGED_IN);
        }
    }

    /** Says goodbye and closes; whatever the server answers, or if it does not, it is closed afterwards. */
    public void logout() throws IOException {
        try {
            if (isOpen()) {
                conversation.run(ImapCommand.of(ImapVerb.LOGOUT), PendingCommand.Listener.NONE);
            }
        } catch (ServerSaidBye asWeWanted) {
            // Many servers close right behind their BYE, before the completion.
            conversation.connection().close();
        } finally {
            conversation.connection().close();
        }
    }

    /** From any thread: ends the conversation at once; the thread that is in it gets an exception with the reason. */
    public void abort(String reason) {
        conversation.connection().abort(reason);
    }

    /** Closes the connection without a word; {@link #logout()} is politer. */
    @Override
    public void close() {
        conversation.connection().close();
    }
}
