package io.mailproto.component.outbound;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers of a message become fields of a mail, beside those with a meaning of their own (From, To, Subject and so
 * on): the ones that are meant for mail, and those an option names. Immutable, thread-safe.
 */
public final class FieldChoice {

    /**
     * RFC 5322, RFC 2076, RFC 2156, RFC 2369, RFC 2919, RFC 3834, RFC 8058 and what mail programs write, but for what HTTP has
     * under the same name, such as Priority and User-Agent.
     */
    private static final Set<String> MEANT_FOR_MAIL = Set.of(
            "auto-submitted",
            "comments",
            "date",
            "disposition-notification-to",
            "feedback-id",
            "importance",
            "in-reply-to",
            "keywords",
            "list-archive",
            "list-help",
            "list-id",
            "list-owner",
            "list-post",
            "list-subscribe",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "organization",
            "precedence",
            "references",
            "reply-by",
            "return-receipt-to",
            "sensitivity",
            "x-auto-response-suppress",
            "x-mailer",
            "x-msmail-priority",
            "x-priority");

    /** What every mail must have, and what says how its body is to be read. */
    private static final Set<String> NEVER_DROPPED = Set.of("from", "date", "mime-version");

    private final Names sent;
    private final Names dropped;

    /**
     * A choice.
     *
     * @param sendHeaders names, separated by commas, each perhaps with an asterisk at its end; null for none
     * @param dropHeaders as sendHeaders
     * @throws IllegalArgumentException naming the option, if it has something that is no name
     */
    public FieldChoice(String sendHeaders, String dropHeaders) {
        this.sent = new Names("sendHeaders", sendHeaders);
        this.dropped = new Names("dropHeaders", dropHeaders);
        if (dropped.has("")) {
            throw new IllegalArgumentException(
                    "dropHeaders=* would leave nothing of a mail; name what is to be dropped");
        }
    }

    /** True if a header of this name becomes a field. */
    boolean isSent(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isChosen = MEANT_FOR_MAIL.contains(lower) || sent.has(lower);
        return isChosen && !dropped.has(lower) && (!isStructure(lower) || lower.equals("content-language"));
    }

    /** True if the header is not merely caught by a name with an asterisk: then whoever asked for it wants it or an error. */
    boolean isNamed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return MEANT_FOR_MAIL.contains(lower) || sent.whole.contains(lower);
    }

    /** True if no mail shall have a field of this name, whether composed or relayed. */
    boolean isDropped(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return dropped.has(lower) && !NEVER_DROPPED.contains(lower) && !isStructure(lower);
    }

    /** What a body is made of cannot be changed by a header alone. */
    static boolean isStructure(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("content-") || lower.equals("mime-version");
    }

    private static final class Names {
        private final Set<String> whole;
        private final List<String> prefixes = new ArrayList<>();

        Names(String option, String list) {
            List<String> names = Arrays.stream(list == null ? new String[0] : list.split("[,\\s]+"))
                    .filter(name -> !name.isEmpty())
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .toList();
            for (String name : names) {
                if (!name.matches("[!-)+-9;-~]*\\*?")) {
                    throw new IllegalArgumentException(option + ": " + name + " is no name of a header");
                }
                if (name.endsWith("*")) {
                    prefixes.add(name.substring(0, name.length() - 1));
                }
            }
            this.whole = Set.copyOf(names);
        }

        boolean has(String lower) {
            return whole.contains(lower) || prefixes.stream().anyMatch(lower::startsWith);
        }
    }
}
