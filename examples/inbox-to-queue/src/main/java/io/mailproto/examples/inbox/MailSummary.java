package io.mailproto.examples.inbox;

import io.mailproto.component.Mail;
import io.mailproto.component.MailMessage;
import io.mailproto.mime.MimePart;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** The bean that makes a small structure of a mail, ready for JSON. */
public final class MailSummary {
    private static final int LONGEST_TEXT = 200;

    MailSummary() {}

    /** Subject, people, date, size, the beginning of the text, the names of the attachments. */
    public Map<String, Object> summarise(Exchange exchange) throws IOException {
        Mail mail = exchange.getMessage(MailMessage.class).getMail();
        Map<String, Object> summary = new LinkedHashMap<>();
        for (String field : List.of("From", "To", "Subject", "Date", "Message-ID")) {
            mail.headers().decoded(field).ifPresent(value -> summary.put(field, value));
        }
        summary.put("octets", mail.size());
        summary.put("text", beginning(mail.text()));
        List<String> names = mail.attachments().stream()
                .map(MimePart::fileName)
                .map(name -> name.orElse("(no name)"))
                .toList();
        summary.put("attachments", names);
        return summary;
    }

    private static String beginning(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        if (line.length() <= LONGEST_TEXT) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return line.substring(0, end) + "…";
    }
}
