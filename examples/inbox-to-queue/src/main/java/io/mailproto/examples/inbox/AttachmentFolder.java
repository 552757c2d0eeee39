package io.mailproto.examples.inbox;

import io.mailproto.component.MailMessage;
import io.mailproto.examples.inbox.Tally.Station;
import jakarta.activation.DataHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;

/**
 * The bean that saves attachments: one folder per mail, named by the digest of the mail, so that a mail that is
 * delivered twice gives the same files again. Thread-safe.
 */
public final class AttachmentFolder {
    private static final int DIGITS_OF_DIGEST = 16;

    private final Path folder;
    private final Tally tally;

    AttachmentFolder(Path folder, Tally tally) {
        this.folder = folder;
        this.tally = tally;
    }

    /** Saves the attachments of the exchange's mail, if it has any. */
    public void save(Exchange exchange) throws IOException {
        AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
        if (!message.hasAttachments()) {
            return;
        }
        String digest = Tracker.digest(exchange.getMessage(MailMessage.class).getMail());
        Path target = Files.createDirectories(folder.resolve(digest.substring(0, DIGITS_OF_DIGEST)));
        Set<String> taken = new HashSet<>();
        for (Map.Entry<String, DataHandler> attachment :
                message.getAttachments().entrySet()) {
            String name = unused(SafeFileName.of(attachment.getKey()), taken);
            try (InputStream in = attachment.getValue().getInputStream()) {
                Files.copy(in, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            tally.add(Station.ATTACHMENTS, 1);
        }
    }

    /** Two names may differ in nothing but what made one of them unsafe, or in case only. */
    private static String unused(String name, Set<String> taken) {
        String candidate = name;
        for (int i = 2; !taken.add(candidate.toLowerCase(Locale.ROOT)); i++) {
            candidate = i + "-" + name;
        }
        return candidate;
    }
}
