package io.mailproto.smtp;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolWriter;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.CountedInput;
import io.mailproto.wire.DotReader;
import io.mailproto.wire.DotWriter;
import io.mailproto.wire.EndOfData;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.Step;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One message with its envelope as a batch of SMTP commands, {@code application/batch-SMTP} (RFC 2442): what travels
 * through queues and files, readable by other mail programs. Octets survive unchanged: a message that DATA cannot carry
 * as it is, because it has bare line endings or no CRLF at its end, is written with BDAT (RFC 3030). Streams both ways in
 * constant memory. Stateless, thread-safe.
 *
 * <pre>
 * EHLO localhost
 * MAIL FROM:&lt;ann@example.com&gt;
 * RCPT TO:&lt;bob@example.org&gt;
 * DATA
 * Subject: hi
 *
 * ..leading dot
 * .
 * QUIT
 * </pre>
 */
public final class BatchSmtp {

    /** The media type. */
    public static final String CONTENT_TYPE = "application/batch-SMTP";

    private static final int BUFFER = 32 * 1024;
    private static final int MAX_RECIPIENTS = 100_000;

    private BatchSmtp() {}

    /**
     * A message and whom it is from and for.
     *
     * @param envelope sender and recipients
     * @param octets the message
     */
    public record Message(Envelope envelope, Octets octets) {}

    /**
     * Writes a message; flushes, does not close.
     *
     * @throws IllegalArgumentException if there are no recipients, since nobody could deliver it
     */
    public static void write(Message message, OutputStream target) throws IOException {
        OutputStream out = new BufferedOutputStream(target, BUFFER);
        Envelope envelope = message.envelope();
        if (envelope.recipients().isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one recipient");
        }
        boolean utf8 = envelope.needsUtf8();
        line(out, "EHLO localhost");
        line(out, "MAIL FROM:" + envelope.reversePath() + (utf8 ? " SMTPUTF8" : ""));
        for (EmailAddress recipient : envelope.recipients()) {
            line(out, "RCPT TO:<" + recipient + ">");
        }
        if (fitsData(message.octets())) {
            line(out, "DATA");
            DotWriter data = new DotWriter(out, BareLineEnding.REJECT);
            message.octets().writeTo(data);
            data.finish();
        } else {
            line(out, "BDAT " + message.octets().size() + " LAST");
            message.octets().writeTo(out);
        }
        line(out, "QUIT");
        out.flush();
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** True if every line ends with CRLF, the last one too, so that DATA gives back the same octets. */
    private static boolean fitsData(Octets octets) throws IOException {
        InputStream in = octets.open();
        byte[] chunk = new byte[(int) Math.max(1, Math.min(octets.size(), 64 * 1024))];
        int previous = '\n';
        int beforePrevious = '\r';
        int read;
        while ((read = in.read(chunk, 0, chunk.length)) > 0) {
            for (int i = 0; i < read; i++) {
                int octet = chunk[i];
                if ((octet == '\n') != (previous == '\r')) {
                    return false;
                }
                beforePrevious = previous;
                previous = octet;
            }
        }
        return beforePrevious == '\r' && previous == '\n';
    }

    /**
     * Reads a batch of one message up to its QUIT or its end; does not close the stream.
     *
     * @throws IOException naming the line that was expected, if it is no batch, ends too early or has several messages
     */
    public static Message read(InputStream in, Spool spool) throws IOException {
        LineReader reader = LineReader.over(in, "batch SMTP", Step.of("reading a message"));
        SmtpCommandParser parser = new SmtpCommandParser(false);
        Optional<EmailAddress> sender = Optional.empty();
        List<EmailAddress> recipients = new ArrayList<>();
        Octets octets = null;
        boolean hasSender = false;
        while (true) {
            String line = reader.readLineOrEnd();
            if (line == null) {
                break;
            }
            SmtpCommand command = parse(parser, line);
            if (command instanceof SmtpCommand.MailFrom mail) {
                if (hasSender) {
                    throw new IOException("batch SMTP: a second message in one batch; only one is understood");
                }
                hasSender = true;
                sender = mail.sender();
            } else if (command instanceof SmtpCommand.RcptTo rcpt) {
                if (recipients.size() >= MAX_RECIPIENTS) {
                    throw new IOException("batch SMTP: more than " + MAX_RECIPIENTS + " recipients");
                }
                recipients.add(rcpt.recipient());
            } else if (command instanceof SmtpCommand.Data) {
                require(hasSender && octets == null, "MAIL before DATA");
                octets = data(reader, spool);
            } else if (command instanceof SmtpCommand.Bdat bdat) {
                require(hasSender && octets == null && bdat.isLast(), "MAIL before BDAT, and BDAT LAST");
                octets = chunk(reader, spool, bdat.octets());
            } else if (command instanceof SmtpCommand.Quit) {
                break;
            }
        }
        require(octets != null, "a message");
        return new Message(new Envelope(sender, recipients), octets);
    }

    private static void require(boolean isSo, String expected) throws IOException {
        if (!isSo) {
            throw new IOException("batch SMTP: expected " + expected);
        }
    }

    private static SmtpCommand parse(SmtpCommandParser parser, String line) throws IOException {
        try {
            return parser.parse(line);
        } catch (SmtpSyntaxException e) {
            throw new IOException("batch SMTP: expected an SMTP command: " + e.getMessage(), e);
        }
    }

    private static Octets data(LineReader reader, Spool spool) throws IOException {
        try (SpoolWriter writer = spool.newWriter(-1)) {
            DotReader text = reader.dotStuffed(EndOfData.STRICT);
            text.transferTo(writer);
            return writer.finish();
        }
    }

    private static Octets chunk(LineReader reader, Spool spool, long size) throws IOException {
        try (SpoolWriter writer = spool.newWriter(size)) {
            CountedInput chunk = reader.counted(size);
            chunk.transferTo(writer);
            return writer.finish();
        }
    }
}
