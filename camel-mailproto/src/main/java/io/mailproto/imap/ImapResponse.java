package io.mailproto.imap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** Everything a server can say, understood as far as this client needs it (RFC 3501 §7). */
sealed interface ImapResponse {
    /** The end of a command. */
    record Completion(String tag, ImapStatus status, ResponseText text) implements ImapResponse {
        boolean isOk() {
            return status == ImapStatus.OK;
        }

        /** The same with other text. */
        Completion withText(UnaryOperator<String> change) {
            ResponseCode code = text.code();
            return new Completion(
                    tag,
                    status,
                    new ResponseText(
                            new ResponseCode(code.name(), change.apply(code.arguments())), change.apply(text.text())));
        }

        /** For exceptions: without the tag. */
        String shown() {
            return ImapText.shown(status + " " + text);
        }
    }

    /** The server waits for the rest of a command. */
    record Continuation(String text) implements ImapResponse {}

    /** An untagged OK, NO, BAD, BYE or PREAUTH. */
    record Notice(ImapStatus status, ResponseText text) implements ImapResponse {}

    record CapabilityList(Capabilities capabilities) implements ImapResponse {}

    record FlagList(Set<Flag> flags) implements ImapResponse {}

    record Listing(MailboxInfo info) implements ImapResponse {}

    record StatusOf(MailboxStatus status) implements ImapResponse {}

    /**
     * SEARCH or ESEARCH. Of UIDs or of sequence numbers: as was asked.
     *
     * @param facts what ESEARCH tells beside ALL, such as COUNT, by name in capitals
     */
    record Found(Optional<String> tag, NumberRanges numbers, Map<String, ImapValue> facts) implements ImapResponse {}

    /** THREAD (RFC 5256). */
    record Threads(List<MessageThread> threads) implements ImapResponse {}

    /** A name and values, of which whoever asked knows more: NAMESPACE, QUOTA, QUOTAROOT, ACL, … */
    record Data(String name, List<ImapValue> values) implements ImapResponse {}

    /** SORT: UIDs or sequence numbers, as was asked, in the order that was asked for. */
    final class Sorted implements ImapResponse {
        private final long[] numbers;

        Sorted(long[] numbers) {
            this.numbers = numbers;
        }

        LongStream numbers() {
            return LongStream.of(numbers);
        }
    }

    record Exists(long messages) implements ImapResponse {}

    record Recent(long messages) implements ImapResponse {}

    record Expunged(long sequence) implements ImapResponse {}

    record Vanished(UidSet uids, boolean earlier) implements ImapResponse {}

    record Fetched(FetchedMessage message) implements ImapResponse {}

    record ServerId(Map<String, String> fields) implements ImapResponse {}

    /** Understood well enough to know that it does not matter here: ENABLED, METADATA, … */
    record Other(String name, String rest) implements ImapResponse {}

    /** Nobody understands it. */
    record Unparsed(RawResponse raw, String reason) implements ImapResponse {}
}
