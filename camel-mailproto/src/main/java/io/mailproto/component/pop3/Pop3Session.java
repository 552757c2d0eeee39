package io.mailproto.component.pop3;

import io.mailproto.component.Fetched;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailNotFetchedException;
import io.mailproto.component.PollSession;
import io.mailproto.component.Settlement;
import io.mailproto.pop3.Pop3Capabilities;
import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.Pop3Refused;
import io.mailproto.pop3.Pop3Truncated;
import io.mailproto.pop3.SizeListing;
import io.mailproto.pop3.UidListing;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.DeadlineExceeded;
import io.mailproto.wire.LimitExceeded;
import io.mailproto.wire.ProtocolViolation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visit to a POP3 maildrop. */
final class Pop3Session implements PollSession<Pop3MailKey> {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Session.class);

    /** Most announced octets of a window; one larger mail is a window by itself. */
    private static final long WINDOW_OCTETS = 4L << 20;

    /** How many headers are asked for before the wanted ones are counted. */
    private static final int FILTERED_AT_A_TIME = 512;

    private static final Settlement.Orders DELETION =
            new Settlement.Orders(Optional.of(true), Optional.empty(), Optional.empty());

    /** What a mail counts for whose size the server does not tell. */
    private static final long ASSUMED_OCTETS = 64L << 10;

    private final Pop3Client client;
    private final Pop3Configuration configuration;
    private final MaildropMemory memory;
    private final ExceptionHandler failures;
    private final String account;
    /** Null without {@code filterMail}. */
    private final HeaderFilter filter;

    private Pop3Client.Contents contents;
    /** False while the ids in {@link #contents} are our own, for this session only. */
    private boolean hasUids = true;

    private volatile boolean isAborted;
    /** Mails of this session that were fetched and whose route has not succeeded; only where that matters at its end. */
    private final Set<Pop3MailKey> unprocessed = new HashSet<>();
    /** Mails of this session that were fetched and whose id others have as well. */
    private final Set<String> fetchedShared = new HashSet<>();
    /** Null once the server has given a good answer since. */
    private Pop3MailKey lastFetched;
    /** What is to be remembered as processed unless this session ends out of step. */
    private final List<String> processed = new ArrayList<>();

    /** What this session has marked as deleted, and whose idempotent repository would not let it come again. */
    private final Set<String> marked = new HashSet<>();

    private final WindowBudget budget;
    private final Consumer<Pop3Capabilities> told;

    /** @param told is given the capabilities that the server has after the login */
    Pop3Session(
            Pop3Client client,
            Pop3Endpoint endpoint,
            Spool spool,
            ExceptionHandler failures,
            Consumer<Pop3Capabilities> told) {
        this.told = told;
        this.budget = new WindowBudget(spool);
        this.client = client;
        this.configuration = endpoint.getConfiguration();
        this.memory = endpoint.memory();
        this.failures = failures;
        this.account = configuration.getUsername() + "@" + configuration.hostPort();
        this.filter = endpoint.filter() == null
                ? null
                : new HeaderFilter(endpoint, client, spool, failures, new FromContents());
    }

    /** What UIDL and LIST have told. */
    private final class FromContents implements HeaderFilter.Listed {
        @Override
        public boolean hasSizes() {
            return contents.hasSizes();
        }

        @Override
        public long sizeOf(Pop3MailKey key) {
            return contents.sizes().sizeOf(numberOf(key));
        }

        @Override
        public boolean isShared(Pop3MailKey key) {
            return contents.uids().isShared(key.uid());
        }
    }

    @Override
    public List<Pop3MailKey> candidates(int max, Predicate<Pop3MailKey> isExcluded) throws IOException {
        UidListing uids = contents().uids();
        if (hasUids) {
            memory.keepOnly(uids);
            deleteAgain(uids);
        }
        int[] chosen = new int[Math.min(uids.count(), 64)];
        List<Integer> breakers = new ArrayList<>();
        int count = 0;
        int next = 0;
        while (next < uids.count() && count < max) {
            int from = count;
            int most = filter == null ? max : (int) Math.min(max, (long) count + FILTERED_AT_A_TIME);
            for (; next < uids.count() && count < most; next++) {
                Pop3MailKey key = key(uids, next);
                if (isExcluded.test(key)) {
                    continue;
                }
                if (memory.hasBroken(key.uid())) {
                    breakers.add(next);
                    continue;
                }
                chosen = count < chosen.length ? chosen : Arrays.copyOf(chosen, count * 2);
                chosen[count++] = next;
            }
            count = filter == null ? count : keepWanted(uids, chosen, from, count);
        }
        // Last, so that they keep no others back.
        for (int i = 0; i < breakers.size() && count < max; i++) {
            chosen = count < chosen.length ? chosen : Arrays.copyOf(chosen, count * 2);
            chosen[count++] = breakers.get(i);
            if (filter != null) {
                filter.decideLater(key(uids, breakers.get(i)));
            }
        }
        LOG.debug("{}: {} mails, {} of them to fetch", account, uids.count(), count);
        return new ListedMails(account, uids, Arrays.copyOf(chosen, count));
    }

    /** Leaves the wanted ones of {@code chosen[from, to)} there, and returns their new end. */
    private int keepWanted(UidListing uids, int[] chosen, int from, int to) throws IOException {
        ListedMails asked = new ListedMails(account, uids, Arrays.copyOfRange(chosen, from, to));
        boolean[] wanted = filter.wanted(asked, numbersOf(asked));
        int end = from;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i]) {
                chosen[end++] = chosen[from + i];
            }
        }
        return end;
    }

    private Pop3MailKey key(UidListing uids, int index) {
        return new Pop3MailKey(account, uids.uid(index));
    }

    /** Asked for once; deletions of this session do not change numbers (RFC 1939 §5). */
    private Pop3Client.Contents contents() throws IOException {
        if (contents == null) {
            contents = listed();
            told.accept(client.capabilities());
            if (contents.uids().unreadableLines() > 0) {
                LOG.warn(
                        "{}: {} lines of the answer to UIDL name no message and are passed over",
                        account,
                        contents.uids().unreadableLines());
            }
        }
        return contents;
    }

    private Pop3Client.Contents listed() throws IOException {
        Pop3Client.Contents answered = client.contents();
        Pop3Refused refusal = answered.uidsRefused();
        if (refusal == null) {
            return answered;
        }
        // One that lists UIDL has it, and refuses it for another reason.
        if (refusal.hasTransientCode() || client.capabilities().has("UIDL")) {
            throw refusal;
        }
        if (!configuration.isDelete() || !answered.hasSizes()) {
            throw new WithoutUidlException(client.peer(), refusal);
        }
        hasUids = false;
        if (memory.withoutUidl()) {
            LOG.warn(
                    "{}: the server has no UIDL, so a mail can be told from another one within a session only: one whose"
                            + " route ends later, as behind seda, is not deleted and comes again, and maxDeliveries is not"
                            + " counted",
                    account);
        }
        UidListing numbers = UidListing.numbered(answered.sizes(), UUID.randomUUID() + "/");
        return new Pop3Client.Contents(numbers, refusal, answered.sizes(), true);
    }

    /** Mails that were processed when their deletion failed and that do not come again, because the repository knows them. */
    private void deleteAgain(UidListing uids) throws IOException {
        List<Settlement<Pop3MailKey>> again = new ArrayList<>();
        for (String uid : memory.undeleted()) {
            if (!marked.contains(uid) && !uids.isShared(uid) && !memory.isGivenUp(uid)) {
                again.add(new Settlement<>(new Pop3MailKey(account, uid), Settlement.Outcome.ACCEPTED, DELETION));
            }
        }
        settle(again);
    }

    @Override
    public int windowSize(List<Pop3MailKey> rest, int room) {
        SizeListing sizes = contents.sizes();
        long octets = 0;
        int most = Math.min(rest.size(), room);
        for (int i = 0; i < most; i++) {
            if (memory.hasBroken(rest.get(i).uid())) {
                return Math.max(1, i);
            }
            long size = sizes.sizeOf(numberOf(rest, i));
            octets += budget.expected(size < 0 ? ASSUMED_OCTETS : size);
            if (octets > WINDOW_OCTETS) {
                return Math.max(1, i);
            }
        }
        return most;
    }

    private int[] numbersOf(List<Pop3MailKey> keys) {
        int[] numbers = new int[keys.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = numberOf(keys, i);
        }
        return numbers;
    }

    private int numberOf(List<Pop3MailKey> keys, int position) {
        return keys instanceof ListedMails listed ? listed.number(position) : numberOf(keys.get(position));
    }

    /** RFC 2449 §6.7: with {@code EXPIRE 0} the server deletes at {@code QUIT} whatever was fetched. */
    private boolean removesWhatIsFetched() {
        return client.capabilities().expireDays().orElse(-1) == 0;
    }

    /** -1 if the maildrop does not have it. */
    private int numberOf(Pop3MailKey key) {
        int index = contents.uids().indexOf(key.uid());
        return index < 0 ? -1 : contents.uids().number(index);
    }

    @Override
    public void fetch(List<Pop3MailKey> window, Consumer<Fetched<Pop3MailKey>> sink) throws IOException {
        if (memory.hasExactSizes()) {
            client.expectExactSizes();
        }
        int[] next = {0};
        Pop3Client.RetrSink taker = new Pop3Client.RetrSink() {
            @Override
            public void retrieved(int number, Octets octets) {
                budget.fetched(octets.size());
                Pop3MailKey key = window.get(next[0]++);
                lastFetched = key;
                Mail mail = Mail.of(octets);
                boolean isShared = contents.uids().isShared(key.uid());
                memory.fetched(key.uid(), isShared);
                if (isShared) {
                    fetchedShared.add(key.uid());
                }
                // Also one that the filter refuses now: it is to stay on the server.
                if (removesWhatIsFetched()) {
                    unprocessed.add(key);
                }
                if (filter != null && !filter.passes(key, mail)) {
                    octets.release();
                    sink.accept(Fetched.gone(key));
                    return;
                }
                Map<String, Object> headers = Map.of(MailConstants.UID, key.uid(), MailConstants.SIZE, octets.size());
                sink.accept(Fetched.mail(key, mail, headers));
            }

            @Override
            public void failed(int number, IOException why) {
                Pop3MailKey key = window.get(next[0]++);
                if (why instanceof Pop3Truncated && removesWhatIsFetched()) {
                    unprocessed.add(key);
                }
                if (why instanceof Pop3Refused refusal) {
                    refused(key, "fetched", refusal);
                    sink.accept(Fetched.failed(key, why));
                } else if (why instanceof Pop3Truncated) {
                    inTrouble(key, "fetched");
                    sink.accept(Fetched.failed(key, why));
                } else {
                    sink.accept(Fetched.failed(key, MailNotFetchedException.notKept(client.peer(), key, why)));
                }
            }
        };
        try {
            budget.begin();
            client.retr(numbersOf(window), budget::spool, taker);
        } catch (ConnectionLost | DeadlineExceeded | LimitExceeded e) {
            if (!isAborted && next[0] < window.size()) {
                broke(window.get(next[0]));
            }
            throw e;
        }
        if (client.announcesExactSizes()) {
            memory.exactSizes();
        }
    }

    /**
     * The mail may be the reason, as one at which the server breaks down: from now on it is fetched after all others.
     * Not so after a violation, since the mail that is out of step came before it.
     */
    private void broke(Pop3MailKey key) {
        if (!contents.uids().isShared(key.uid())) {
            memory.broke(key.uid());
            inTrouble(key, "fetched");
        }
    }

    /** A server that cannot just now says nothing about the mail. */
    private void refused(Pop3MailKey key, String verb, Pop3Refused why) {
        if (!why.hasTransientCode()) {
            inTrouble(key, verb);
        }
    }

    /** Counts, so that a mail that the server never gives does not come up for ever. */
    private void inTrouble(Pop3MailKey key, String verb) {
        // Next time another mail may have the id.
        if (!contents.uids().isShared(key.uid()) && memory.refused(key.uid())) {
            LOG.error(
                    "{}: mail {} could not be {} {} times and is let alone from now on; it stays on the server, see"
                            + " maxDeliveries",
                    account,
                    key.uid(),
                    verb,
                    configuration.getMaxDeliveries());
        }
    }

    @Override
    public void settle(List<Settlement<Pop3MailKey>> settlements) throws IOException {
        // Settlements of an earlier session come before anything has been listed.
        UidListing uids = contents().uids();
        List<Pop3MailKey> deleted = new ArrayList<>();
        for (Settlement<Pop3MailKey> settlement : settlements) {
            Pop3MailKey key = settlement.key();
            if (isAmbiguous(key.uid(), uids)) {
                LOG.warn(
                        "{}: mail {} was processed after its session, and the server gives its id to several mails, so it is"
                                + " not known which one it is now: none is deleted, and it comes again",
                        account,
                        key.uid());
                continue;
            }
            if (settlement.outcome() == Settlement.Outcome.ACCEPTED) {
                unprocessed.remove(key);
            }
            if (!hasUids && settlement.outcome() == Settlement.Outcome.ACCEPTED && uids.indexOf(key.uid()) < 0) {
                LOG.warn(
                        "{}: mail {} was processed after its session, and the server has no UIDL, so it is not known which"
                                + " one it is now: it is not deleted and comes again",
                        account,
                        key.uid());
            }
            if (settlement.outcome() == Settlement.Outcome.ACCEPTED && uids.indexOf(key.uid()) >= 0) {
                if (settlement.orders().delete().orElse(configuration.isDelete())) {
                    deleted.add(key);
                } else if (!isKeptByRepository()) {
                    processed.add(key.uid());
                }
            }
        }
        int[] numbers = numbersOf(deleted);
        Map<Integer, Pop3Refused> refused = client.dele(numbers);
        lastFetched = deleted.isEmpty() ? lastFetched : null;
        for (int i = 0; i < numbers.length; i++) {
            Pop3Refused why = refused.get(numbers[i]);
            if (why == null) {
                marked(deleted.get(i));
            } else {
                notMarked(deleted.get(i), why);
            }
        }
    }

    private void marked(Pop3MailKey key) {
        if (isKeptByRepository()) {
            marked.add(key.uid());
        }
    }

    private void notMarked(Pop3MailKey key, Pop3Refused why) {
        refused(key, "deleted", why);
        if (isKeptByRepository()) {
            memory.undeleted(List.of(key.uid()));
        }
        failures.handleException(
                "Mail " + key + " was processed but cannot be deleted; "
                        + (isKeptByRepository() ? "that is tried again" : "it will come again"),
                why);
    }

    /** Whether the id was one of several mails then or is now, and this session cannot know which of them is meant. */
    private boolean isAmbiguous(String uid, UidListing uids) {
        return !fetchedShared.contains(uid) && (memory.wasShared(uid) || uids.isShared(uid));
    }

    private boolean isKeptByRepository() {
        return configuration.getIdempotentRepository() != null && !configuration.isIdempotentRepositoryRemoveOnCommit();
    }

    @Override
    public boolean settlesAtEnd() {
        return true;
    }

    @Override
    public void keepAlive() throws IOException {
        client.noop();
    }

    /** Replies have no number: after one that is none, those before it may have belonged to other commands as well. */
    @Override
    public boolean endsInDoubt(Exception failure) {
        boolean isOutOfStep = failure instanceof ProtocolViolation;
        if (isOutOfStep && lastFetched != null) {
            // It may hold a line that looks like its end: it must not keep the others back for ever.
            inTrouble(lastFetched, "fetched with its end");
        }
        if (!isOutOfStep) {
            rememberProcessed();
            memory.undeleted(marked);
        }
        return isOutOfStep;
    }

    private void rememberProcessed() {
        processed.forEach(memory::processed);
        processed.clear();
    }

    @Override
    public void end() throws IOException {
        rememberProcessed();
        // Until the server has said that they are.
        memory.undeleted(marked);
        if (!unprocessed.isEmpty()) {
            client.close();
            throw new IOException(
                    configuration.hostPort() + ": ending the session: QUIT was not sent, because the server"
                            + " deletes at QUIT what was fetched (EXPIRE 0) and " + unprocessed.size()
                            + " mails of this session are not processed; all mails stay, and those that were to be deleted come"
                            + " again");
        }
        if (client.marked() > 0) {
            client.quit();
            memory.deleted(marked);
            return;
        }
        try {
            client.quit();
        } catch (IOException e) {
            // Nothing depends on the answer: there is nothing to delete.
            LOG.debug("{}: no good answer to QUIT", account, e);
        }
    }

    @Override
    public void abort(String reason) {
        isAborted = true;
        client.abort(reason);
    }
}
