package io.mailproto.component.imap;

import io.mailproto.component.Fetched;
import io.mailproto.component.Mail;
import io.mailproto.component.MailNotFetchedException;
import io.mailproto.imap.BodySection;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.FetchInFlight;
import io.mailproto.imap.FetchItems;
import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.imap.FetchedMessage;
import io.mailproto.imap.Flag;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.UidSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches mails in windows that are bounded by number and by announced octets, the next window on its way while the
 * route works on this one:
 *
 * <pre>
 *   UID FETCH 1:4096 (UID RFC822.SIZE)           sizes of the next mails, long before they are needed
 *   UID FETCH 1:256 (UID FLAGS … BODY.PEEK[])    this window
 *   UID FETCH 257:512 (…)                        the next one, in flight
 * </pre>
 *
 * What the server refuses is asked for again in halves, so that one bad mail costs itself alone.
 */
final class WindowFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(WindowFetcher.class);

    /** Most mails of a window. Half of what waits for the route, so that there is always room for one. */
    private static final int WINDOW_MAILS = 256;

    /** Most announced octets of a window; one larger mail is a window by itself. */
    private static final long WINDOW_OCTETS = 4L << 20;

    /** So few mails are fetched without asking for their sizes: that would be a round trip for nothing. */
    private static final int FEW = 8;

    /** For how many mails sizes are asked in one go. */
    private static final int SIZES_AT_ONCE = 4096;

    /** What a mail counts for whose size the server does not tell. */
    private static final long ASSUMED_OCTETS = 64L << 10;

    private static final FetchItems SIZES = FetchItems.of(Attribute.SIZE);

    private final ImapClient client;
    private final ImapConfiguration configuration;
    private final FetchItems items;
    private final MailboxName folder;
    private final long uidValidity;
    private final boolean isForUnseenOnly;
    private final MailboxMemory memory;

    private long[] uids = {};
    /** Where each UID stands, if they are not ascending; else null. */
    private Map<Long, Integer> places;

    private long[] sizes = {};
    /** Sizes of the mails before this index are known, or have been asked for. */
    private int sized;

    private int next;
    private FetchInFlight ahead;

    /** @param isForUnseenOnly are mails let alone that have been seen meanwhile? */
    WindowFetcher(
            ImapClient client,
            ImapConfiguration configuration,
            MailboxName folder,
            long uidValidity,
            boolean isForUnseenOnly,
            MailboxMemory memory) {
        this.isForUnseenOnly = isForUnseenOnly;
        this.client = client;
        this.configuration = configuration;
        this.folder = folder;
        this.uidValidity = uidValidity;
        this.memory = memory;
        FetchItems all = FetchItems.of(Attribute.FLAGS, Attribute.INTERNAL_DATE).with(BodySection.WHOLE);
        this.items = configuration.isPeek() ? all : all.marking();
    }

    /** Begins with the mails of this poll, in the order to process them. */
    void start(long[] candidates) throws IOException {
        uids = candidates;
        places = isAscending(candidates) ? null : places(candidates);
        next = 0;
        sizes = new long[candidates.length];
        Arrays.fill(sizes, -1);
        sized = 0;
        if (candidates.length > FEW) {
            askSizes();
        }
    }

    private static boolean isAscending(long[] numbers) {
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] < numbers[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private static Map<Long, Integer> places(long[] numbers) {
        Map<Long, Integer> places = new HashMap<>(numbers.length * 2);
        for (int i = 0; i < numbers.length; i++) {
            places.put(numbers[i], i);
        }
        return places;
    }

    private int placeOf(long uid) {
        return places == null ? Arrays.binarySearch(uids, uid) : places.getOrDefault(uid, -1);
    }

    private void askSizes() throws IOException {
        int from = sized;
        int to = Math.min(uids.length, from + SIZES_AT_ONCE);
        sized = to;
        try {
            client.uidFetch(UidSet.of(Arrays.copyOfRange(uids, from, to)), SIZES, message -> {
                if (message.uid().isPresent() && message.size().isPresent()) {
                    int index = placeOf(message.uid().getAsLong());
                    if (index >= 0) {
                        sizes[index] = message.size().getAsLong();
                    }
                }
                message.release();
            });
        } catch (CommandRefused e) {
            // They only keep windows small; without them windows are small by the assumed size.
            LOG.debug("{}: no sizes", client.peer(), e);
        }
    }

    /** How many of the remaining mails make the next window. */
    int size(int remaining, int room) {
        return sizeAt(uids.length - remaining, room);
    }

    private int sizeAt(int start, int room) {
        int most = Math.min(Math.min(room, WINDOW_MAILS), uids.length - start);
        long octets = 0;
        for (int i = 0; i < most; i++) {
            long size = sizes[start + i];
            octets += size < 0 ? ASSUMED_OCTETS : size;
            if (octets > WINDOW_OCTETS) {
                return Math.max(1, i);
            }
        }
        return most;
    }

    void fetch(List<ImapMailKey> window, Consumer<Fetched<ImapMailKey>> sink) throws IOException {
        if (places == null) {
            fetchAsTheyCome(window, sink);
            return;
        }
        // The server answers in the order of the mailbox.
        Map<ImapMailKey, Fetched<ImapMailKey>> all = new HashMap<>(window.size() * 2);
        boolean ended = false;
        try {
            fetchAsTheyCome(window, fetched -> all.put(fetched.key(), fetched));
            ended = true;
        } finally {
            if (!ended) {
                all.values().forEach(fetched -> fetched.mail()
                        .ifPresent(mail -> mail.octets().release()));
            }
        }
        window.forEach(key -> sink.accept(all.get(key)));
    }

    private void fetchAsTheyCome(List<ImapMailKey> window, Consumer<Fetched<ImapMailKey>> sink) throws IOException {
        Map<Long, ImapMailKey> wanted = new HashMap<>(window.size() * 2);
        long[] numbers = new long[window.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = window.get(i).uid();
            wanted.put(numbers[i], window.get(i));
        }
        UidSet set = UidSet.of(numbers);
        FetchInFlight current = takeAhead(set);
        if (current == null) {
            current = client.beginFetch(set, items);
        }
        next += numbers.length;
        fetchAhead();
        Optional<CommandRefused> refused = finish(current, wanted, sink);
        if (refused.isPresent() && refused.get().concernsTheAccount()) {
            throw refused.get();
        }
        if (refused.isPresent() && !wanted.isEmpty()) {
            LOG.debug("{}: asking again for {} mails of a refused window", client.peer(), wanted.size(), refused.get());
            UidSet left = stillWanted(set, wanted);
            for (UidSet half : left.count() == 1 ? List.of(left) : halves(left)) {
                inHalves(half, wanted, sink);
            }
        }
        wanted.values().forEach(key -> sink.accept(Fetched.gone(key)));
    }

    /** What has been asked for ahead, if it is this window. */
    private FetchInFlight takeAhead(UidSet set) throws IOException {
        FetchInFlight taken = ahead;
        ahead = null;
        if (taken != null && !taken.uids().equals(set)) {
            drop(taken);
            return null;
        }
        return taken;
    }

    /** Not when fetching marks as seen: what is fetched ahead may never reach the route. */
    private void fetchAhead() throws IOException {
        if (!configuration.isPeek() || next >= uids.length) {
            return;
        }
        if (sized > 0 && sized < uids.length && sized - next < 2 * WINDOW_MAILS) {
            askSizes();
        }
        int count = sizeAt(next, WINDOW_MAILS);
        ahead = client.beginFetch(UidSet.of(Arrays.copyOfRange(uids, next, next + count)), items);
    }

    private void drop(FetchInFlight unwanted) throws IOException {
        try {
            client.finishFetch(unwanted, FetchedMessage::release);
        } catch (CommandRefused e) {
            LOG.debug("{}: refused what is not wanted any more", client.peer(), e);
        }
    }

    private Optional<CommandRefused> finish(
            FetchInFlight fetch, Map<Long, ImapMailKey> wanted, Consumer<Fetched<ImapMailKey>> sink)
            throws IOException {
        Map<Long, FetchedMessage> bodiless = new HashMap<>();
        Optional<CommandRefused> refused = Optional.empty();
        try {
            client.finishFetch(fetch, message -> {
                if (message.has(BodySection.WHOLE)) {
                    sink.accept(fetched(wanted.remove(message.uid().orElseThrow()), message));
                } else {
                    bodiless.put(message.uid().orElseThrow(), message);
                }
            });
        } catch (CommandRefused e) {
            refused = Optional.of(e);
        }
        if (refused.isEmpty()) {
            // Q14: the command succeeded, but without what was asked for.
            for (Map.Entry<Long, FetchedMessage> entry : bodiless.entrySet()) {
                ImapMailKey key = wanted.remove(entry.getKey());
                sink.accept(failed(
                        key,
                        MailNotFetchedException.notGiven(
                                client.peer(), key, "the server told of it without its octets")));
            }
        }
        return refused;
    }

    /** Fetches what a refused window left out, in ever smaller pieces: the mails that are refused alone have failed. */
    private void inHalves(UidSet missing, Map<Long, ImapMailKey> wanted, Consumer<Fetched<ImapMailKey>> sink)
            throws IOException {
        Optional<CommandRefused> refused = finish(client.beginFetch(missing, items), wanted, sink);
        if (refused.isEmpty()) {
            return;
        }
        if (refused.get().concernsTheAccount()) {
            throw refused.get();
        }
        UidSet left = stillWanted(missing, wanted);
        if (left.isEmpty()) {
            return;
        }
        if (missing.count() == 1) {
            sink.accept(failed(wanted.remove(left.first()), refused.get()));
        } else if (left.count() == 1) {
            inHalves(left, wanted, sink);
        } else {
            for (UidSet half : halves(left)) {
                inHalves(half, wanted, sink);
            }
        }
    }

    private static UidSet stillWanted(UidSet among, Map<Long, ImapMailKey> wanted) {
        return UidSet.of(wanted.keySet().stream()
                .mapToLong(Long::longValue)
                .filter(among::contains)
                .toArray());
    }

    private static List<UidSet> halves(UidSet set) {
        long half = set.count() / 2;
        long[] first = new long[(int) half];
        long[] second = new long[(int) (set.count() - half)];
        int i = 0;
        for (var numbers = set.iterator(); numbers.hasNext(); i++) {
            long number = numbers.nextLong();
            if (i < first.length) {
                first[i] = number;
            } else {
                second[i - first.length] = number;
            }
        }
        return List.of(UidSet.of(first), UidSet.of(second));
    }

    private Fetched<ImapMailKey> fetched(ImapMailKey key, FetchedMessage message) {
        Set<Flag> flags = message.flags().orElse(Set.of());
        if (isNotWanted(flags)) {
            message.release();
            return Fetched.gone(key);
        }
        if (message.damage().isPresent()) {
            message.release();
            return failed(
                    key,
                    MailNotFetchedException.notGiven(
                            client.peer(),
                            key,
                            "the response is damaged: " + message.damage().get()));
        }
        try {
            Mail mail = Mail.of(message.octets(BodySection.WHOLE));
            return Fetched.mail(key, mail, MailFacts.headers(message, folder.name(), uidValidity, mail.size()));
        } catch (IOException e) {
            return Fetched.failed(key, MailNotFetchedException.notKept(client.peer(), key, e));
        }
    }

    /** Q: some servers ignore search criteria and give everything; and others may have been faster than we. */
    private boolean isNotWanted(Set<Flag> flags) {
        return flags.contains(Flag.DELETED) || (isForUnseenOnly && configuration.isPeek() && flags.contains(Flag.SEEN));
    }

    /** Counts, so that a mail that the server never gives does not come up for ever. */
    private Fetched<ImapMailKey> failed(ImapMailKey key, IOException why) {
        memory.notGiven(key, why);
        return Fetched.failed(key, why);
    }

    /** Takes off the wire what is still on its way. */
    void end() throws IOException {
        FetchInFlight last = ahead;
        ahead = null;
        if (last != null) {
            drop(last);
        }
    }
}
