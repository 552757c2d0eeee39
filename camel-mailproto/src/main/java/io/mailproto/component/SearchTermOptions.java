package io.mailproto.component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The options {@code searchTerm.…}, as camel-mail has them, as a {@link MailSearchTerm}. */
public final class SearchTermOptions {
    private SearchTermOptions() {}

    /**
     * All of them must be true; only unseen mails, unless {@code unseen} is false.
     *
     * @param options without the prefix
     * @return empty if they ask for nothing
     * @throws IllegalArgumentException naming the option that is unknown or makes no sense
     */
    public static Optional<MailSearchTerm> term(Map<String, Object> options) {
        Map<String, Object> left = new TreeMap<>(options);
        List<MailSearchTerm> terms = new ArrayList<>();
        if (isUnseen(left.remove("unseen"))) {
            terms.add(MailSearchTerm.unseen());
        }
        left.forEach((name, value) -> terms.add(term(name, String.valueOf(value))));
        return terms.stream().reduce(MailSearchTerm::and);
    }

    private static boolean isUnseen(Object value) {
        if (value == null || "true".equalsIgnoreCase(value.toString())) {
            return true;
        }
        if ("false".equalsIgnoreCase(value.toString())) {
            return false;
        }
        throw new IllegalArgumentException("searchTerm.unseen must be true or false, not " + value);
    }

    private static MailSearchTerm term(String name, String value) {
        try {
            return switch (name) {
                case "subjectOrBody" -> MailSearchTerm.subject(value).or(MailSearchTerm.body(value));
                case "subject" -> MailSearchTerm.subject(value);
                case "body" -> MailSearchTerm.body(value);
                case "from" -> MailSearchTerm.from(value);
                case "to" -> MailSearchTerm.to(value);
                case "fromSentDate" -> MailSearchTerm.sentSince(MailMoment.parse(value));
                case "toSentDate" -> MailSearchTerm.sentUntil(MailMoment.parse(value));
                case "fromReceivedDate" -> MailSearchTerm.receivedSince(MailMoment.parse(value));
                case "toReceivedDate" -> MailSearchTerm.receivedUntil(MailMoment.parse(value));
                default ->
                    throw new IllegalArgumentException("unknown; there are unseen, subjectOrBody, subject, body, from,"
                            + " to, fromSentDate, toSentDate, fromReceivedDate and toReceivedDate");
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("searchTerm." + name + ": " + e.getMessage(), e);
        }
    }
}
