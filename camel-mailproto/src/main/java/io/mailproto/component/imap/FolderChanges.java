package io.mailproto.component.imap;

import io.mailproto.component.imap.MailboxChange.Kind;
import io.mailproto.imap.FetchItems;
import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.imap.FetchedMessage;
import io.mailproto.imap.Flag;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxChanges.Position;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.imap.SelectedMailbox;
import io.mailproto.imap.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what has changed in a folder since its {@link ChangePosition}, by the best that the server offers: QRESYNC (one
 * command), CONDSTORE (three), or by comparing UIDs and flags of all mails, which is also how everything begins. For one
 * thread.
 */
final class FolderChanges {
    private static final Logger LOG = LoggerFactory.getLogger(FolderChanges.class);

    /** Mails that are compared at a time. */
    private static final int WINDOW = 1000;

    private static final SearchCriteria ALL = SearchCriteria.parse("ALL");
    private static final FetchItems FLAGS = FetchItems.of(Attribute.FLAGS);
    private static final FetchItems COUNTED = FetchItems.of(Attribute.FLAGS, Attribute.MOD_SEQ);

    private final ImapClient client;
    private final MailboxName folder;
    private final ChangePosition position;
    private final Outlet outlet;
    private final Map<Set<Flag>, Set<String>> sameFlags = new HashMap<>();
    private final List<Told> told = new ArrayList<>();
    private UidSet vanished = UidSet.empty();
    private SelectedMailbox opened;

    /** Where changes go. */
    interface Outlet {
        /** Hands a change to the route; false if it takes no more. */
        boolean put(MailboxChange change);

        /** Waits until the route is done with all that was put; true if it has succeeded with all. */
        boolean awaitAll();
    }

    /** A mail as the server tells of it now. */
    private record Told(long uid, Set<String> flags, long modSeq) {}

    FolderChanges(ImapClient client, MailboxName folder, ChangePosition position, Outlet outlet) {
        this.client = client;
        this.folder = folder;
        this.position = position;
        this.outlet = outlet;
    }

    /** Opens the folder and tells what has changed. */
    SelectedMailbox tell() throws IOException {
        boolean isTold = open();
        if (opened.uidValidity() < 1) {
            throw new IOException(client.peer() + ": opening " + folder
                    + ": the server gives no UIDVALIDITY, so nobody can tell what has changed in it");
        }
        if (position.uidValidity() == 0) {
            position.begin(opened.uidValidity());
        } else if (position.uidValidity() != opened.uidValidity()) {
            if (!tellOfRebuilding()) {
                return opened;
            }
            position.begin(opened.uidValidity());
        }
        OptionalLong counted = opened.highestModSeq();
        if (position.modSeq() > 0 && (counted.isEmpty() || counted.getAsLong() < position.modSeq())) {
            LOG.info(
                    "{}: the server does not count changes of {} any more as it did, so all mails are compared",
                    client.peer(),
                    folder);
            position.compare();
        }
        if (position.modSeq() > 0) {
            tellCounted(isTold, counted.getAsLong());
        } else {
            tellCompared(counted);
        }
        return opened;
    }

    /** True if the server has told at once what has changed. */
    private boolean open() throws IOException {
        if (client.changes().isEnabled("QRESYNC") && position.modSeq() > 0) {
            Position since = new Position(position.uidValidity(), position.modSeq(), UidSet.empty());
            opened = client.changes().resync(folder, since, this::take, gone -> vanished = vanished.plus(gone));
            return true;
        }
        opened = client.changes().canCount() ? client.changes().select(folder) : client.select(folder);
        return false;
    }

    private boolean tellOfRebuilding() {
        LOG.warn(
                "{}: {} has been rebuilt (UIDVALIDITY was {} and is {} now), so its mails have new names and all of them"
                        + " are told anew",
                client.peer(),
                folder,
                position.uidValidity(),
                opened.uidValidity());
        return outlet.put(new MailboxChange(Kind.REBUILT, folder.name(), opened.uidValidity(), 0, Set.of(), 0))
                && outlet.awaitAll();
    }

    private void take(FetchedMessage message) {
        if (message.flags().isPresent()) {
            Set<String> flags = sameFlags.computeIfAbsent(message.flags().get(), FolderChanges::names);
            told.add(new Told(
                    message.uid().orElseThrow(), flags, message.modSeq().orElse(0)));
        }
        message.release();
    }

    /** RFC 3501 §2.3.2: \Recent is about this session alone. */
    private static Set<String> names(Set<Flag> flags) {
        return flags.stream()
                .filter(flag -> !flag.equals(Flag.RECENT))
                .map(Flag::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    // ---- the server counts

    private void tellCounted(boolean isTold, long reached) throws IOException {
        UidSet known = position.known();
        UidSet open = position.open();
        UidSet gone = vanished;
        if (!isTold) {
            if (reached == position.modSeq() && opened.exists() == known.count() && open.isEmpty()) {
                return;
            }
            UidSet existing = client.uidSearch(ALL);
            gone = known.minus(existing);
            if (!existing.isEmpty()) {
                // To the last one that can be, on a line as short as that; a server with a limit wants to be told
                // which.
                boolean isLimited = client.capabilities().number("MESSAGELIMIT") > 0;
                UidSet asked = isLimited ? existing : UidSet.range(1, UidSet.GREATEST);
                client.changes().fetchChanged(asked, position.modSeq(), COUNTED, this::take);
            }
        }
        UidSet again = open.minus(uids());
        if (!again.isEmpty()) {
            client.uidFetch(again, COUNTED, this::take);
            UidSet silent = again.minus(uids());
            gone = gone.plus(silent);
            position.drop(silent.minus(known));
        }
        UidSet expunged = known.minus(known.minus(gone));
        UidSet left = tellExpunged(expunged);
        List<Told> changes = inOrder();
        int next = 0;
        while (left.isEmpty() && next < changes.size() && put(changes.get(next), known)) {
            next++;
        }
        position.postpone(left.plus(UidSet.of(changes.subList(next, changes.size()).stream()
                .mapToLong(Told::uid)
                .toArray())));
        outlet.awaitAll();
        position.reached(reached);
    }

    private UidSet uids() {
        return UidSet.of(told.stream().mapToLong(Told::uid).toArray());
    }

    /** Each mail once, as it was told last, in the order of the changes. */
    private List<Told> inOrder() {
        told.sort(Comparator.comparingLong(Told::uid).thenComparingLong(Told::modSeq));
        List<Told> once = new ArrayList<>(told.size());
        for (int i = 0; i < told.size(); i++) {
            if (i + 1 == told.size() || told.get(i + 1).uid() != told.get(i).uid()) {
                once.add(told.get(i));
            }
        }
        once.sort(Comparator.comparingLong(Told::modSeq).thenComparingLong(Told::uid));
        return once;
    }

    private boolean put(Told mail, UidSet known) {
        Kind kind = known.contains(mail.uid()) ? Kind.FLAGS : Kind.NEW;
        return outlet.put(
                new MailboxChange(kind, folder.name(), opened.uidValidity(), mail.uid(), mail.flags(), mail.modSeq()));
    }

    /** Those that the route does not take now. */
    private UidSet tellExpunged(UidSet expunged) {
        for (PrimitiveIterator.OfLong each = expunged.iterator(); each.hasNext(); ) {
            long uid = each.nextLong();
            if (!outlet.put(new MailboxChange(Kind.EXPUNGED, folder.name(), opened.uidValidity(), uid, Set.of(), 0))) {
                return expunged.minus(UidSet.range(1, uid)).plus(UidSet.of(uid));
            }
        }
        return UidSet.empty();
    }

    // ---- all are compared

    private void tellCompared(OptionalLong counted) throws IOException {
        UidSet existing = client.uidSearch(ALL);
        UidSet known = position.known();
        boolean isComplete = tellExpunged(known.minus(existing)).isEmpty();
        for (UidSet window : existing.splitByCount(WINDOW)) {
            if (!isComplete) {
                break;
            }
            told.clear();
            client.uidFetch(window, counted.isPresent() ? COUNTED : FLAGS, this::take);
            isComplete = tellWindow(known) && outlet.awaitAll();
            position.flush();
        }
        if (outlet.awaitAll() && isComplete && counted.isPresent()) {
            position.reached(counted.getAsLong());
        }
        position.flush();
    }

    private boolean tellWindow(UidSet known) {
        told.sort(Comparator.comparingLong(Told::uid));
        for (Told mail : told) {
            boolean isSame = known.contains(mail.uid())
                    && ChangePosition.text(mail.flags()).equals(position.flagsOf(mail.uid()));
            if (!isSame && !put(mail, known)) {
                return false;
            }
        }
        return true;
    }
}
