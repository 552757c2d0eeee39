package io.mailproto.component.imap;

import io.mailproto.component.Fetched;
import io.mailproto.component.PollSession;
import io.mailproto.component.Settlement;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.SelectedMailbox;
import java.io.IOException;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visit to an IMAP mailbox. */
final class ImapSession implements PollSession<ImapMailKey> {
    private static final Logger LOG = LoggerFactory.getLogger(ImapSession.class);

    /** Stands in for the UIDVALIDITY of servers that have none: what they call a UID is good for one session only. */
    private static final AtomicLong UNKNOWN_VALIDITY = new AtomicLong();

    private final ImapClient client;
    private final MailSelection selection;
    private final String mailbox;
    private final long uidValidity;
    private final WindowFetcher windows;
    private final MailSettler settler;
    private final ExceptionHandler failures;
    private final Optional<ImapPostProcessAction> action;
    private final Leaving leaving;

    /** What is to be done with the connection at the end. */
    interface Leaving {
        void leave() throws IOException;
    }

    ImapSession(
            ImapClient client,
            SelectedMailbox selected,
            ImapConfiguration configuration,
            MailWants wants,
            MailboxMemory memory,
            ExceptionHandler failures,
            Optional<ImapPostProcessAction> action,
            Leaving leaving) {
        this.client = client;
        this.mailbox =
                configuration.getUsername() + "@" + configuration.hostPort() + "/" + configuration.getFolderName();
        this.uidValidity = selected.uidValidity() > 0 ? selected.uidValidity() : UNKNOWN_VALIDITY.decrementAndGet();
        this.selection = new MailSelection(client, wants, configuration.getFolderName(), uidValidity, (uid, why) -> {
            memory.notGiven(key(uid), why);
            failures.handleException(
                    "Nothing can be told of mail " + key(uid) + ", so it is not fetched; it stays on the server,"
                            + " the others go on",
                    why);
        });
        this.windows = new WindowFetcher(
                client, configuration, uidValidity, wants.search().isForUnseenOnly(), memory);
        this.settler = new MailSettler(client, configuration, mailbox, memory, failures);
        this.failures = failures;
        this.action = action;
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

    /** UIDs of another UIDVALIDITY are names of other mails, or of none (RFC 3501 §2.3.1.1). */
    @Override
    public void settle(List<Settlement<ImapMailKey>> settlements) throws IOException {
        List<Settlement<ImapMailKey>> ours = settlements.stream()
                .filter(settlement -> settlement.key().uidValidity() == uidValidity)
                .toList();
        if (ours.size() < settlements.size()) {
            LOG.warn(
                    "{}: {} mails were processed, but the folder has been rebuilt meanwhile (UIDVALIDITY is {} now), so"
                            + " they cannot be found any more to be marked; they may be delivered again",
                    mailbox,
                    settlements.size() - ours.size(),
                    uidValidity);
        }
        settler.settle(ours);
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
