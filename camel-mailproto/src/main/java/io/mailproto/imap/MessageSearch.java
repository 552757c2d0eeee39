package io.mailproto.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;

/**
 * Searches that tell more, or less, than the UIDs of all messages found. Belongs to the {@link ImapClient} that gave it and
 * follows its rules; needs a selected mailbox.
 */
public final class MessageSearch {
    /** How THREAD puts messages together (RFC 5256 §3). */
    public enum Threading {
        /** By base subject and date. */
        ORDEREDSUBJECT,
        /** By References, In-Reply-To and subject. */
        REFERENCES,
        /** By References and In-Reply-To alone. */
        REFS
    }

    private final CommandRunner runner;
    private final Conversation conversation;

    MessageSearch(CommandRunner runner, Conversation conversation) {
        this.runner = runner;
        this.conversation = conversation;
    }

    /**
     * How many messages match, and the smallest and greatest UID. Short also for a big mailbox where the server has ESEARCH
     * (RFC 4731); without, all are listed and counted here.
     */
    public SearchResult count(SearchCriteria criteria) throws IOException {
        Capabilities can = conversation.capabilities();
        if (!can.has("ESEARCH") && !can.has("IMAP4REV2")) {
            return numbersOf(all(search(criteria, "")));
        }
        List<ImapResponse.Found> answers = search(criteria, "RETURN (MIN MAX COUNT)");
        for (ImapResponse.Found found : answers) {
            if (found.facts().containsKey("COUNT")) {
                return new SearchResult(
                        UidSet.empty(), number(found, "MIN"), number(found, "MAX"), number(found, "COUNT"));
            }
        }
        // Q15: SEARCH as the answer to ESEARCH, or none.
        return numbersOf(all(answers));
    }

    private static SearchResult numbersOf(UidSet uids) {
        return uids.isEmpty()
                ? new SearchResult(uids, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(0))
                : new SearchResult(
                        uids,
                        OptionalLong.of(uids.first()),
                        OptionalLong.of(uids.last()),
                        OptionalLong.of(uids.count()));
    }

    private static OptionalLong number(ImapResponse.Found found, String name) {
        ImapValue value = found.facts().get(name);
        Long number = value == null ? null : ImapValue.number(value);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /**
     * Some of the messages that match, in the order of their UIDs: with PARTIAL (RFC 9394) the server sends no others.
     *
     * @param from the first one, counted from 1
     * @param to the last one
     */
    public UidSet page(SearchCriteria criteria, long from, long to) throws IOException {
        if (from < 1 || to < from || to > NumberRanges.MAX) {
            throw new IllegalArgumentException("a page begins at 1 or later and ends not before it begins, and not"
                    + " beyond " + NumberRanges.MAX + ": " + from + " to " + to);
        }
        if (conversation.capabilities().has("PARTIAL")) {
            List<ImapResponse.Found> answers = search(criteria, "RETURN (PARTIAL " + from + ":" + to + ")");
            UidSet uids = UidSet.empty();
            for (ImapResponse.Found found : answers) {
                ImapValue partial = found.facts().get("PARTIAL");
                List<ImapValue> rangeAndSet = partial == null ? List.of() : partial.elements();
                String set = rangeAndSet.size() < 2 ? null : rangeAndSet.get(1).textOrNull();
                uids = set == null ? uids : uids.plus(parsed(set));
            }
            return uids;
        }
        UidSet all = all(search(criteria, conversation.capabilities().has("ESEARCH") ? "RETURN (ALL)" : ""));
        List<Long> page = new ArrayList<>();
        long position = 0;
        for (PrimitiveIterator.OfLong uids = all.iterator(); uids.hasNext() && position < to; ) {
            long uid = uids.nextLong();
            if (++position >= from) {
                page.add(uid);
            }
        }
        return UidSet.of(page.stream().mapToLong(Long::longValue).toArray());
    }

    /** A set that is none is as if nothing had been found: the response says nothing else. */
    private static UidSet parsed(String set) {
        try {
            return UidSet.parse(set);
        } catch (IllegalArgumentException notASet) {
            return UidSet.empty();
        }
    }

    private List<ImapResponse.Found> search(SearchCriteria criteria, String wanted) throws IOException {
        ImapCommand command = ImapCommand.of(ImapVerb.UID_SEARCH);
        if (!wanted.isEmpty()) {
            command.raw(wanted);
        }
        List<ImapResponse.Found> answers = new ArrayList<>();
        runner.run(
                criteria.appendTo(command),
                response -> response instanceof ImapResponse.Found found && answers.add(found));
        return answers;
    }

    private static UidSet all(List<ImapResponse.Found> answers) {
        UidSet uids = UidSet.empty();
        for (ImapResponse.Found found : answers) {
            uids = uids.plus(UidSet.of(found.numbers()));
        }
        return uids;
    }

    /** Can the server do this (RFC 5256)? */
    public boolean canThread(Threading how) {
        return conversation.capabilities().has("THREAD=" + how);
    }

    /** The messages that match, as the discussions they are part of (RFC 5256); needs {@link #canThread}. */
    public List<MessageThread> threads(Threading how, SearchCriteria criteria) throws IOException {
        ImapCommand command = ImapCommand.of(ImapVerb.UID_THREAD).raw(how.name());
        List<MessageThread> threads = new ArrayList<>();
        runner.run(criteria.appendWithCharsetTo(command), response -> {
            if (response instanceof ImapResponse.Threads told) {
                threads.addAll(told.threads());
                return true;
            }
            return false;
        });
        return threads;
    }
}
