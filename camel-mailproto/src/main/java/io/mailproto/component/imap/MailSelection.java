package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.imap.BodySection;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.FetchItems;
import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.imap.FetchedMessage;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.imap.SortOrder;
import io.mailproto.imap.UidSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the mails of a poll, and their order:
 *
 * <pre>
 *   UID SEARCH …   or   UID SORT (…) … …                       what the server finds
 *   UID FETCH 1:512 (UID … BODY.PEEK[HEADER])                   only if the server cannot tell all: the hour of moments,
 *                                                               the order without SORT, filterMail
 * </pre>
 */
final class MailSelection {
    private static final Logger LOG = LoggerFactory.getLogger(MailSelection.class);

    /** Of how many mails headers are asked for in one go. */
    private static final int AT_ONCE = 512;

    private static final int LONGEST_SET = 4000;

    private final ImapClient client;
    private final MailWants wants;
    private final String folder;
    private final long uidValidity;
    private final Optional<FolderState> state;
    private final Troubles troubles;

    /** What to do about a mail of which nothing can be told. */
    interface Troubles {
        void notTold(long uid, Exception why);
    }

    /** @param state what is remembered of the folder, if anything */
    MailSelection(
            ImapClient client,
            MailWants wants,
            String folder,
            long uidValidity,
            Optional<FolderState> state,
            Troubles troubles) {
        this.state = state;
        this.client = client;
        this.wants = wants;
        this.folder = folder;
        this.uidValidity = uidValidity;
        this.troubles = troubles;
    }

    /**
     * The UIDs of the mails to fetch, in the order to process them.
     *
     * @param max most to return
     */
    long[] choose(int max, LongPredicate isExcluded) throws IOException {
        Instant now = Instant.now();
        // Unseen mails are remembered by the server itself.
        Optional<FolderState> resumed = wants.search().isForUnseenOnly() ? Optional.empty() : state;
        Optional<UidSet> wanted = resumed.map(FolderState::wanted);
        SearchCriteria usual = wants.search().criteria(now);
        SearchCriteria criteria =
                wanted.map(uids -> usual.within(onOneLine(uids))).orElse(usual);
        Optional<long[]> sorted = sortedByServer(criteria)
                .map(uids -> wanted.isEmpty()
                        ? uids
                        : LongStream.of(uids).filter(wanted.get()::contains).toArray());
        UidSet found = sorted.isPresent() ? UidSet.of(sorted.get()) : client.uidSearch(criteria);
        if (wanted.isPresent()) {
            found = found.minus(found.minus(wanted.get()));
            resumed.get().found(found);
        } else if (state.isPresent()) {
            state.get().foundAmongAll(found);
        }
        wants.refused().keepOnly(uidValidity, found);
        LongPredicate isLeftOut = uid -> isExcluded.test(uid) || wants.refused().contains(uid);
        boolean sortsHere = wants.order().isPresent() && sorted.isEmpty();
        if (!sortsHere && !wants.search().hasMoments() && wants.filter().isEmpty()) {
            return sorted.isPresent()
                    ? LongStream.of(sorted.get())
                            .filter(isLeftOut.negate())
                            .limit(max)
                            .toArray()
                    : first(found, max, isLeftOut);
        }
        long[] candidates = sorted.isPresent()
                ? LongStream.of(sorted.get()).filter(isLeftOut.negate()).toArray()
                : first(found, Integer.MAX_VALUE, isLeftOut);
        return looked(candidates, max, sortsHere, now);
    }

    /** A set that is too long for a command becomes one range: what is too much of the answer is left out afterwards. */
    private static UidSet onOneLine(UidSet uids) {
        return uids.isEmpty() || uids.toString().length() <= LONGEST_SET
                ? uids
                : UidSet.range(uids.first(), uids.last());
    }

    private Optional<long[]> sortedByServer(SearchCriteria criteria) throws IOException {
        if (wants.order().isEmpty() || !client.canSort()) {
            return Optional.empty();
        }
        try {
            return Optional.of(client.uidSort(wants.order().get(), criteria));
        } catch (CommandRefused e) {
            if (e.concernsTheAccount()) {
                throw e;
            }
            LOG.debug("{}: the server offers SORT and refuses it, sorting here", client.peer(), e);
            return Optional.empty();
        }
    }

    /** Without a copy of all: mailboxes have millions of mails. */
    private static long[] first(UidSet found, int max, LongPredicate isLeftOut) {
        long[] chosen = new long[(int) Math.min(found.count(), 64)];
        int count = 0;
        for (var uids = found.iterator(); uids.hasNext() && count < max; ) {
            long uid = uids.nextLong();
            if (!isLeftOut.test(uid)) {
                chosen = count < chosen.length ? chosen : Arrays.copyOf(chosen, count * 2);
                chosen[count++] = uid;
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    /** Those of the candidates that are wanted after a look at what the server tells of them. */
    private long[] looked(long[] candidates, int max, boolean sortsHere, Instant now) throws IOException {
        List<MailFacts> wanted = new ArrayList<>();
        for (int from = 0; from < candidates.length && (sortsHere || wanted.size() < max); from += AT_ONCE) {
            long[] part = Arrays.copyOfRange(candidates, from, Math.min(candidates.length, from + AT_ONCE));
            Map<Long, MailFacts> facts = new HashMap<>(part.length * 2);
            List<Long> refused = new ArrayList<>();
            look(UidSet.of(part), items(sortsHere), now, facts, refused);
            UidSet unwanted =
                    UidSet.of(refused.stream().mapToLong(Long::longValue).toArray());
            wants.refused().add(unwanted);
            state.ifPresent(remembered -> remembered.done(uidValidity, unwanted));
            for (long uid : part) {
                if (facts.containsKey(uid)) {
                    wanted.add(facts.get(uid));
                }
            }
        }
        if (sortsHere) {
            wanted.sort(comparator(wants.order().orElseThrow()));
        }
        return wanted.stream().limit(max).mapToLong(MailFacts::uid).toArray();
    }

    /** What the server refuses is asked for again in halves, so that one bad mail costs itself alone. */
    private void look(UidSet uids, FetchItems items, Instant now, Map<Long, MailFacts> facts, List<Long> refused)
            throws IOException {
        Set<Long> told = new HashSet<>();
        try {
            client.uidFetch(uids, items, message -> {
                try {
                    told.add(message.uid().orElseThrow());
                    judge(message, items, now, facts, refused);
                } finally {
                    message.release();
                }
            });
        } catch (CommandRefused e) {
            if (e.concernsTheAccount()) {
                throw e;
            }
            long[] left = first(uids, Integer.MAX_VALUE, told::contains);
            if (left.length == 1 && uids.count() == 1) {
                troubles.notTold(left[0], e);
            } else if (left.length == 1) {
                look(UidSet.of(left), items, now, facts, refused);
            } else if (left.length > 1) {
                look(UidSet.of(Arrays.copyOf(left, left.length / 2)), items, now, facts, refused);
                look(UidSet.of(Arrays.copyOfRange(left, left.length / 2, left.length)), items, now, facts, refused);
            }
        }
    }

    private FetchItems items(boolean sortsHere) {
        FetchItems facts = wants.filter().isPresent()
                ? FetchItems.of(Attribute.FLAGS, Attribute.INTERNAL_DATE, Attribute.SIZE)
                : FetchItems.of(Attribute.INTERNAL_DATE, Attribute.SIZE);
        return wants.filter().isPresent() || sortsHere || wants.search().asksWhenSent()
                ? facts.with(BodySection.HEADER)
                : facts;
    }

    private void judge(
            FetchedMessage message, FetchItems items, Instant now, Map<Long, MailFacts> facts, List<Long> refused) {
        long uid = message.uid().orElseThrow();
        try {
            if (!items.sections().isEmpty() && !message.has(BodySection.HEADER)) {
                throw new IOException("the server told of UID " + uid + " without its header");
            }
            MailFacts known = MailFacts.of(message);
            if (!wants.search().admits(known.sent(), known.received(), now)) {
                return;
            }
            if (isWanted(message)) {
                facts.put(uid, known);
            } else {
                LOG.debug("{}: filterMail does not want UID {}", client.peer(), uid);
                refused.add(uid);
            }
        } catch (IOException | RuntimeException e) {
            // Of the predicate too: one mail that it cannot decide about must not keep the others.
            troubles.notTold(uid, e);
        }
    }

    private boolean isWanted(FetchedMessage message) throws IOException {
        if (wants.filter().isEmpty()) {
            return true;
        }
        Mail head = Mail.of(message.octets(BodySection.HEADER));
        Map<String, Object> known =
                MailFacts.headers(message, folder, uidValidity, message.size().orElse(0));
        return wants.filter().get().test(head, known);
    }

    /** As the server would (RFC 5256 §3): those that are equal by all keys in the order of the mailbox. */
    private static Comparator<MailFacts> comparator(SortOrder order) {
        Comparator<MailFacts> all = null;
        for (SortOrder.Term term : order.terms()) {
            Comparator<MailFacts> next =
                    switch (term.key()) {
                        case ARRIVAL ->
                            Comparator.comparing(facts -> facts.received().orElse(Instant.EPOCH));
                        case CC -> Comparator.comparing(MailFacts::cc);
                        case DATE -> Comparator.comparing(MailFacts::date);
                        case FROM -> Comparator.comparing(MailFacts::from);
                        case SIZE -> Comparator.comparing(MailFacts::size);
                        case SUBJECT -> Comparator.comparing(MailFacts::subject);
                        case TO -> Comparator.comparing(MailFacts::to);
                    };
            next = term.isReversed() ? next.reversed() : next;
            all = all == null ? next : all.thenComparing(next);
        }
        return all.thenComparing(MailFacts::uid);
    }
}
