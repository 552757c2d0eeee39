package io.mailproto.component.imap;

import io.mailproto.component.MailConstants;
import io.mailproto.imap.BodySection;
import io.mailproto.imap.Flag;
import io.mailproto.imap.FlagChange;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.MessageSearch;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.imap.SortOrder;
import io.mailproto.imap.UidSet;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Message;

/** What a message asks of a producer, by headers first and options then. Each question fails naming header and option. */
final class OperationOrder {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,10})-(\\d{1,10})");

    private final Message message;
    private final ImapConfiguration configuration;

    OperationOrder(Message message, ImapConfiguration configuration) {
        this.message = message;
        this.configuration = configuration;
    }

    Message message() {
        return message;
    }

    ImapConfiguration configuration() {
        return configuration;
    }

    /** @throws IllegalArgumentException if something is missing or cannot be understood */
    void check(ImapOperation operation) {
        switch (operation) {
            case APPEND -> {
                flags();
                date();
                folder();
            }
            case FETCH -> {
                uids();
                section();
                range();
            }
            case STORE -> {
                uids();
                if (flags().isEmpty() && labels().isEmpty() && change() != FlagChange.Operation.REPLACE) {
                    throw new IllegalArgumentException(
                            "store needs the header " + MailConstants.IMAP_FLAGS + " or " + MailConstants.IMAP_LABELS);
                }
                if (unchangedSince().isPresent() && !labels().isEmpty()) {
                    throw new IllegalArgumentException(
                            MailConstants.IMAP_UNCHANGED_SINCE + " is about flags, not about labels");
                }
            }
            case COPY, MOVE -> {
                uids();
                target();
            }
            case DELETE -> uids();
            case EXPUNGE -> {
                folderOfMails();
                optionalUids();
            }
            case SEARCH -> {
                criteria();
                page();
            }
            case SORT -> {
                criteria();
                order();
            }
            case THREAD -> {
                criteria();
                threading();
            }
            case RENAME -> {
                folder();
                target();
            }
            case ACL -> {
                folder();
                if (text(MailConstants.IMAP_ACL_RIGHTS).isPresent()
                        && text(MailConstants.IMAP_ACL_IDENTIFIER).isEmpty()) {
                    throw new IllegalArgumentException("to set rights acl needs the header "
                            + MailConstants.IMAP_ACL_IDENTIFIER + ", whose they are to be");
                }
            }
            case CREATE, REMOVE, STATUS, SUBSCRIBE, UNSUBSCRIBE, QUOTA -> folder();
            case LIST, NAMESPACE, ID, CAPABILITY, NOOP, LOGOUT -> {
                // They need nothing.
            }
        }
    }

    Optional<String> text(String header) {
        return Optional.ofNullable(message.getHeader(header, String.class));
    }

    /** The folder that is worked on. */
    MailboxName folder() {
        return MailboxName.of(text(MailConstants.IMAP_FOLDER).orElse(configuration.getFolderName()));
    }

    MailboxName target() {
        String name = text(MailConstants.IMAP_TARGET_FOLDER).orElse(configuration.getTargetFolder());
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("where to is told neither by the option targetFolder nor by the header "
                    + MailConstants.IMAP_TARGET_FOLDER);
        }
        return MailboxName.of(name);
    }

    // ---- which mails

    /** Are the mails named by what an imap consumer has told of one? Then folder and UIDVALIDITY are what it told, too. */
    private boolean isReceivedMail() {
        return message.getHeader(MailConstants.IMAP_UIDS) == null && message.getHeader(MailConstants.UID) != null;
    }

    MailboxName folderOfMails() {
        if (isReceivedMail()
                && message.getHeader(MailConstants.IMAP_FOLDER) == null
                && text(MailConstants.FOLDER).isPresent()) {
            return MailboxName.of(text(MailConstants.FOLDER).get());
        }
        return folder();
    }

    /** The UIDVALIDITY under which the UID was learned. */
    OptionalLong expectedValidity() {
        Long validity = isReceivedMail() ? message.getHeader(MailConstants.UID_VALIDITY, Long.class) : null;
        return validity == null || validity < 1 ? OptionalLong.empty() : OptionalLong.of(validity);
    }

    UidSet uids() {
        return optionalUids()
                .orElseThrow(() -> new IllegalArgumentException("which mails is told neither by the header "
                        + MailConstants.IMAP_UIDS + " nor by " + MailConstants.UID));
    }

    Optional<UidSet> optionalUids() {
        Object told = message.getHeader(MailConstants.IMAP_UIDS);
        if (told == null) {
            told = message.getHeader(MailConstants.UID);
        }
        if (told == null) {
            return Optional.empty();
        }
        try {
            UidSet uids = uids(told);
            if (uids.isEmpty()) {
                throw new IllegalArgumentException("it is empty");
            }
            return Optional.of(uids);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the header " + MailConstants.IMAP_UIDS + " or " + MailConstants.UID
                            + " must be UIDs such as 7 or 1:3,7, not " + told + ": " + e.getMessage(),
                    e);
        }
    }

    private static UidSet uids(Object told) {
        if (told instanceof UidSet set) {
            return set;
        }
        if (told instanceof Number number) {
            return UidSet.of(number.longValue());
        }
        if (told instanceof Collection<?> several) {
            long[] numbers = new long[several.size()];
            int i = 0;
            for (Object one : several) {
                numbers[i++] = Long.parseLong(String.valueOf(one).strip());
            }
            return UidSet.of(numbers);
        }
        return UidSet.parse(told.toString().strip());
    }

    // ---- what to fetch

    String section() {
        String section = text(MailConstants.IMAP_SECTION)
                .orElse(configuration.getSection())
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!Set.of("whole", "headers", "text", "structure").contains(section)) {
            BodySection.part(section);
        }
        return section;
    }

    /** First octet and how many. */
    Optional<long[]> range() {
        Optional<long[]> bounds = bounds(MailConstants.IMAP_RANGE, 0);
        if (bounds.isPresent() && section().equals("structure")) {
            throw new IllegalArgumentException("a structure has no octets to fetch a range of");
        }
        return bounds;
    }

    /** The first and last of those found, from 1. */
    Optional<long[]> page() {
        return bounds(MailConstants.IMAP_PAGE, 1);
    }

    private Optional<long[]> bounds(String header, long least) {
        return text(header).map(told -> {
            Matcher matcher = RANGE.matcher(told.strip());
            if (!matcher.matches()
                    || Long.parseLong(matcher.group(1)) < least
                    || Long.parseLong(matcher.group(2)) < Long.parseLong(matcher.group(1))) {
                throw new IllegalArgumentException("the header " + header + " must be two numbers from " + least
                        + " with a hyphen between, such as " + least + "-99, not " + told);
            }
            return new long[] {Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))};
        });
    }

    // ---- what to look for

    SearchCriteria criteria() {
        String words = text(MailConstants.IMAP_SEARCH).orElse(configuration.getSearch());
        return SearchCriteria.parse(words == null || words.isBlank() ? "ALL" : words);
    }

    SortOrder order() {
        String told = text(MailConstants.IMAP_SORT).orElse(configuration.getSortTerm());
        if (told == null) {
            throw new IllegalArgumentException(
                    "in which order is told neither by the option sortTerm nor by the header "
                            + MailConstants.IMAP_SORT);
        }
        return SortOrder.parse(told);
    }

    Optional<MessageSearch.Threading> threading() {
        return text(MailConstants.IMAP_THREADING).map(told -> {
            try {
                return MessageSearch.Threading.valueOf(told.strip().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the header " + MailConstants.IMAP_THREADING
                                + " must be references, refs or orderedsubject, not " + told,
                        e);
            }
        });
    }

    // ---- what to change

    FlagChange.Operation change() {
        String told = text(MailConstants.IMAP_CHANGE).orElse("add").strip();
        try {
            return FlagChange.Operation.valueOf(told.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the header " + MailConstants.IMAP_CHANGE + " must be add, remove or replace, not " + told, e);
        }
    }

    Set<Flag> flags() {
        Set<Flag> flags = new LinkedHashSet<>();
        for (String name : words(MailConstants.IMAP_FLAGS)) {
            Flag flag = new Flag(name);
            if (!flag.isStorable()) {
                throw new IllegalArgumentException(
                        "the header " + MailConstants.IMAP_FLAGS + " has a flag that a client cannot set: " + name);
            }
            flags.add(flag);
        }
        return flags;
    }

    /** The mod-sequence up to which the changes of the mails are known. */
    OptionalLong unchangedSince() {
        Object told = message.getHeader(MailConstants.IMAP_UNCHANGED_SINCE);
        if (told == null) {
            return OptionalLong.empty();
        }
        Long modSeq = message.getHeader(MailConstants.IMAP_UNCHANGED_SINCE, Long.class);
        if (modSeq == null || modSeq < 0) {
            throw new IllegalArgumentException("the header " + MailConstants.IMAP_UNCHANGED_SINCE
                    + " must be a mod-sequence, which is a number from 0, not " + told);
        }
        return OptionalLong.of(modSeq);
    }

    List<String> labels() {
        Object told = message.getHeader(MailConstants.IMAP_LABELS);
        return told instanceof String one ? List.of(one) : words(MailConstants.IMAP_LABELS);
    }

    private List<String> words(String header) {
        Object told = message.getHeader(header);
        if (told == null) {
            return List.of();
        }
        if (told instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).toList();
        }
        return Arrays.stream(told.toString().strip().split("[\\s,]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** When an appended mail is to have arrived. */
    Optional<OffsetDateTime> date() {
        Object told = message.getHeader(MailConstants.IMAP_DATE);
        if (told == null) {
            return Optional.empty();
        }
        ZoneId here = ZoneId.systemDefault();
        if (told instanceof OffsetDateTime moment) {
            return Optional.of(moment);
        } else if (told instanceof ZonedDateTime moment) {
            return Optional.of(moment.toOffsetDateTime());
        } else if (told instanceof Instant moment) {
            return Optional.of(moment.atZone(here).toOffsetDateTime());
        } else if (told instanceof Date moment) {
            return Optional.of(
                    Instant.ofEpochMilli(moment.getTime()).atZone(here).toOffsetDateTime());
        } else if (told instanceof Number millis) {
            return Optional.of(
                    Instant.ofEpochMilli(millis.longValue()).atZone(here).toOffsetDateTime());
        }
        try {
            return Optional.of(OffsetDateTime.parse(told.toString().strip()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "the header " + MailConstants.IMAP_DATE + " must be a date such as 2026-01-31T12:00:00Z, not "
                            + told,
                    e);
        }
    }
}
