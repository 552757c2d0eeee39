package io.mailproto.component.imap;

import io.mailproto.imap.ImapClient;
import java.io.IOException;

/**
 * Something to do in the mailbox at the end of each poll, such as removing old mail; the option
 * {@code postProcessAction}.
 *
 * <pre>
 *   client -&gt; {
 *       UidSet old = client.uidSearch(SearchCriteria.of("BEFORE", LocalDate.now().minusDays(30)));
 *       if (!old.isEmpty()) {
 *           client.uidExpunge(old);
 *       }
 *   }
 * </pre>
 */
@FunctionalInterface
public interface ImapPostProcessAction {
    /**
     * Called on the thread that owns the connection, when all mails of the poll are settled, also if there were none.
     *
     * @param client with the polled folder open; it must be so again afterwards
     * @throws IOException if the conversation breaks: the poll fails. What the server refuses, and whatever else is
     *     thrown, goes to the exception handler and the poll is good
     */
    void process(ImapClient client) throws IOException;
}
