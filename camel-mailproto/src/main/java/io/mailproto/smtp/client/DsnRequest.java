package io.mailproto.smtp.client;

import io.mailproto.address.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which delivery status notifications are asked for (RFC 3461). A server that does not offer DSN is asked for nothing, as
 * RFC 3461 §4 has it: it reports failures as it always does.
 *
 * @param returns how much of the message a report shall bring back; null leaves it to the server
 * @param envelopeId the id that reports name, printable ASCII, at most 100 characters; null for none
 * @param reportOn when to report, for recipients without words of their own; null leaves it to the server
 * @param recipients what is asked for single recipients, by their addresses
 */
public record DsnRequest(
        Return returns, String envelopeId, Set<Notify> reportOn, Map<EmailAddress, RecipientDsn> recipients) {
    /** Nothing is asked for. */
    public static final DsnRequest NONE = new DsnRequest(null, null, null, Map.of());

    private static final int MAX_ENVELOPE_ID = 100;

    /** @throws IllegalArgumentException if the envelope id cannot be written */
    public DsnRequest {
        reportOn = reportOn == null ? null : checked(reportOn);
        recipients = Map.copyOf(recipients);
        if (envelopeId != null) {
            boolean isPrintable = envelopeId.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
            if (envelopeId.isEmpty() || envelopeId.length() > MAX_ENVELOPE_ID || !isPrintable) {
                throw new IllegalArgumentException(
                        "an envelope id has 1 to " + MAX_ENVELOPE_ID + " printable ASCII characters");
            }
        }
    }

    /** How much of the message comes back with a report. */
    public enum Return {
        /** All of it. */
        FULL,
        /** Its header only. */
        HDRS
    }

    /** When to report. */
    public enum Notify {
        /** Never; stands alone. */
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY;

        /**
         * Reads {@code NEVER}, or {@code SUCCESS}, {@code FAILURE} and {@code DELAY} separated by commas, in any case.
         *
         * @throws IllegalArgumentException if it is something else
         */
        public static Set<Notify> parse(String text) {
            Set<Notify> when = new TreeSet<>();
            for (String word : text.split(",")) {
                String name = word.strip().toUpperCase(Locale.ROOT);
                when.add(Arrays.stream(values())
                        .filter(value -> value.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "notifications are NEVER, or SUCCESS, FAILURE and DELAY separated by commas")));
            }
            return checked(when);
        }
    }

    /**
     * What is asked for one recipient.
     *
     * @param reportOn when to report; null for what the request says
     * @param originalRecipient whom the sender wrote to at first, as {@code type;address} with the address not encoded;
     *     null for none
     */
    public record RecipientDsn(Set<Notify> reportOn, String originalRecipient) {
        public RecipientDsn {
            reportOn = reportOn == null ? null : checked(reportOn);
        }
    }

    /** RFC 3461 §4.1: NEVER must stand alone. */
    private static Set<Notify> checked(Set<Notify> when) {
        if (when.isEmpty() || (when.contains(Notify.NEVER) && when.size() > 1)) {
            throw new IllegalArgumentException("NEVER stands alone, and without it something must be named");
        }
        return Set.copyOf(when);
    }

    /** Behind MAIL: {@code RET=} and {@code ENVID=}, each with a space in front. */
    String mailParameters() {
        return (returns == null ? "" : " RET=" + returns) + (envelopeId == null ? "" : " ENVID=" + xtext(envelopeId));
    }

    /** Behind RCPT: {@code NOTIFY=} and {@code ORCPT=}, each with a space in front. */
    String rcptParameters(EmailAddress recipient) {
        RecipientDsn own = recipients.get(recipient);
        Set<Notify> when = Optional.ofNullable(own).map(RecipientDsn::reportOn).orElse(reportOn);
        String original = own == null ? null : own.originalRecipient();
        String parameters = "";
        if (when != null) {
            parameters = " NOTIFY="
                    + String.join(",", when.stream().sorted().map(Notify::name).toList());
        }
        if (original != null) {
            int semicolon = original.indexOf(';');
            if (semicolon < 1) {
                throw new IllegalArgumentException("an original recipient is type;address");
            }
            parameters += " ORCPT=" + original.substring(0, semicolon + 1) + xtext(original.substring(semicolon + 1));
        }
        return parameters;
    }

    /** RFC 3461 §4: {@code xchar} is printable ASCII but {@code +} and {@code =}; all else is {@code +XX}. */
    static String xtext(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0x20 && octet < 0x7f && octet != '+' && octet != '=') {
                encoded.append((char) octet);
            } else if (octet >= 0x20 && octet != 0x7f) {
                encoded.append(String.format("+%02X", (int) octet));
            } else {
                throw new IllegalArgumentException(
                        "a value for a notification has a control character or one beyond ASCII");
            }
        }
        return encoded.toString();
    }
}
