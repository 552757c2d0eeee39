package io.mailproto.component.imap;

import io.mailproto.component.MailConstants;
import io.mailproto.imap.BodySection;
import io.mailproto.imap.FetchedMessage;
import io.mailproto.imap.Flag;
import io.mailproto.mime.HeaderFields;
import io.mailproto.mime.MailDate;
import io.mailproto.mime.NamedAddress;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known of a mail before it is fetched, to choose and sort by.
 *
 * @param size 0 if the server does not tell
 * @param subject without "Re:" and the like, in small letters
 * @param from the part before the @ of the first address, in small letters; empty without one
 * @param to likewise
 * @param cc likewise
 */
record MailFacts(
        long uid,
        Optional<Instant> sent,
        Optional<Instant> received,
        long size,
        String subject,
        String from,
        String to,
        String cc) {
    /** RFC 5256 §2.1, as far as it matters: what replies, forwards and lists put around a subject. */
    private static final Pattern AROUND = Pattern.compile(
            "^\\s*(?:(?:re|fwd?|aw|wg)\\s*(?:\\[[^\\]]*\\])?\\s*:\\s*|\\[[^\\]]*\\]\\s*(?=\\S))+|\\s*\\(fwd\\)\\s*$",
            Pattern.CASE_INSENSITIVE);

    /** Of a message that was fetched with or without its header. */
    static MailFacts of(FetchedMessage message) throws IOException {
        Optional<Instant> received = message.internalDate().map(OffsetDateTime::toInstant);
        long uid = message.uid().orElseThrow();
        long size = message.size().orElse(0);
        if (!message.has(BodySection.HEADER)) {
            return new MailFacts(uid, Optional.empty(), received, size, "", "", "", "");
        }
        HeaderFields fields = HeaderFields.read(message.octets(BodySection.HEADER));
        return new MailFacts(
                uid,
                fields.value("Date").flatMap(MailDate::parse).map(OffsetDateTime::toInstant),
                received,
                size,
                base(fields.decoded("Subject").orElse("")),
                mailbox(fields, "From"),
                mailbox(fields, "To"),
                mailbox(fields, "Cc"));
    }

    private static String base(String subject) {
        return AROUND.matcher(subject).replaceAll("").strip().toLowerCase(Locale.ROOT);
    }

    private static String mailbox(HeaderFields fields, String name) {
        List<NamedAddress> addresses =
                NamedAddress.parseListLeniently(fields.value(name).orElse(""));
        return addresses.isEmpty() ? "" : addresses.get(0).address().localPart().toLowerCase(Locale.ROOT);
    }

    /** When it was sent, or else received (RFC 5256 §2.2). */
    Instant date() {
        return sent.or(() -> received).orElse(Instant.EPOCH);
    }

    /** What the protocol knows of a mail, as headers of a message. */
    static Map<String, Object> headers(FetchedMessage message, String folder, long uidValidity, long size) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(MailConstants.UID, Long.toString(message.uid().orElseThrow()));
        headers.put(MailConstants.UID_VALIDITY, uidValidity);
        headers.put(MailConstants.FOLDER, folder);
        headers.put(MailConstants.SIZE, size);
        Set<String> names = new LinkedHashSet<>();
        message.flags().orElse(Set.of()).stream().map(Flag::name).forEach(names::add);
        headers.put(MailConstants.FLAGS, names);
        message.internalDate().ifPresent(date -> headers.put(MailConstants.INTERNAL_DATE, date.toInstant()));
        return headers;
    }
}
