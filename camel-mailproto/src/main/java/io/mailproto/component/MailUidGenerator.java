package io.mailproto.component;

import java.io.IOException;

/**
 * Gives mails the keys under which an idempotent repository knows them; the option {@code mailUidGenerator}. Without one
 * the key is where the mail is: account, folder, UIDVALIDITY and UID, or account and UIDL, which needs nothing of the
 * mail. {@link MessageIdUidGenerator} gives the keys of camel-mail.
 */
@FunctionalInterface
public interface MailUidGenerator {
    /**
     * The key of a mail, the same whenever it is fetched. Called on the polling thread, once a mail is there and before
     * the route gets it.
     *
     * @throws IOException if the spool fails
     */
    String generateUid(MailPollEndpoint endpoint, Mail mail) throws IOException;
}
