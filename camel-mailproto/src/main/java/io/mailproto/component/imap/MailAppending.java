package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailMessage;
import io.mailproto.component.outbound.DraftMail;
import io.mailproto.imap.AppendedUids;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.NewMessage;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * The operation append. A body that is a mail is appended octet for octet; of other octets and of text that are a message of
 * RFC 5322, the line ends become CRLF. Of any other body, and of a text beside headers such as Subject, a mail is composed. A
 * list of such bodies, or of exchanges with such, is several messages.
 */
final class MailAppending {
    /** Octets that are a mail, also beside headers that could make one of them. */
    private static final Pattern MESSAGE = Pattern.compile(
            "^(?:From|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To)[ \\t]*:",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final ProducerSession session;
    private final OperationOrder order;
    private final Spool spool;
    private final HeaderFilterStrategy filter;
    /** Octets that are given back afterwards. */
    private final List<Octets> temporary = new ArrayList<>();

    /** @param filter which headers become fields of a mail that is composed */
    MailAppending(ProducerSession session, OperationOrder order, Spool spool, HeaderFilterStrategy filter) {
        this.filter = filter;
        this.session = session;
        this.order = order;
        this.spool = spool;
    }

    void run() throws IOException {
        Message message = order.message();
        try {
            List<NewMessage> messages = new ArrayList<>();
            if (message.getBody() instanceof List<?> several) {
                for (Object one : several) {
                    messages.add(message(
                            one instanceof Exchange exchange
                                    ? octets(
                                            exchange.getMessage(),
                                            exchange.getMessage().getBody())
                                    : octets(message, one)));
                }
            } else {
                messages.add(message(octets(message, message.getBody())));
            }
            MailboxName folder = order.folder();
            AppendedUids[] uids = new AppendedUids[1];
            session.makingFolder(
                    folder, () -> uids[0] = session.client().appends().append(folder, messages));
            message.setHeader(MailConstants.IMAP_RESULT, uids[0]);
        } finally {
            temporary.forEach(Octets::release);
        }
    }

    private NewMessage message(Octets octets) {
        return new NewMessage(octets, order.flags(), order.date());
    }

    private Octets octets(Message message, Object body) throws IOException {
        if (body instanceof Mail mail) {
            return mail.octets();
        }
        if (message instanceof MailMessage received && received.isBodyOriginal() && body == message.getBody()) {
            return received.getMail().octets();
        }
        boolean isDescribed = body == message.getBody() && DraftMail.isDescribedBy(message);
        boolean saysItIsMail = isRfc822(message);
        if (isDescribed && !saysItIsMail && (body == null || body instanceof CharSequence)) {
            return composed(message);
        }
        InputStream in = message.getExchange()
                .getContext()
                .getTypeConverter()
                .tryConvertTo(InputStream.class, message.getExchange(), body);
        if (in == null) {
            throw new IllegalArgumentException("append needs a mail, or octets or text of one, as the body, not "
                    + (body == null ? "nothing" : body.getClass().getName()));
        }
        if (!isDescribed || saysItIsMail) {
            return requireHeader(kept(in, true));
        }
        Octets given = kept(in, false);
        if (MESSAGE.matcher(start(given)).find()) {
            return requireHeader(kept(given.open(), true));
        }
        // Its octets have been read and may not come again.
        message.setBody(given.open());
        try {
            return composed(message);
        } finally {
            message.setBody(body);
        }
    }

    private Octets composed(Message message) throws IOException {
        Octets octets = DraftMail.compose(message.getExchange(), filter, spool);
        temporary.add(octets);
        return octets;
    }

    private Octets kept(InputStream in, boolean withLineEnds) throws IOException {
        try (in;
                SpoolWriter writer = spool.newWriter(-1)) {
            in.transferTo(withLineEnds ? new LineEnds(writer) : writer);
            Octets octets = writer.finish();
            temporary.add(octets);
            return octets;
        }
    }

    private static boolean isRfc822(Message message) {
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        return type != null && type.toLowerCase(Locale.ROOT).strip().startsWith("message/rfc822");
    }

    /** A text without a header would be taken by every server, and be a mail from nobody about nothing. */
    private static Octets requireHeader(Octets octets) throws IOException {
        String text = start(octets);
        if (!text.matches("(?s)[!-9;-~]+[ \\t]*:.*") && !text.startsWith("From ")) {
            throw new IllegalArgumentException("append needs a message of RFC 5322 as the body, which begins with a"
                    + " header field, or headers such as From and Subject to make a mail of the body; this one begins"
                    + " otherwise, and there are no such headers");
        }
        return octets;
    }

    private static String start(Octets octets) throws IOException {
        byte[] start = new byte[(int) Math.min(octets.size(), 1_000)];
        try (InputStream in = octets.open()) {
            return new String(start, 0, in.readNBytes(start, 0, start.length), StandardCharsets.ISO_8859_1);
        }
    }

    /** Makes CRLF of every LF that stands alone. */
    private static final class LineEnds extends OutputStream {
        private final OutputStream out;
        private int last;

        LineEnds(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            int from = offset;
            for (int i = offset; i < offset + length; i++) {
                if (octets[i] == '\n' && last != '\r') {
                    out.write(octets, from, i - from);
                    out.write('\r');
                    from = i;
                }
                last = octets[i];
            }
            out.write(octets, from, offset + length - from);
        }
    }
}
