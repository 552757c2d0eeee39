package io.mailproto.imap;

import io.mailproto.wire.LineReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a complete response into a value. Pure; never throws for what a server sent: that becomes
 * {@link ImapResponse.Unparsed}, and a completion is recognised whatever follows its status (Q30).
 */
final class ResponseParser {
    /** RFC 8474 §7. */
    private static final Pattern OBJECT_ID = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private final int maxNesting;

    /** @param maxNesting how deep lists may be nested */
    ResponseParser(int maxNesting) {
        this.maxNesting = maxNesting;
    }

    ImapResponse parse(RawResponse raw) {
        try {
            return understood(raw);
        } catch (ParseFailure e) {
            return new ImapResponse.Unparsed(raw, e.getMessage());
        }
    }

    private ImapResponse understood(RawResponse raw) throws ParseFailure {
        String line = raw.texts().get(0);
        if (line.startsWith("+")) {
            return new ImapResponse.Continuation(line.substring(1).strip());
        }
        ResponseLexer in = new ResponseLexer(raw, maxNesting);
        if (line.startsWith("*")) {
            in.skip('*');
            in.skipSpaces();
            return untagged(in);
        }
        return completion(line);
    }

    /** {@code response-tagged = tag SP resp-cond-state CRLF} */
    private static ImapResponse completion(String line) throws ParseFailure {
        int space = line.indexOf(' ');
        if (space > 0 && isTag(line.substring(0, space))) {
            String rest = line.substring(space + 1).stripLeading();
            int end = rest.indexOf(' ');
            ImapStatus status = ImapStatus.ofWord((end < 0 ? rest : rest.substring(0, end)).strip());
            if (status != null) {
                ResponseText text = ResponseText.parse(LineReader.utf8(end < 0 ? "" : rest.substring(end + 1)));
                return new ImapResponse.Completion(line.substring(0, space), status, text);
            }
        }
        if (line.startsWith("[")) {
            // Deviation: "[COPYUID 1 2 3]" as a line of its own, without "* OK" (Exchange 2013, MailKit #115).
            return new ImapResponse.Notice(ImapStatus.OK, ResponseText.parse(line));
        }
        throw new ParseFailure("neither untagged nor the end of a command");
    }

    private static boolean isTag(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            if (!isDigit && !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
                return false;
            }
        }
        return true;
    }

    private ImapResponse untagged(ResponseLexer in) throws ParseFailure {
        if (in.peek() == '[') {
            return new ImapResponse.Notice(ImapStatus.OK, ResponseText.parse(LineReader.utf8(in.rest())));
        }
        String word = in.word();
        if (word.charAt(0) >= '0' && word.charAt(0) <= '9') {
            return numbered(number(word), in);
        }
        String name = word.toUpperCase(Locale.ROOT);
        ImapStatus status = ImapStatus.ofWord(name);
        if (status != null) {
            return new ImapResponse.Notice(status, ResponseText.parse(LineReader.utf8(in.rest())));
        }
        in.skipSpaces();
        return switch (name) {
            case "CAPABILITY" -> new ImapResponse.CapabilityList(Capabilities.of(words(in)));
            case "FLAGS" -> new ImapResponse.FlagList(flags(in));
            case "LIST", "LSUB", "XLIST" -> new ImapResponse.Listing(listing(in));
            case "STATUS" -> new ImapResponse.StatusOf(status(in));
            case "SEARCH" -> new ImapResponse.Found(Optional.empty(), searchNumbers(in), Map.of());
            case "SORT" -> new ImapResponse.Sorted(sortedNumbers(in));
            case "ESEARCH" -> extendedSearch(in);
            case "VANISHED" -> vanished(in);
            case "ID" -> new ImapResponse.ServerId(id(in));
            case "THREAD" -> new ImapResponse.Threads(ThreadParser.parse(in));
            case "NAMESPACE", "QUOTA", "QUOTAROOT", "ACL", "LISTRIGHTS", "MYRIGHTS" ->
                new ImapResponse.Data(name, values(in));
            default -> new ImapResponse.Other(name, ImapText.shown(in.rest()));
        };
    }

    private static List<String> words(ResponseLexer in) throws ParseFailure {
        List<String> words = new ArrayList<>();
        while (!in.isAtEnd()) {
            words.add(in.word());
            in.skipSpaces();
        }
        return words;
    }

    private static List<ImapValue> values(ResponseLexer in) throws ParseFailure {
        List<ImapValue> values = new ArrayList<>();
        while (!in.isAtEnd()) {
            values.add(in.value());
            in.skipSpaces();
        }
        return values;
    }

    private static long number(String word) throws ParseFailure {
        if (word.length() > 18 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ParseFailure("not a message number: " + ImapText.shown(word));
        }
        return Long.parseLong(word);
    }

    private ImapResponse numbered(long number, ResponseLexer in) throws ParseFailure {
        in.skipSpaces();
        String name = in.word().toUpperCase(Locale.ROOT);
        return switch (name) {
            case "EXISTS" -> new ImapResponse.Exists(number);
            case "RECENT" -> new ImapResponse.Recent(number);
            case "EXPUNGE" -> new ImapResponse.Expunged(number);
            case "FETCH" -> {
                in.skipSpaces();
                yield new ImapResponse.Fetched(fetched(new FetchedMessage(number), in));
            }
            case "UIDFETCH" -> {
                // RFC 9586 §3.3: in UIDONLY mode there are no sequence numbers.
                in.skipSpaces();
                FetchedMessage message = new FetchedMessage(0);
                message.uid(number);
                yield new ImapResponse.Fetched(fetched(message, in));
            }
            default -> new ImapResponse.Other(name, ImapText.shown(in.rest()));
        };
    }

    /** What is understood before something goes wrong is kept, if it says which message it is about. */
    private FetchedMessage fetched(FetchedMessage message, ResponseLexer in) throws ParseFailure {
        try {
            in.expect('(');
            in.skipSpaces();
            while (!in.skip(')')) {
                item(message, in);
                in.skipSpaces();
            }
            in.skipSpaces();
            if (!in.isAtEnd()) {
                throw in.unexpected("the end");
            }
        } catch (ParseFailure e) {
            if (message.uid().isEmpty()) {
                throw e;
            }
            message.damage(e.getMessage());
        }
        return message;
    }

    private void item(FetchedMessage message, ResponseLexer in) throws ParseFailure {
        String name = in.itemName().toUpperCase(Locale.ROOT);
        if (in.peek() == '[' && (name.equals("BODY") || name.equals("BINARY"))) {
            BodySection section = in.section();
            in.skipSpaces();
            section(message, name.equals("BINARY") ? section.decoded() : section, in);
            return;
        }
        in.skipSpaces();
        switch (name) {
            case "UID" -> message.uid(in.number());
            case "FLAGS" -> message.flags(flags(in));
            case "INTERNALDATE" -> message.internalDate(InternalDate.parse(in.octetString()));
            case "RFC822.SIZE" -> message.size(in.number());
            case "ENVELOPE" -> message.envelope(in.value());
            case "BODYSTRUCTURE", "BODY" -> message.bodyStructure(in.value());
            case "EMAILID", "THREADID", "X-GM-MSGID", "X-GM-THRID" -> message.id(name, identifier(in.value()));
            case "MODSEQ" -> message.modSeq(ModSequence.of(in.value()));
            case "X-GM-LABELS" -> message.labels(labels(in));
            case "RFC822" -> section(message, BodySection.WHOLE, in);
            case "RFC822.HEADER" -> section(message, BodySection.HEADER, in);
            case "RFC822.TEXT" -> section(message, BodySection.TEXT, in);
            default -> in.value();
        }
    }

    /** RFC 8474 §7: in parentheses; Gmail's are bare numbers. Empty for NIL. */
    private static String identifier(ImapValue value) {
        ImapValue one = value.elements().isEmpty() ? value : value.elements().get(0);
        String text = one.textOrNull();
        return text == null ? "" : text;
    }

    /** Labels may be strings, atoms with a backslash, NIL or hold brackets and a plus where they should not. */
    private static List<String> labels(ResponseLexer in) throws ParseFailure {
        List<String> labels = new ArrayList<>();
        for (Flag label : flags(in)) {
            labels.add(ModifiedUtf7.decode(label.name()));
        }
        return labels;
    }

    private static void section(FetchedMessage message, BodySection section, ResponseLexer in) throws ParseFailure {
        Literal octets = in.octets();
        if (octets != null) {
            message.section(section, octets);
        }
    }

    /** Deviation: anything up to the parenthesis; servers send flags that are no atoms (Gmail labels, {@code \*}). */
    private static Set<Flag> flags(ResponseLexer in) throws ParseFailure {
        if (in.peek() != '(') {
            String word = in.word();
            if (word.equalsIgnoreCase("NIL")) {
                return Set.of();
            }
            throw new ParseFailure("expected a list of flags, got \"" + ImapText.shown(word) + "\"");
        }
        in.skip('(');
        in.skipSpaces();
        Set<Flag> flags = new LinkedHashSet<>();
        while (!in.skip(')')) {
            String name = in.octetString();
            if (!name.isEmpty() && !name.equalsIgnoreCase("NIL")) {
                flags.add(new Flag(name));
            }
            in.skipSpaces();
        }
        return flags;
    }

    /** {@code mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox} */
    private static MailboxInfo listing(ResponseLexer in) throws ParseFailure {
        Set<Flag> attributes = flags(in);
        in.skipSpaces();
        boolean isQuoted = in.peek() == '"';
        String delimiter = in.octetString();
        in.skipSpaces();
        return new MailboxInfo(
                mailbox(in), !isQuoted && delimiter.equalsIgnoreCase("NIL") ? "" : delimiter, attributes);
    }

    private static MailboxName mailbox(ResponseLexer in) throws ParseFailure {
        char c = in.peek();
        if (c == '"' || c == ResponseLexer.LITERAL) {
            return mailbox(in.octetString());
        }
        // Deviation: names with spaces or parentheses unquoted. RFC 5258 may add "(…)" at the end; cut that off.
        String rest = in.restOfText().strip();
        int extension = rest.endsWith(")") ? rest.indexOf(" (") : -1;
        return mailbox(extension < 0 ? rest : rest.substring(0, extension));
    }

    private static MailboxName mailbox(String name) throws ParseFailure {
        if (name.isEmpty()) {
            throw new ParseFailure("a mailbox without a name");
        }
        try {
            return MailboxName.ofWire(name);
        } catch (IllegalArgumentException e) {
            throw new ParseFailure(e.getMessage());
        }
    }

    private static MailboxStatus status(ResponseLexer in) throws ParseFailure {
        MailboxName name;
        if (in.peek() == '"' || in.peek() == ResponseLexer.LITERAL) {
            name = mailbox(in.octetString());
        } else {
            StringBuilder words = new StringBuilder(in.word());
            in.skipSpaces();
            // Deviation: "STATUS Sent Items (…)", unquoted (Strato).
            while (in.peek() != '(') {
                words.append(' ').append(in.word());
                in.skipSpaces();
            }
            name = mailbox(words.toString());
        }
        in.skipSpaces();
        in.expect('(');
        in.skipSpaces();
        Map<String, Long> values = new HashMap<>();
        Optional<String> mailboxId = Optional.empty();
        while (!in.skip(')')) {
            String item = in.word().toUpperCase(Locale.ROOT);
            in.skipSpaces();
            if (in.peek() == ')') {
                break; // Q27: an item without a value
            }
            ImapValue value = in.value();
            Long number = ImapValue.number(value);
            if (item.equals("MAILBOXID")) {
                mailboxId = Optional.of(identifier(value)).filter(OBJECT_ID.asMatchPredicate());
            } else if (number != null) {
                values.put(item, number);
            }
            in.skipSpaces();
        }
        return new MailboxStatus(name, values, mailboxId);
    }

    /** {@code "SEARCH" *(SP nz-number)}, with RFC 7162's {@code (MODSEQ n)} at the end. */
    private static NumberRanges searchNumbers(ResponseLexer in) throws ParseFailure {
        long[] pairs = new long[32];
        int count = 0;
        in.skipSpaces();
        while (!in.isAtEnd() && in.peek() != '(') {
            long number = in.number();
            in.skipSpaces();
            if (number < 1 || number > NumberRanges.MAX) {
                continue; // no message has such a number (Q11)
            }
            if (count > 0 && pairs[2 * count - 1] + 1 == number) {
                pairs[2 * count - 1] = number;
                continue;
            }
            if (2 * count == pairs.length) {
                pairs = java.util.Arrays.copyOf(pairs, pairs.length * 2);
            }
            pairs[2 * count] = number;
            pairs[2 * count + 1] = number;
            count++;
        }
        return NumberRanges.ofPairs(pairs, count);
    }

    /** {@code "SORT" *(SP nz-number)} (RFC 5256 §4), with RFC 7162's {@code (MODSEQ n)} at the end. */
    private static long[] sortedNumbers(ResponseLexer in) throws ParseFailure {
        long[] numbers = new long[32];
        int count = 0;
        in.skipSpaces();
        while (!in.isAtEnd() && in.peek() != '(') {
            long number = in.number();
            in.skipSpaces();
            if (number < 1 || number > NumberRanges.MAX) {
                continue; // no message has such a number (Q11)
            }
            if (count == numbers.length) {
                numbers = java.util.Arrays.copyOf(numbers, count * 2);
            }
            numbers[count++] = number;
        }
        return java.util.Arrays.copyOf(numbers, count);
    }

    /** {@code "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)}, RFC 4731 §3. */
    private static ImapResponse extendedSearch(ResponseLexer in) throws ParseFailure {
        Optional<String> tag = Optional.empty();
        if (in.skip('(')) {
            in.skipSpaces();
            String name = in.word();
            in.skipSpaces();
            if (name.equalsIgnoreCase("TAG")) {
                tag = Optional.of(in.astring());
            }
            in.skipSpaces();
            in.expect(')');
        }
        NumberRanges all = NumberRanges.EMPTY;
        Map<String, ImapValue> facts = new HashMap<>(4);
        in.skipSpaces();
        while (!in.isAtEnd()) {
            String name = in.word().toUpperCase(Locale.ROOT);
            in.skipSpaces();
            if (name.equals("ALL")) {
                all = ranges(in.word());
            } else if (!name.equals("UID")) {
                facts.put(name, in.value());
            }
            in.skipSpaces();
        }
        return new ImapResponse.Found(tag, all, facts);
    }

    private static NumberRanges ranges(String text) throws ParseFailure {
        try {
            return NumberRanges.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParseFailure(e.getMessage());
        }
    }

    /** {@code "VANISHED" [SP "(EARLIER)"] SP known-uids}, RFC 7162 §3.2.10. */
    private static ImapResponse vanished(ResponseLexer in) throws ParseFailure {
        boolean earlier = false;
        if (in.peek() == '(') {
            in.value();
            earlier = true;
            in.skipSpaces();
        }
        String uids = in.word();
        ranges(uids);
        return new ImapResponse.Vanished(UidSet.parse(uids), earlier);
    }

    /** {@code "ID" SP id-params-list}, RFC 2971 §3.2. */
    private static Map<String, String> id(ResponseLexer in) throws ParseFailure {
        Map<String, String> fields = new LinkedHashMap<>();
        List<ImapValue> values =
                new ArrayList<>(in.isAtEnd() ? List.of() : in.value().elements());
        for (int i = 0; i + 1 < values.size(); i += 2) {
            String name = values.get(i).textOrNull();
            String value = values.get(i + 1).textOrNull();
            if (name != null && value != null) {
                fields.put(name.toLowerCase(Locale.ROOT), value);
            }
        }
        return fields;
    }
}
