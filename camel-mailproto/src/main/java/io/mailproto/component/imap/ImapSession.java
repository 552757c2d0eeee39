package io.mailproto.component.imap;

import io.mailproto.component.Fetched;
import io.mailproto.component.PollSession;
import io.mailproto.component.Settlement;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.SelectedMailbox;
import io.mailproto.imap.UidSet;
import java.io.IOException;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visit to an IMAP folder. */
final class ImapSession implements PollSession<ImapMailKey> {
    private static final Logger LOG = LoggerFactory.getLogger(ImapSession.class);

    /** Stands in for the UIDVALIDITY of servers that have none: what they call a UID is good for one session only. */
    private static final AtomicLong UNKNOWN_VALIDITY = new AtomicLong();

    private final ImapClient client;
    private final MailSelection selection;
    private final MailboxName folder;
    private final String account;
    private final String mailbox;
    private final long uidValidity;
    private final WindowFetcher windows;
    private final MailSettler settler;
    private final ExceptionHandler failures;
    private final Optional<ImapPostProcessAction> action;
    private final Leaving leaving;
    private final Optional<FolderStates> states;

    /** What is to be done with the connection at the end. */
    interface Leaving {
        void leave() throws IOException;
    }

    /** @param uidNext what the server gives as the next UID now, if it is known */
    ImapSession(
            ImapClient client,
            MailboxName folder,
            SelectedMailbox selected,
            ImapConfiguration configuration,
            MailWants wants,
            MailboxMemory memory,
            Optional<FolderStates> states,
            OptionalLong uidNext,
            ExceptionHandler failures,
            Leaving leaving) {
        this.client = client;
        this.folder = folder;
        this.account = configuration.getUsername() + "@" + configuration.hostPort() + "/";
        this.mailbox = account + folder;
        this.uidValidity = selected.uidValidity() > 0 ? selected.uidValidity() : UNKNOWN_VALIDITY.decrementAndGet();
        // Without UIDVALIDITY nothing can be remembered of a mail.
        this.states = uidValidity > 0 ? states : Optional.empty();
        Optional<FolderState> state = this.states.map(all -> all.of(mailbox));
        state.ifPresent(remembered -> remembered.opened(uidValidity, uidNext));
        this.selection = new MailSelection(client, wants, folder.name(), uidValidity, state, (uid, why) -> {
            memory.notGiven(key(uid), why);
            failures.handleException(
                    "Nothing can be told of mail " + key(uid) + ", so it is not fetched; it stays on the server,"
                            + " the others go on",
                    why);
        });
        this.windows = new WindowFetcher(
                client, configuration, folder, uidValidity, wants.search().isForUnseenOnly(), memory);
        this.settler = new MailSettler(client, configuration, memory, failures);
        this.failures = failures;
        this.action = Optional.ofNullable(configuration.getPostProcessAction());
        this.leaving = leaving;
    }

    @Override
    public List<ImapMailKey> candidates(int max, Predicate<ImapMailKey> isExcluded) throws IOException {
        long[] chosen = selection.choose(max, uid -> isExcluded.test(key(uid)));
        LOG.debug("{}: {} mails to fetch", mailbox, chosen.length);
        Keys keys = new Keys(chosen);
        windows.start(chosen);
        return keys;
    }

    private ImapMailKey key(long uid) {
        return new ImapMailKey(mailbox, uidValidity, uid);
    }

    /** Keys made when they are asked for: mailboxes have millions of mails. */
    private final class Keys extends AbstractList<ImapMailKey> implements RandomAccess {
        private final long[] uids;

        Keys(long[] uids) {
            this.uids = uids;
        }

        @Override
        public ImapMailKey get(int index) {
            return key(uids[index]);
        }

        @Override
        public int size() {
            return uids.length;
        }
    }

    @Override
    public int windowSize(List<ImapMailKey> rest, int room) {
        return windows.size(rest.size(), room);
    }

    @Override
    public void fetch(List<ImapMailKey> window, Consumer<Fetched<ImapMailKey>> sink) throws IOException {
        windows.fetch(window, sink);
    }

    /** Late ones may be of other folders: these are visited. */
    @Override
    public void settle(List<Settlement<ImapMailKey>> settlements) throws IOException {
        Map<String, List<Settlement<ImapMailKey>>> byMailbox = settlements.stream()
                .collect(Collectors.groupingBy(
                        settlement -> settlement.key().mailbox(), LinkedHashMap::new, Collectors.toList()));
        List<Settlement<ImapMailKey>> ours = byMailbox.remove(mailbox);
        if (ours != null) {
            settle(folder, uidValidity, ours);
        }
        if (byMailbox.isEmpty()) {
            return;
        }
        for (Map.Entry<String, List<Settlement<ImapMailKey>>> others : byMailbox.entrySet()) {
            visit(others.getKey(), others.getValue());
        }
        if (client.select(folder).uidValidity() != Math.max(0, uidValidity)) {
            throw new IOException(mailbox + ": the folder was rebuilt during the poll");
        }
    }

    private void visit(String other, List<Settlement<ImapMailKey>> settlements) throws IOException {
        MailboxName name = MailboxName.of(other.substring(account.length()));
        try {
            settle(name, client.select(name).uidValidity(), settlements);
        } catch (CommandRefused e) {
            if (e.concernsTheAccount()) {
                throw e;
            }
            failures.handleException(
                    settlements.size() + " mails of " + other + " were processed, but the folder cannot be opened any"
                            + " more to mark them",
                    e);
        }
    }

    /** UIDs of another UIDVALIDITY are names of other mails, or of none (RFC 3501 §2.3.1.1). */
    private void settle(MailboxName where, long validity, List<Settlement<ImapMailKey>> settlements)
            throws IOException {
        List<Settlement<ImapMailKey>> known = settlements.stream()
                .filter(settlement -> settlement.key().uidValidity() == validity)
                .toList();
        if (known.size() < settlements.size()) {
            LOG.warn(
                    "{}{}: {} mails were processed, but the folder has been rebuilt meanwhile (UIDVALIDITY is {} now),"
                            + " so they cannot be found any more to be marked; they may be delivered again",
                    account,
                    where,
                    settlements.size() - known.size(),
                    validity);
        }
        settler.settle(where, account + where, known);
        UidSet done = UidSet.of(
                known.stream().mapToLong(settlement -> settlement.key().uid()).toArray());
        states.ifPresent(all -> all.of(account + where).done(validity, done));
    }

    @Override
    public boolean settlesAtEnd() {
        return false;
    }

    @Override
    public void keepAlive() throws IOException {
        client.noop();
    }

    @Override
    public void end() throws IOException {
        windows.end();
        if (action.isPresent()) {
            process(action.get());
        }
        leaving.leave();
    }

    private void process(ImapPostProcessAction wanted) throws IOException {
        try {
            wanted.process(client);
        } catch (CommandRefused | RuntimeException e) {
            if (e instanceof CommandRefused refused && refused.concernsTheAccount()) {
                throw refused;
            }
            failures.handleException("The postProcessAction of " + mailbox + " failed", e);
        }
    }

    @Override
    public void abort(String reason) {
        client.abort(reason);
    }
}
