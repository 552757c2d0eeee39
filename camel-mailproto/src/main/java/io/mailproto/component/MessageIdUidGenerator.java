package io.mailproto.component;

import io.mailproto.mime.HeaderField;
import io.mailproto.mime.HeaderFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The Message-ID as key of a mail, or a hash of its header if it has none: as camel-mail does by default. For
 * repositories that know keys already, and for mailboxes in which the same mail arrives more than once.
 */
public final class MessageIdUidGenerator implements MailUidGenerator {
    @Override
    public String generateUid(MailPollEndpoint endpoint, Mail mail) throws IOException {
        HeaderFields fields = mail.headers();
        Optional<String> messageId = messageId(fields);
        return messageId.isPresent() ? messageId.get() : hash(fields);
    }

    static Optional<String> messageId(HeaderFields fields) {
        return fields.value("Message-ID").map(String::strip).filter(id -> !id.isEmpty());
    }

    private static String hash(HeaderFields fields) {
        StringBuilder all = new StringBuilder();
        for (HeaderField field : fields.all()) {
            all.append(field.name()).append('=').append(field.value()).append('\n');
        }
        return UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
