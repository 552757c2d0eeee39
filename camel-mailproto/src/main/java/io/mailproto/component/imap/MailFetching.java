package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.component.PartStreamCache;
import io.mailproto.imap.BodySection;
import io.mailproto.imap.FetchItems;
import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.imap.FetchedMessage;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.SelectedMailbox;
import io.mailproto.imap.UidSet;
import io.mailproto.mime.MimePart;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The operation fetch. One mail becomes the body, of several a map by UID. A part is fetched with its own MIME header, so that
 * it can be decoded here, whatever the server knows of that.
 */
final class MailFetching {
    private static final byte[] NO_HEADER = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ImapClient client;
    private final OperationOrder order;
    private final Message message;
    private final Spool spool;

    MailFetching(ImapClient client, OperationOrder order, Spool spool) {
        this.client = client;
        this.order = order;
        this.message = order.message();
        this.spool = spool;
    }

    void run(SelectedMailbox folder) throws IOException {
        UidSet uids = order.uids();
        boolean isOne = uids.count() == 1;
        FetchItems items = items(isOne);
        List<FetchedMessage> got = new ArrayList<>();
        boolean done = false;
        try {
            client.uidFetch(uids, items, got::add);
            if (isOne) {
                one(got, folder);
            } else {
                Map<Long, Object> byUid = new LinkedHashMap<>();
                for (FetchedMessage fetched : got) {
                    byUid.put(fetched.uid().orElseThrow(), result(fetched));
                }
                message.setBody(byUid);
            }
            done = true;
        } finally {
            if (!done) {
                got.forEach(FetchedMessage::release);
            }
        }
    }

    private void one(List<FetchedMessage> got, SelectedMailbox folder) throws IOException {
        if (got.isEmpty()) {
            throw new IllegalArgumentException(
                    client.peer() + ": " + folder.name() + " has no mail with the UID " + order.uids());
        }
        FetchedMessage fetched = got.get(0);
        Object result = result(fetched);
        message.setBody(result);
        Map<String, Object> facts = MailFacts.headers(
                fetched,
                folder.name().name(),
                folder.uidValidity(),
                fetched.size().orElse(0));
        facts.forEach(message::setHeader);
        if (result instanceof PartBody part) {
            message.setBody(part.stream());
            message.setHeader(Exchange.CONTENT_TYPE, part.contentType());
            part.fileName().ifPresent(name -> message.setHeader(Exchange.FILE_NAME, name));
        }
    }

    private FetchItems items(boolean isOne) {
        FetchItems items =
                isOne ? FetchItems.of(Attribute.FLAGS, Attribute.INTERNAL_DATE, Attribute.SIZE) : FetchItems.of();
        String section = order.section();
        if (section.equals("structure")) {
            return new FetchItems(with(items, Attribute.BODY_STRUCTURE), items.sections(), items.peek());
        }
        if (isDecodedPart(section)) {
            items = items.with(BodySection.partHeader(section));
        }
        items = items.with(wanted(section));
        return order.configuration().isPeek() ? items : items.marking();
    }

    private static java.util.Set<Attribute> with(FetchItems items, Attribute more) {
        java.util.Set<Attribute> all = new java.util.HashSet<>(items.attributes());
        all.add(more);
        return all;
    }

    private boolean isDecodedPart(String section) {
        return Character.isDigit(section.charAt(0)) && order.range().isEmpty();
    }

    private BodySection wanted(String section) {
        BodySection entire =
                switch (section) {
                    case "whole" -> BodySection.WHOLE;
                    case "headers" -> BodySection.HEADER;
                    case "text" -> BodySection.TEXT;
                    default -> BodySection.part(section);
                };
        Optional<long[]> range = order.range();
        return range.isEmpty() ? entire : entire.range(range.get()[0], range.get()[1] - range.get()[0] + 1);
    }

    /**
     * A part that is the result.
     *
     * @param stream decoded
     * @param fileName without a path; empty if it has no name
     */
    private record PartBody(PartStreamCache stream, String contentType, Optional<String> fileName) {}

    private Object result(FetchedMessage fetched) throws IOException {
        String section = order.section();
        if (section.equals("structure")) {
            return fetched.structure().orElseThrow(() -> missing(fetched, "BODYSTRUCTURE"));
        }
        BodySection wanted = wanted(section);
        if (!fetched.holds(wanted)) {
            throw missing(fetched, "BODY[" + wanted.spec() + "]");
        }
        if (order.range().isPresent() || section.equals("text")) {
            try (InputStream octets = fetched.open(wanted)) {
                return new PartStreamCache(part(NO_HEADER, octets));
            }
        }
        if (!isDecodedPart(section)) {
            return Mail.of(fetched.octets(wanted));
        }
        BodySection header = BodySection.partHeader(section);
        byte[] head = fetched.has(header) ? fetched.octets(header).toByteArray() : NO_HEADER;
        if (head.length == 0 && fetched.octets(wanted).size() == 0) {
            // Deviation: an empty string instead of NIL for a part that is not there (Dovecot).
            throw missing(fetched, "BODY[" + wanted.spec() + "]");
        }
        try (InputStream octets = fetched.open(wanted)) {
            MimePart part = part(head, octets);
            PartBody body = new PartBody(
                    new PartStreamCache(part),
                    part.contentTypeField(),
                    part.fileName().map(MailFetching::baseName));
            return order.uids().count() == 1 ? body : body.stream();
        } finally {
            fetched.release();
        }
    }

    private MimePart part(byte[] head, InputStream octets) throws IOException {
        try (SpoolWriter writer = spool.newWriter(-1)) {
            writer.write(head);
            octets.transferTo(writer);
            Octets all = writer.finish();
            return ParsedMail.of(all).root();
        }
    }

    /** A name that comes with a mail never says where a file goes. */
    private static String baseName(String name) {
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "")
                .strip();
        return base.isEmpty() || base.equals(".") || base.equals("..") ? "attachment" : base;
    }

    private IOException missing(FetchedMessage fetched, String item) {
        return new IOException(client.peer() + ": fetching the mail with the UID "
                + fetched.uid().orElse(0) + ": the server did not send " + item
                + fetched.damage().map(damage -> " (" + damage + ")").orElse("; is there such a part?"));
    }
}
