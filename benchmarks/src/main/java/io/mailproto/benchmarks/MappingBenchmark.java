package io.mailproto.benchmarks;

import io.mailproto.benchmarks.Meter.Sample;
import io.mailproto.component.Mail;
import io.mailproto.component.MailPollEndpoint;
import io.mailproto.mime.MimePart;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.component.mail.MailMessage;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Mapping, without a network: the octets of a mail become headers, text and attachment octets of an exchange, by the
 * classes that the consumers use. Then base64 alone against the JDK's decoder, and a large attachment from a spool file.
 * Options: {@code --messages=}, {@code --sizes=3072}, {@code --attachment=100} MiB; 0 leaves that out.
 */
final class MappingBenchmark {
    private static final int MIB = 1024 * 1024;
    /** Nobody connects to it. */
    private static final String ADDRESS = "://localhost:143?username=a&password=b";

    private final Options options;
    private final PrintStream out;
    private final Meter meter = new Meter(new Bystanders());
    private final Session session = Session.getInstance(new Properties());
    private final byte[] chunk = new byte[64 * 1024];

    MappingBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Makes an exchange of a mail. */
    @FunctionalInterface
    private interface Mapper {
        Exchange map(byte[] mail) throws Exception;
    }

    void run() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            for (int size : options.numbers("sizes", 3072)) {
                mapping(context, size);
            }
            base64();
            int mebibytes = options.number("attachment", 100);
            if (mebibytes > 0) {
                large(context, mebibytes);
            }
        }
    }

    private void mapping(DefaultCamelContext context, int size) {
        int messages = options.number("messages", 100_000);
        byte[] mail = TestMail.multipart(1, size);
        Contest contest = new Contest(
                "mapping of %,d multiparts of %,d octets to headers, text and attachment octets, one thread"
                        .formatted(messages, mail.length),
                out);
        for (Candidate candidate : Candidate.chosenBy(options)) {
            contest.with(candidate.label(), () -> {
                candidate.prepareProcess();
                Mapper mapper = mapper(context, candidate);
                meter.start();
                long octets = 0;
                for (int i = 0; i < messages; i++) {
                    octets += read(mapper.map(mail));
                }
                return counted(messages, octets, (long) messages * size / 2);
            });
        }
        contest.run(options.number("warmups", 2), options.number("rounds", 5));
    }

    private Sample counted(int messages, long octets, long atLeast) {
        Sample sample = meter.stop(messages);
        if (octets < atLeast) {
            throw new IllegalStateException("only " + octets + " octets were read of " + messages + " messages");
        }
        return sample;
    }

    private Mapper mapper(DefaultCamelContext context, Candidate candidate) {
        if (candidate == Candidate.OURS) {
            MailPollEndpoint endpoint = ours(context);
            return mail -> mapped(endpoint, Octets.of(mail));
        }
        if (context.hasComponent("imap") == null) {
            candidate.register(context, "imap");
        }
        MailEndpoint endpoint = context.getEndpoint(candidate.scheme("imap") + ADDRESS, MailEndpoint.class);
        return mail -> mapped(endpoint, new MimeMessage(session, new ByteArrayInputStream(mail)));
    }

    private static MailPollEndpoint ours(DefaultCamelContext context) {
        return context.getEndpoint(Candidate.OURS.scheme("imap") + ADDRESS, MailPollEndpoint.class);
    }

    /** As camel-mail's consumer does it. */
    private static Exchange mapped(MailEndpoint endpoint, MimeMessage mail) throws MessagingException, IOException {
        Exchange exchange = endpoint.createExchange();
        exchange.setProperty(Exchange.BINDING, endpoint.getBinding());
        exchange.setIn(new MailMessage(exchange, mail, true));
        exchange.getIn().getBody();
        exchange.getIn().getHeaders();
        Map<String, Attachment> attachments = new HashMap<>();
        endpoint.getBinding().extractAttachmentsFromMail(mail, attachments);
        if (!attachments.isEmpty()) {
            exchange.getIn(AttachmentMessage.class).setAttachmentObjects(attachments);
        }
        return exchange;
    }

    /** As our consumers do it. */
    private static Exchange mapped(MailPollEndpoint endpoint, Octets octets) {
        Exchange exchange = endpoint.createExchange();
        exchange.setIn(new io.mailproto.component.MailMessage(
                exchange, Mail.of(octets), Map.of(), endpoint.headerMapping(), true));
        return exchange;
    }

    /** What a route does with it: looks at a header, at the text and at the octets of each attachment. */
    private long read(Exchange exchange) throws IOException {
        if (exchange.getMessage().getHeader("Subject", String.class) == null) {
            throw new IllegalStateException("no subject");
        }
        long octets = exchange.getMessage().getBody(String.class).length();
        AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
        for (var attachment : message.getAttachments().values()) {
            try (InputStream in = attachment.getInputStream()) {
                octets += drain(in);
            }
        }
        return octets;
    }

    private long drain(InputStream in) throws IOException {
        long octets = 0;
        int read;
        while ((read = in.read(chunk, 0, chunk.length)) > 0) {
            octets += read;
        }
        return octets;
    }

    private void base64() {
        int size = 5 * MIB;
        byte[] mail = withAttachment(size);
        byte[] body = encoded(size);
        MimePart part = attachment(Octets.of(mail));
        int times = 40;
        new Contest("base64 of %,d octets, %d times; a message is one of these".formatted(body.length, times), out)
                .with("JDK, array", () -> {
                    meter.start();
                    long octets = 0;
                    for (int i = 0; i < times; i++) {
                        octets += Base64.getMimeDecoder().decode(body).length;
                    }
                    return counted(times, octets, (long) times * size);
                })
                .with("JDK, stream", () -> {
                    meter.start();
                    long octets = 0;
                    for (int i = 0; i < times; i++) {
                        octets += drain(Base64.getMimeDecoder().wrap(new ByteArrayInputStream(body)));
                    }
                    return counted(times, octets, (long) times * size);
                })
                .with("ours, stream", () -> {
                    meter.start();
                    long octets = 0;
                    for (int i = 0; i < times; i++) {
                        octets += drain(part.open());
                    }
                    return counted(times, octets, (long) times * size);
                })
                .run(options.number("warmups", 2), options.number("rounds", 5));
    }

    private void large(DefaultCamelContext context, int mebibytes) throws IOException {
        byte[] mail = withAttachment(mebibytes * MIB);
        Octets spooled = new Spool(SpoolOptions.defaults()).copy(new ByteArrayInputStream(mail));
        MailPollEndpoint endpoint = ours(context);
        Mapper tuned = mapper(context, Candidate.TUNED);
        new Contest("one mail with an attachment of %,d MiB; ours is in a spool file".formatted(mebibytes), out)
                .with(Candidate.TUNED.label(), () -> {
                    Candidate.TUNED.prepareProcess();
                    meter.start();
                    return counted(1, read(tuned.map(mail)), (long) mebibytes * MIB);
                })
                .with(Candidate.OURS.label(), () -> {
                    meter.start();
                    return counted(1, read(mapped(endpoint, spooled)), (long) mebibytes * MIB);
                })
                .run(1, options.number("rounds", 3));
    }

    private static MimePart attachment(Octets mail) {
        try {
            return Mail.of(mail).attachments().get(0);
        } catch (IOException e) {
            throw new IllegalStateException("octets in memory cannot fail", e);
        }
    }

    private static byte[] encoded(int size) {
        byte[] attachment = new byte[size];
        new Random(1).nextBytes(attachment);
        return Base64.getMimeEncoder().encode(attachment);
    }

    private static byte[] withAttachment(int size) {
        byte[] head = TestMail.octets(
                "Subject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/x; name=big.bin\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n");
        byte[] body = encoded(size);
        byte[] tail = TestMail.octets("\r\n--b--\r\n");
        byte[] mail = Arrays.copyOf(head, head.length + body.length + tail.length);
        System.arraycopy(body, 0, mail, head.length, body.length);
        System.arraycopy(tail, 0, mail, head.length + body.length, tail.length);
        return mail;
    }
}
