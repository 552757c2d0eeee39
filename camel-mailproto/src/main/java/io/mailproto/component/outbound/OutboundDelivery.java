package io.mailproto.component.outbound;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailMessage;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.MailPermanentException;
import io.mailproto.component.MailTransientException;
import io.mailproto.mime.HeaderFields;
import io.mailproto.mime.RelayedMessage;
import io.mailproto.smtp.client.DeliveryRequest;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.SmtpOutcomeUnknown;
import io.mailproto.smtp.client.SmtpRefused;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.wire.MailFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;

/** One exchange as a mail: made, given to the client, and its outcome written back. For one thread. */
public final class OutboundDelivery {

    private final OutboundOptions options;
    private final HeaderFilterStrategy filter;
    private final Exchange exchange;
    private final AcceptedRecipients memory;
    private final Set<String> acceptedBefore;
    private final Envelope envelope;
    private final DeliveryRequest request;
    private final OutboundMail mail;

    /**
     * Makes the mail, unless everybody has it.
     *
     * @throws IllegalArgumentException if it cannot be a mail
     */
    public OutboundDelivery(
            OutboundOptions options,
            HeaderFilterStrategy filter,
            Exchange exchange,
            AcceptedRecipients memory,
            Spool spool)
            throws IOException {
        this.options = options;
        this.filter = filter;
        this.exchange = exchange;
        this.memory = memory;
        OutboundAddresses addresses = OutboundAddresses.of(exchange.getMessage(), options);
        memory.recall(MailIdentity.of(exchange, addresses, options));
        this.acceptedBefore = memory.accepted();
        Set<String> settled = acceptedBefore;
        if (!memory.uncertain().isEmpty()) {
            settled = new LinkedHashSet<>(acceptedBefore);
            settled.addAll(memory.uncertain());
        }
        this.envelope = addresses.envelope(settled);
        this.request = DeliveryHeaders.of(exchange.getMessage(), options);
        this.mail = isDone() ? null : mail(addresses, spool);
    }

    /** Has everybody got it before, or may have? */
    public boolean isDone() {
        return envelope.recipients().isEmpty();
    }

    public Outgoing outgoing() {
        return new Outgoing(envelope, mail, request);
    }

    /** Whom it is for, as far as they had not got it before. */
    public List<String> recipients() {
        return names(envelope.recipients());
    }

    public AcceptedRecipients memory() {
        return memory;
    }

    /** Gives back what was spooled for sending. */
    public void release() {
        if (mail != null) {
            mail.release();
        }
    }

    // ---- what is sent

    private OutboundMail mail(OutboundAddresses addresses, Spool spool) throws IOException {
        Message message = exchange.getMessage();
        if (message.getBody() instanceof Mail received) {
            return new RelayedMail(exchange, received, options, filter).outbound();
        }
        if (isRfc822(message)) {
            Mail own = message instanceof MailMessage received ? received.getMail() : null;
            RelayedMail.warnOfWhatIsLeftOut(exchange, own, options);
            return octets(message, spool);
        }
        return new ComposedMail(exchange, options, filter, spool).compose(addresses, memory.messageId());
    }

    private static boolean isRfc822(Message message) {
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        return type != null && type.toLowerCase(Locale.ROOT).strip().startsWith("message/rfc822");
    }

    /** Octets that are a mail already; only its Message-ID is looked for. */
    private OutboundMail octets(Message message, Spool spool) throws IOException {
        if (message.getBody() instanceof byte[] octets) {
            return verbatim(Octets.of(octets), null);
        }
        try (InputStream in = message.getBody(InputStream.class)) {
            if (in == null) {
                throw new IllegalArgumentException("Content-Type is message/rfc822, but the body is no octets");
            }
            Octets octets = spool.copy(in);
            return verbatim(octets, octets);
        }
    }

    private OutboundMail verbatim(Octets octets, Octets owned) throws IOException {
        String id = HeaderFields.read(octets).value("Message-ID").orElse(null);
        boolean isRewritable = options.isConvertEightBit() && options.getRelay() != RelayMode.VERBATIM;
        return new OutboundMail(RelayedMessage.verbatim(octets), true, false, id, isRewritable, owned);
    }

    // ---- what came of it

    /** The server has taken the mail; @throws MailPartialException if not for everybody */
    public void settle(TransactionReport report) throws MailPartialException {
        setResults(exchange, report, mail);
        if (report.isComplete()) {
            return;
        }
        memory.remember(names(report.delivered()), mail.messageId());
        MailPartialException partial = new MailPartialException(report);
        partial.acceptedBefore(acceptedBefore);
        throw partial;
    }

    private static List<String> names(List<EmailAddress> addresses) {
        return addresses.stream().map(EmailAddress::toString).toList();
    }

    /** The failure as routes can catch it; one that implements {@link MailFailure}. */
    public MailDeliveryException failure(IOException e) {
        return failureOf(e).acceptedBefore(acceptedBefore);
    }

    private MailDeliveryException failureOf(IOException e) {
        if (e instanceof SmtpOutcomeUnknown unknown) {
            setResults(exchange, unknown.report(), mail);
            // Some of several recipients may be known to have it (LMTP).
            List<EmailAddress> delivered = unknown.report().delivered();
            if (!delivered.isEmpty()) {
                memory.remember(names(delivered), mail.messageId());
            }
            return new MailOutcomeUnknownException(unknown, unknown.report());
        }
        TransactionReport report =
                e instanceof SmtpRefused refused ? refused.report().orElse(null) : null;
        if (report != null) {
            setResults(exchange, report, mail);
        }
        return failed((IOException & MailFailure) e, report);
    }

    private static <F extends Exception & MailFailure> MailDeliveryException failed(F e, TransactionReport report) {
        return e.isTransient() ? new MailTransientException(e, report) : new MailPermanentException(e, report);
    }

    /**
     * What came of a mail that went several ways. Whoever may have it without anybody knowing is remembered too, and does
     * not get it again in a redelivery.
     *
     * @param failure what to throw if nobody has taken it, or nobody knows; not asked for if everybody has
     * @throws MailDeliveryException unless everybody has got it, now or before
     */
    public <F extends Exception & MailFailure> void settle(TransactionReport report, Supplier<F> failure)
            throws MailDeliveryException {
        setResults(exchange, report, mail);
        List<String> unknown = report.recipients().stream()
                .filter(result -> result.outcome() == RecipientResult.Outcome.UNKNOWN)
                .map(result -> result.recipient().toString())
                .toList();
        boolean isAnyUncertain = !unknown.isEmpty() || !memory.uncertain().isEmpty();
        if (report.isComplete() && !isAnyUncertain) {
            return;
        }
        if (!report.delivered().isEmpty()) {
            memory.remember(names(report.delivered()), mail.messageId());
        }
        if (!unknown.isEmpty()) {
            memory.rememberUncertain(unknown);
        }
        throw exceptionOf(report, failure.get(), isAnyUncertain).acceptedBefore(acceptedBefore);
    }

    private static <F extends Exception & MailFailure> MailDeliveryException exceptionOf(
            TransactionReport report, F failure, boolean isAnyUncertain) {
        if (isAnyUncertain) {
            return new MailOutcomeUnknownException(failure, report);
        }
        return report.isTaken() ? new MailPartialException(report) : failed(failure, report);
    }

    /** The failure of a question. */
    public static <F extends Exception & MailFailure> MailDeliveryException asked(F e) {
        return failed(e, null);
    }

    /** The recipients for whom a mail that may have arrived was meant. */
    public List<String> uncertainAfter(MailOutcomeUnknownException unknown) {
        return unknown.report()
                .map(report -> report.recipients().stream()
                        .filter(result -> !result.isRefused())
                        .map(result -> result.recipient().toString())
                        .toList())
                .orElseGet(() -> names(envelope.recipients()));
    }

    private static void setResults(Exchange exchange, TransactionReport report, OutboundMail mail) {
        Message message = exchange.getMessage();
        Map<String, String> results = new LinkedHashMap<>();
        for (RecipientResult result : report.recipients()) {
            results.put(
                    result.recipient().toString(),
                    result.reply()
                            .map(Object::toString)
                            .orElse(result.outcome() == RecipientResult.Outcome.UNKNOWN ? "unknown" : "not tried"));
        }
        message.setHeader(MailConstants.RECIPIENT_RESULTS, results);
        set(
                message,
                MailConstants.RESULT_REPLY,
                report.reply().map(Object::toString).orElse(null));
        set(
                message,
                MailConstants.RESULT_CODE,
                report.reply().map(reply -> reply.code()).orElse(null));
        set(
                message,
                MailConstants.RESULT_ENHANCED_CODE,
                report.enhanced().map(Object::toString).orElse(null));
        set(message, MailConstants.RESULT_QUEUE_ID, report.queueId().orElse(null));
        set(message, MailConstants.MESSAGE_ID, mail.messageId());
    }

    /** A header of an earlier mail must not stay when this one has none. */
    private static void set(Message message, String name, Object value) {
        if (value == null) {
            message.removeHeader(name);
        } else {
            message.setHeader(name, value);
        }
    }
}
