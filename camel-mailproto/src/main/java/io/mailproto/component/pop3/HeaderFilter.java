package io.mailproto.component.pop3;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailFilter;
import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.Pop3Refused;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by {@code filterMail} which mails of one session are wanted: by their headers ({@code TOP n 0}) and sizes before
 * the download, or, where the server has no {@code TOP}, after it. Remembers what is not wanted. For the fetcher's thread.
 */
final class HeaderFilter {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderFilter.class);

    private final MailFilter filter;
    private final Pop3Endpoint endpoint;
    private final Pop3Client client;
    private final Spool spool;
    private final MaildropMemory memory;
    private final ExceptionHandler failures;
    private final Listed listed;
    /** Mails whose header could not be had. */
    private final Set<Pop3MailKey> undecided = new HashSet<>();

    private boolean isProbed;
    private boolean decidesLater;

    /** What the session knows about its mails without having them. */
    interface Listed {
        /** Whether the server has told sizes at all. */
        boolean hasSizes();

        /** What it says about the size of a mail; negative if nothing. */
        long sizeOf(Pop3MailKey key);

        /** Whether the id names other mails as well. */
        boolean isShared(Pop3MailKey key);
    }

    HeaderFilter(Pop3Endpoint endpoint, Pop3Client client, Spool spool, ExceptionHandler failures, Listed listed) {
        this.listed = listed;
        this.filter = endpoint.filter();
        this.endpoint = endpoint;
        this.client = client;
        this.spool = spool;
        this.memory = endpoint.memory();
        this.failures = failures;
    }

    /**
     * Which of these mails to download.
     *
     * @param numbers the message numbers of the keys
     */
    boolean[] wanted(List<Pop3MailKey> keys, int[] numbers) throws IOException {
        boolean[] wanted = new boolean[keys.size()];
        if (numbers.length == 0) {
            return wanted;
        }
        if (!hasTop(numbers[0])) {
            decidesLater = true;
            Arrays.fill(wanted, true);
            return wanted;
        }
        client.top(numbers, 0, spool, new Pop3Client.RetrSink() {
            private int next;

            @Override
            public void retrieved(int number, Octets header) {
                int index = next++;
                Pop3MailKey key = keys.get(index);
                wanted[index] = isWanted(key, Mail.of(header), listed.sizeOf(key));
                header.release();
            }

            @Override
            public void failed(int number, IOException why) {
                // RETR will fail as well, and that is counted and reported; or it works, and the filter decides then.
                LOG.debug("{}: no header of message {}", endpoint, number, why);
                undecided.add(keys.get(next));
                wanted[next++] = true;
            }
        });
        return wanted;
    }

    /**
     * A server that does not list {@code TOP} may have it; one that refuses the first try is taken at its word, unless it
     * says that it cannot just now.
     */
    private boolean hasTop(int number) throws IOException {
        if (isProbed || client.capabilities().has("TOP")) {
            return true;
        }
        if (memory.isWithoutTop()) {
            return false;
        }
        try {
            client.top(number, 0, spool).release();
            isProbed = true;
            return true;
        } catch (Pop3Refused e) {
            if (e.hasTransientCode()) {
                LOG.debug("{}: no TOP just now, filterMail decides after the download", endpoint, e);
                return false;
            }
            memory.withoutTop();
            LOG.warn(
                    "{}: the server has no TOP, so filterMail decides about each mail only after its download: {}",
                    endpoint,
                    e.getMessage());
            return false;
        }
    }

    /** Leaves the decision about a mail until it has been downloaded. */
    void decideLater(Pop3MailKey key) {
        undecided.add(key);
    }

    /** Whether a mail that has been downloaded goes to the route. */
    boolean passes(Pop3MailKey key, Mail mail) {
        return (!decidesLater && !undecided.contains(key)) || isWanted(key, mail, mail.size());
    }

    private boolean isWanted(Pop3MailKey key, Mail mail, long size) {
        Map<String, Object> headers = size < 0
                ? Map.of(MailConstants.UID, key.uid())
                : Map.of(MailConstants.UID, key.uid(), MailConstants.SIZE, size);
        // While LIST is refused nothing is decided for good, because the filter may ask for the size; nor for an id
        // that
        // another mail may have next time.
        boolean isFinal = (size >= 0 || listed.hasSizes()) && !listed.isShared(key);
        try {
            if (filter.accepts(endpoint, mail, headers)) {
                return true;
            }
            if (isFinal) {
                memory.unwanted(key.uid());
            }
        } catch (RuntimeException e) {
            if (isFinal) {
                memory.refused(key.uid());
            }
            failures.handleException("filterMail fails for mail " + key + "; the mail stays on the server", e);
        }
        return false;
    }
}
