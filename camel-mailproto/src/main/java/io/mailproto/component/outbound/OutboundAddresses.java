package io.mailproto.component.outbound;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.component.MailConstants;
import io.mailproto.mime.NamedAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Message;

/**
 * Who a mail is from and for: by headers where the endpoint asks for that, by the endpoint's options, or by the envelope it
 * came with, in this order.
 *
 * @param from the authors, for the field From; at least one
 * @param agent who sent it for the authors, for the field Sender; always there if they are several
 * @param sender the envelope's sender; empty for {@code <>}
 * @param to for the field To
 * @param cc for the field Cc
 * @param recipients everybody who gets it, each once
 */
public record OutboundAddresses(
        List<NamedAddress> from,
        Optional<NamedAddress> agent,
        Optional<EmailAddress> sender,
        List<NamedAddress> to,
        List<NamedAddress> cc,
        List<EmailAddress> recipients) {

    /** camel-mail's, for a mail that says nothing about its author. */
    static final String NOBODY = "camel@localhost";

    /**
     * Collects the addresses.
     *
     * @throws IllegalArgumentException if there is no recipient, or a text is no address, naming where it stands
     */
    public static OutboundAddresses of(Message message, OutboundOptions configuration) {
        Recipients recipients = recipients(message, configuration);
        boolean useHeaders = configuration.isUseHeaderFrom();
        String header = useHeaders ? text(message, "From") : null;
        String agent = useHeaders ? text(message, "Sender") : null;
        String envelope = text(message, MailConstants.ENVELOPE_SENDER);
        List<NamedAddress> from;
        Optional<EmailAddress> sender;
        if (header != null) {
            from = authors("header From", header);
            sender = Optional.of(from.get(0).address());
        } else if (configuration.getFrom() != null) {
            from = authors("option from", configuration.getFrom());
            sender = Optional.of(from.get(0).address());
        } else if (envelope != null) {
            sender = path("header " + MailConstants.ENVELOPE_SENDER, envelope);
            from = List.of(NamedAddress.of(sender.orElseGet(() -> EmailAddress.parse(NOBODY))));
        } else {
            from = List.of(NamedAddress.parse(NOBODY));
            sender = Optional.of(from.get(0).address());
        }
        if (configuration.getEnvelopeFrom() != null) {
            sender = path("option envelopeFrom", configuration.getEnvelopeFrom());
        }
        return new OutboundAddresses(
                from,
                // RFC 5322 §3.6.2: several authors, and one who sent it.
                agent != null
                        ? Optional.of(authors("header Sender", agent).get(0))
                        : from.size() > 1 ? Optional.of(from.get(0)) : Optional.empty(),
                sender,
                recipients.to(),
                recipients.cc(),
                recipients.all());
    }

    /** {@code <a@b>}, {@code a@b}, or nothing for the sender of bounces. */
    private static Optional<EmailAddress> path(String where, String text) {
        String bare = withoutBrackets(text);
        return bare.isEmpty() ? Optional.empty() : Optional.of(address(where, bare));
    }

    /** The envelope for those who have not got it yet. */
    public Envelope envelope(Set<String> alreadyAccepted) {
        return new Envelope(
                sender,
                alreadyAccepted.isEmpty()
                        ? recipients
                        : recipients.stream()
                                .filter(recipient -> !alreadyAccepted.contains(recipient.toString()))
                                .toList());
    }

    private record Recipients(List<NamedAddress> to, List<NamedAddress> cc, List<EmailAddress> all) {

        static final Recipients NONE = new Recipients(List.of(), List.of(), List.of());

        static Recipients of(List<NamedAddress> to, List<NamedAddress> cc, List<NamedAddress> bcc) {
            if (to.size() == 1 && cc.isEmpty() && bcc.isEmpty()) {
                return new Recipients(to, cc, List.of(to.get(0).address()));
            }
            Set<EmailAddress> all = new LinkedHashSet<>();
            for (List<NamedAddress> some : List.of(to, cc, bcc)) {
                some.forEach(named -> all.add(named.address()));
            }
            return new Recipients(to, cc, List.copyOf(all));
        }
    }

    private static Recipients recipients(Message message, OutboundOptions configuration) {
        Recipients found = !configuration.isUseHeaderRecipients()
                ? Recipients.NONE
                : Recipients.of(
                        parse("header To", text(message, "To")),
                        parse("header Cc", text(message, "Cc")),
                        parse("header Bcc", text(message, "Bcc")));
        if (found.all().isEmpty()) {
            found = Recipients.of(
                    parse("option to", configuration.getTo()),
                    parse("option cc", configuration.getCc()),
                    parse("option bcc", configuration.getBcc()));
        }
        if (found.all().isEmpty()) {
            found = new Recipients(List.of(), List.of(), envelopeRecipients(message));
        }
        if (found.all().isEmpty()) {
            throw new IllegalArgumentException("the mail has no recipients: the endpoint has no option to, cc or bcc, "
                    + (configuration.isUseHeaderRecipients()
                            ? "there is no header To, Cc or Bcc"
                            : "useHeaderRecipients is false")
                    + ", and there is no header " + MailConstants.ENVELOPE_RECIPIENTS);
        }
        return found;
    }

    private static List<EmailAddress> envelopeRecipients(Message message) {
        Object header = message.getHeader(MailConstants.ENVELOPE_RECIPIENTS);
        if (header == null) {
            return List.of();
        }
        Set<EmailAddress> all = new LinkedHashSet<>();
        List<Object> several = FieldText.several(header);
        if (several.size() != 1 || several.get(0) != header) {
            for (Object one : several) {
                all.add(address("header " + MailConstants.ENVELOPE_RECIPIENTS, withoutBrackets(String.valueOf(one))));
            }
        } else {
            parse("header " + MailConstants.ENVELOPE_RECIPIENTS, text(message, MailConstants.ENVELOPE_RECIPIENTS))
                    .forEach(named -> all.add(named.address()));
        }
        return new ArrayList<>(all);
    }

    private static String withoutBrackets(String text) {
        String bare = text.strip();
        return bare.startsWith("<") && bare.endsWith(">") ? bare.substring(1, bare.length() - 1) : bare;
    }

    private static EmailAddress address(String where, String text) {
        try {
            return EmailAddress.parseStrictly(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    /** Header text; the values of a repeated header as one list. Null if it is missing or blank. */
    static String text(Message message, String name) {
        Object value = message.getHeader(name);
        if (value == null) {
            return null;
        }
        List<Object> several = FieldText.several(value);
        if (several.size() == 1 && several.get(0) == value) {
            String text = message.getHeader(name, String.class);
            if (text != null && text.isEmpty() && name.equals(MailConstants.ENVELOPE_SENDER)) {
                return text;
            }
            return text == null || text.isBlank() ? null : oneLine("header " + name, text);
        }
        // Each for itself: none may bring in what only the list as a whole would hide.
        String text = several.stream()
                .map(one -> oneLine("header " + name, String.valueOf(one)))
                .filter(one -> !one.isEmpty())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? null : text;
    }

    /** Without folds and without line ends at its ends; another line end may be an attempt to bring in a field. */
    private static String oneLine(String where, String text) {
        String line = FieldText.oneLine(text);
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(where + ": there is a line end or NUL in it");
        }
        return line;
    }

    private static List<NamedAddress> authors(String where, String text) {
        List<NamedAddress> all = parse(where, text);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(where + ": there is no address");
        }
        return all;
    }

    static List<NamedAddress> parse(String where, String text) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        String line = oneLine(where, text);
        try {
            return NamedAddress.parseList(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }
}
