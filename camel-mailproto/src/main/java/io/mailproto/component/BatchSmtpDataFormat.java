package io.mailproto.component;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.BatchSmtp;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatContentTypeHeader;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a mail with its envelope through queues and files as {@code application/batch-SMTP} (RFC 2442). Marshals the
 * body if it is a {@link Mail} or octets, or the original mail of a {@link MailMessage} whose body is still its text; with
 * the envelope of the headers {@link MailConstants#ENVELOPE_SENDER} and {@link MailConstants#ENVELOPE_RECIPIENTS}.
 * Unmarshals to a {@link Mail} and these headers. Brokers drop both headers and lists, hence this format.
 *
 * <pre>{@code
 * from("imap:…").setHeader(MailConstants.ENVELOPE_RECIPIENTS, constant("archive@example.com"))
 *     .marshal().custom("bsmtp").to("jms:mail");
 * from("jms:mail").unmarshal().custom("bsmtp").to("smtp:relay.example.com");
 * }</pre>
 */
@Dataformat("bsmtp")
public class BatchSmtpDataFormat extends ServiceSupport
        implements DataFormat, DataFormatName, DataFormatContentTypeHeader, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSmtpDataFormat.class);

    private CamelContext camelContext;
    private boolean contentTypeHeader = true;

    @Override
    public String getDataFormatName() {
        return "bsmtp";
    }

    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) throws Exception {
        Message message = exchange.getMessage();
        BatchSmtp.write(new BatchSmtp.Message(envelope(message), octets(exchange, graph)), stream);
        if (contentTypeHeader) {
            message.setHeader(Exchange.CONTENT_TYPE, BatchSmtp.CONTENT_TYPE);
        }
    }

    private static Envelope envelope(Message message) {
        String sender = message.getHeader(MailConstants.ENVELOPE_SENDER, "", String.class);
        List<EmailAddress> recipients = new ArrayList<>();
        Object value = message.getHeader(MailConstants.ENVELOPE_RECIPIENTS);
        if (value instanceof Iterable<?> addresses) {
            addresses.forEach(address -> recipients.add(EmailAddress.parseStrictly(address.toString())));
        } else if (value != null) {
            for (String address : value.toString().split("[,;]")) {
                recipients.add(EmailAddress.parseStrictly(address.strip()));
            }
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("bsmtp: the mail has no envelope recipients; set the header "
                    + MailConstants.ENVELOPE_RECIPIENTS + " before marshalling");
        }
        return new Envelope(
                sender.isBlank() ? Optional.empty() : Optional.of(EmailAddress.parseStrictly(sender.strip())),
                recipients);
    }

    private Octets octets(Exchange exchange, Object graph) throws Exception {
        if (graph instanceof Mail mail) {
            return octets(exchange, mail);
        }
        if (exchange.getMessage() instanceof MailMessage message && message.isBodyOriginal()) {
            return octets(exchange, message.getMail());
        }
        InputStream in =
                exchange.getContext().getTypeConverter().mandatoryConvertTo(InputStream.class, exchange, graph);
        return spool().copy(in);
    }

    private static Octets octets(Exchange exchange, Mail mail) throws IOException {
        List<String> added = AddedAttachments.of(exchange, mail);
        if (!added.isEmpty()) {
            LOG.warn("bsmtp writes a mail as it came, without what was attached to it: {}", String.join(", ", added));
        }
        return mail.octets();
    }

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
        BatchSmtp.Message read = BatchSmtp.read(stream, spool());
        Message message = exchange.getMessage();
        message.setHeader(
                MailConstants.ENVELOPE_SENDER,
                read.envelope().sender().map(EmailAddress::toString).orElse(""));
        List<String> recipients = new ArrayList<>();
        read.envelope().recipients().forEach(recipient -> recipients.add(recipient.toString()));
        message.setHeader(MailConstants.ENVELOPE_RECIPIENTS, recipients);
        message.removeHeader(Exchange.CONTENT_TYPE);
        return Mail.of(read.octets());
    }

    private Spool spool() {
        return MailRuntime.of(camelContext).spool(SpoolOptions.DEFAULT_THRESHOLD, null);
    }

    public boolean isContentTypeHeader() {
        return contentTypeHeader;
    }

    /**
     * Whether marshalling sets the Content-Type header to application/batch-SMTP.
     */
    @Override
    public void setContentTypeHeader(boolean contentTypeHeader) {
        this.contentTypeHeader = contentTypeHeader;
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }
}
