package io.mailproto.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The commands that work on messages of the selected mailbox. Their UID sets are split to fit on a line. */
final class MailboxSession {
    /** Room on a line for everything but the set. */
    private static final int OVERHEAD = 128;

    /** "1:4294967295" is a short answer, but whoever looks at each of them needs eight octets for it. */
    private static final long MOST_FOUND = 20_000_000;

    private final Conversation conversation;
    private final ImapLimits limits;

    MailboxSession(Conversation conversation, ImapLimits limits) {
        this.conversation = conversation;
        this.limits = limits;
    }

    UidSet search(SearchCriteria criteria) throws IOException {
        UidSet all = UidSet.empty();
        long below = Long.MAX_VALUE;
        SearchCriteria rest = criteria;
        while (true) {
            Found found = searchOnce(rest);
            all = all.plus(found.uids());
            if (all.count() > MOST_FOUND) {
                throw conversation.connection().tooMuch("a search that found " + all.count() + " messages");
            }
            if (found.lowestSearched() == 1 || found.lowestSearched() >= below) {
                return all;
            }
            // RFC 9738: the server has searched the latest messages only.
            below = found.lowestSearched();
            rest = criteria.within(UidSet.range(1, below - 1));
        }
    }

    /** @param lowestSearched messages with smaller UIDs have not been searched; 1 if all have */
    private record Found(UidSet uids, long lowestSearched) {}

    private Found searchOnce(SearchCriteria criteria) throws IOException {
        ImapCommand command = ImapCommand.of(ImapVerb.UID_SEARCH);
        if (conversation.capabilities().has("ESEARCH")) {
            // Named, since some servers do not treat "RETURN ()" as RETURN (ALL).
            command.raw("RETURN (ALL)");
        }
        criteria.appendTo(command);
        // No answer at all means nothing found (iCloud); several are taken together.
        List<NumberRanges> found = new ArrayList<>();
        ImapResponse.Completion completion = conversation.run(command, response -> {
            if (response instanceof ImapResponse.Found numbers) {
                found.add(numbers.numbers());
                return true;
            }
            return false;
        });
        okOrThrow(command, completion);
        UidSet uids = UidSet.empty();
        for (NumberRanges numbers : found) {
            uids = uids.plus(UidSet.of(numbers));
        }
        return new Found(uids, lowest(completion.text().code()));
    }

    /** {@code MESSAGELIMIT SP number [SP lowest processed UID]}. */
    private static long lowest(ResponseCode code) {
        List<String> words = code.words();
        if (!code.is("MESSAGELIMIT") || words.size() < 2 || !words.get(1).matches("[1-9][0-9]{0,9}")) {
            return 1;
        }
        return Math.min(NumberRanges.MAX, Long.parseLong(words.get(1)));
    }

    long[] sort(SortOrder order, SearchCriteria criteria) throws IOException {
        ImapCommand command = ImapCommand.of(ImapVerb.UID_SORT).raw(order.toString());
        criteria.appendWithCharsetTo(command);
        List<ImapResponse.Sorted> answers = new ArrayList<>();
        ImapResponse.Completion completion = conversation.run(command, response -> {
            if (response instanceof ImapResponse.Sorted numbers) {
                answers.add(numbers);
                return true;
            }
            return false;
        });
        okOrThrow(command, completion);
        return answers.stream()
                .flatMapToLong(ImapResponse.Sorted::numbers)
                .distinct()
                .toArray();
    }

    FetchInFlight beginFetch(UidSet uids, FetchItems items) throws IOException {
        return beginFetch(uids, items, "");
    }

    FetchInFlight beginFetch(UidSet uids, FetchItems items, String modifier) throws IOException {
        return beginFetch(uids, items, modifier, null);
    }

    /**
     * @param modifier behind the items, in parentheses; empty for none
     * @param vanished is given what the server tells to have gone earlier; null if nobody has asked for that
     */
    FetchInFlight beginFetch(UidSet uids, FetchItems items, String modifier, Consumer<UidSet> vanished)
            throws IOException {
        conversation.require(ImapVerb.UID_FETCH);
        FetchInFlight fetch = new FetchInFlight(uids, items);
        String text = modifier.isEmpty() ? items.text() : items.text() + " " + modifier;
        PendingCommand.Listener listener = vanished == null
                ? fetch.collector()
                : response -> {
                    if (response instanceof ImapResponse.Vanished gone && gone.earlier()) {
                        vanished.accept(gone.uids());
                        return true;
                    }
                    return fetch.collector().take(response);
                };
        List<PendingCommand> sent = new ArrayList<>();
        for (UidSet piece : pieces(uids, text.length())) {
            ImapCommand command = ImapCommand.of(ImapVerb.UID_FETCH).uids(piece).raw(text);
            sent.add(conversation.begin(command, listener));
        }
        fetch.commands(sent);
        return fetch;
    }

    void finishFetch(FetchInFlight fetch, Consumer<FetchedMessage> consumer) throws IOException {
        boolean ended = false;
        try {
            fetch.deliverTo(consumer);
            CommandRefused refused = null;
            for (PendingCommand pending : fetch.commands()) {
                ImapResponse.Completion completion = conversation.await(pending);
                if (!completion.isOk()) {
                    refused = new CommandRefused(
                            conversation.peer(), pending.command().shown(), completion);
                }
            }
            fetch.collector().finish();
            ended = true;
            if (refused != null) {
                throw refused;
            }
        } finally {
            if (!ended) {
                // The wire or the consumer broke in the middle: nobody knows any more what the next octets belong to.
                fetch.release();
                conversation.connection().close();
            }
        }
    }

    void fetch(SequenceSet numbers, FetchItems items, Consumer<FetchedMessage> consumer) throws IOException {
        for (SequenceSet piece :
                numbers.split(limits.commandOctets() - OVERHEAD - items.text().length())) {
            ImapCommand command =
                    ImapCommand.of(ImapVerb.FETCH).raw(piece.toString()).raw(items.text());
            List<FetchedMessage> found = new ArrayList<>();
            ImapResponse.Completion completion = conversation.run(command, response -> {
                if (response instanceof ImapResponse.Fetched fetched
                        && piece.contains(fetched.message().sequence())
                        && fetched.message().uid().isPresent()) {
                    found.add(fetched.message());
                    return true;
                }
                return false;
            });
            found.forEach(consumer);
            okOrThrow(command, completion);
        }
    }

    void store(UidSet uids, FlagChange change) throws IOException {
        String item = change.item();
        runAll(uids, item.length(), piece -> ImapCommand.of(ImapVerb.UID_STORE)
                .uids(piece)
                .raw(item));
    }

    /** RFC 7162 §3.1.3: OK or NO with the code MODIFIED, which tells who is left out. */
    UidSet storeUnchanged(UidSet uids, long modSeq, FlagChange change) throws IOException {
        String item = "(UNCHANGEDSINCE " + modSeq + ") " + change.item();
        UidSet modified = UidSet.empty();
        List<PendingCommand> sent = new ArrayList<>();
        for (UidSet piece : pieces(uids, item.length())) {
            sent.add(conversation.begin(
                    ImapCommand.of(ImapVerb.UID_STORE).uids(piece).raw(item), PendingCommand.Listener.NONE));
        }
        CommandRefused refused = null;
        for (PendingCommand pending : sent) {
            ImapResponse.Completion completion = conversation.await(pending);
            ResponseCode code = completion.text().code();
            if (code.is("MODIFIED")) {
                modified = modified.plus(parsed(code, pending));
            } else if (!completion.isOk() && refused == null) {
                refused = new CommandRefused(
                        conversation.peer(), pending.command().shown(), completion);
            }
        }
        if (refused != null) {
            throw refused;
        }
        return modified;
    }

    private UidSet parsed(ResponseCode code, PendingCommand pending) throws IOException {
        try {
            return UidSet.parse(code.arguments().strip());
        } catch (IllegalArgumentException e) {
            throw conversation
                    .connection()
                    .violation(
                            "UIDs in the code MODIFIED of the answer to "
                                    + pending.command().shown(),
                            code.toString());
        }
    }

    void storeLabels(UidSet uids, LabelChange change) throws IOException {
        String item = change.item();
        runAll(uids, item.length(), piece -> ImapCommand.of(ImapVerb.UID_STORE)
                .uids(piece)
                .raw(item));
    }

    CopiedUids copy(UidSet uids, MailboxName target) throws IOException {
        return transfer(ImapVerb.UID_COPY, uids, target);
    }

    CopiedUids move(UidSet uids, MailboxName target) throws IOException {
        if (conversation.capabilities().has("MOVE")) {
            return transfer(ImapVerb.UID_MOVE, uids, target);
        }
        // Strictly one after the other: each step relies on the one before for every single message.
        CopiedUids copied = copy(uids, target);
        expunge(uids);
        return copied;
    }

    boolean expunge(UidSet uids) throws IOException {
        store(uids, FlagChange.add(Flag.DELETED));
        if (!conversation.capabilities().has("UIDPLUS")) {
            return false;
        }
        expungeMarked(uids);
        return true;
    }

    void expungeMarked(UidSet uids) throws IOException {
        runAll(uids, 0, piece -> ImapCommand.of(ImapVerb.UID_EXPUNGE).uids(piece));
    }

    private CopiedUids transfer(ImapVerb verb, UidSet uids, MailboxName target) throws IOException {
        CopiedUids[] told = {CopiedUids.UNKNOWN};
        List<ImapResponse.Completion> completions = runAll(
                uids,
                target.wire().length(),
                piece -> ImapCommand.of(verb).uids(piece).mailbox(target),
                response -> {
                    // RFC 6851 §4.3: MOVE tells COPYUID in an untagged OK, before the messages vanish.
                    if (response instanceof ImapResponse.Notice notice
                            && notice.text().code().is("COPYUID")) {
                        told[0] = told[0].plus(CopiedUids.of(notice.text().code()));
                        return true;
                    }
                    return false;
                });
        for (ImapResponse.Completion completion : completions) {
            told[0] = told[0].plus(CopiedUids.of(completion.text().code()));
        }
        return told[0];
    }

    private void runAll(UidSet uids, int otherOctets, Function<UidSet, ImapCommand> command) throws IOException {
        runAll(uids, otherOctets, command, PendingCommand.Listener.NONE);
    }

    /** All pieces are under way at a time, as far as is safe; the first refusal is thrown when all have ended. */
    private List<ImapResponse.Completion> runAll(
            UidSet uids, int otherOctets, Function<UidSet, ImapCommand> command, PendingCommand.Listener listener)
            throws IOException {
        List<PendingCommand> sent = new ArrayList<>();
        for (UidSet piece : pieces(uids, otherOctets)) {
            sent.add(conversation.begin(command.apply(piece), listener));
        }
        List<ImapResponse.Completion> completions = new ArrayList<>();
        CommandRefused refused = null;
        for (PendingCommand pending : sent) {
            ImapResponse.Completion completion = conversation.await(pending);
            if (!completion.isOk() && refused == null) {
                refused = new CommandRefused(
                        conversation.peer(), pending.command().shown(), completion);
            }
            completions.add(completion);
        }
        if (refused != null) {
            throw refused;
        }
        return completions;
    }

    private List<UidSet> pieces(UidSet uids, int otherOctets) {
        // A mailbox with a very long name leaves little, but always something.
        List<UidSet> pieces = uids.split(Math.max(64, limits.commandOctets() - OVERHEAD - otherOctets));
        long limit = conversation.capabilities().number("MESSAGELIMIT");
        if (limit < 1) {
            return pieces;
        }
        List<UidSet> smaller = new ArrayList<>();
        for (UidSet piece : pieces) {
            smaller.addAll(piece.splitByCount(limit));
        }
        return smaller;
    }

    private void okOrThrow(ImapCommand command, ImapResponse.Completion completion) throws CommandRefused {
        if (!completion.isOk()) {
            throw new CommandRefused(conversation.peer(), command.shown(), completion);
        }
    }
}
