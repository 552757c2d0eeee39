package io.mailproto.component.pop3;

import io.mailproto.component.Mail;
import io.mailproto.component.MailActivity;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHealthCheck;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MonitoredMail;
import io.mailproto.pop3.MaildropStatus;
import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.SizeListing;
import io.mailproto.pop3.UidListing;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.wire.ConnectionLost;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.DefaultProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs single commands on a maildrop: one for each exchange, in a session of its own that is ended by {@code QUIT} before
 * the exchange goes on, or in one that is kept. One exchange at a time, since a maildrop has one session at a time.
 */
@ManagedResource(description = "POP3 client")
public class Pop3Producer extends DefaultProducer implements MonitoredMail {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Producer.class);

    /** A kept session that was idle for longer is asked whether it still lives. */
    private static final long MAX_TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long STOP_GRACE_SECONDS = 5;

    private final Pop3Endpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private final MailActivity activity = new MailActivity();
    /** The client of the exchange that is under way, for a stop by force. */
    private final AtomicReference<Pop3Client> busy = new AtomicReference<>();

    private MaildropAccess access;
    private Spool spool;
    /** Written under the lock only; null while there is none. */
    private volatile ProducerSession kept;

    private long lastUse;
    private MailHealthCheck healthCheck;

    Pop3Producer(Pop3Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        access = endpoint.access();
        spool = endpoint.getConfiguration().spool(endpoint.getCamelContext());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        MailRuntime.of(endpoint.getCamelContext()).started(this);
        healthCheck = MailHealthCheck.registerProducer(this, activity::requireSound);
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
        if (healthCheck != null) {
            healthCheck.unregister();
            healthCheck = null;
        }
        if (lock.tryLock(STOP_GRACE_SECONDS, TimeUnit.SECONDS)) {
            try {
                endKept();
            } catch (IOException e) {
                LOG.warn("{}: the session that was kept has not ended well: {}", endpoint, e.getMessage());
            } finally {
                lock.unlock();
            }
        } else {
            Pop3Client inVain = busy.get();
            if (inVain != null) {
                inVain.abort("the producer stops");
            }
        }
        super.doStop();
    }

    @Override
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        return busy.get() == null && kept == null ? 0 : 1;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        activity.watch(() -> perform(exchange));
    }

    private void perform(Exchange exchange) throws Exception {
        Pop3Operation operation = operation(exchange.getMessage());
        // Before a connection is made: what is missing is not the server's fault.
        boolean needsMail = needsMail(operation, exchange.getMessage());
        lock.lockInterruptibly();
        try {
            if (endpoint.getConfiguration().isKeepSession()) {
                inKeptSession(operation, needsMail, exchange.getMessage());
            } else if (operation != Pop3Operation.QUIT) {
                inOwnSession(operation, exchange.getMessage());
            }
        } finally {
            busy.set(null);
            lock.unlock();
        }
    }

    private Pop3Operation operation(Message message) {
        String name = message.getHeader(MailConstants.POP3_OPERATION, String.class);
        if (name != null) {
            try {
                return Pop3Operation.valueOf(name.strip().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the header " + MailConstants.POP3_OPERATION + " is no operation of POP3: " + name, e);
            }
        }
        if (endpoint.getConfiguration().getOperation() == null) {
            throw new IllegalArgumentException(
                    "what to do with the maildrop is told neither by the option operation nor by" + " the header "
                            + MailConstants.POP3_OPERATION + "; to send mail use an smtp endpoint");
        }
        return endpoint.getConfiguration().getOperation();
    }

    private static boolean needsMail(Pop3Operation operation, Message message) {
        boolean needed =
                operation == Pop3Operation.RETR || operation == Pop3Operation.TOP || operation == Pop3Operation.DELE;
        if (needed
                && message.getHeader(MailConstants.UID) == null
                && message.getHeader(MailConstants.POP3_NUMBER) == null) {
            throw new IllegalArgumentException(operation + " needs the header " + MailConstants.UID + " or "
                    + MailConstants.POP3_NUMBER + " to name a mail");
        }
        return needed;
    }

    // ---- sessions

    private void inOwnSession(Pop3Operation operation, Message message) throws IOException {
        try (Pop3Client client = access.open(busy::set)) {
            run(operation, message, new ProducerSession(client));
            // RFC 2449 §6.7: with EXPIRE 0 QUIT deletes what was fetched, and the exchange has yet to do something with
            // it.
            boolean quitDeletes = operation == Pop3Operation.RETR
                    && client.capabilities().expireDays().orElse(-1) == 0;
            if (!quitDeletes) {
                // Only now does a deletion count, so its failure is the exchange's.
                client.quit();
            }
        }
    }

    private void inKeptSession(Pop3Operation operation, boolean needsMail, Message message) throws IOException {
        if (operation == Pop3Operation.QUIT) {
            endKept();
            return;
        }
        ProducerSession used = kept;
        ProducerSession session = keptSession();
        boolean isReused = session == used;
        try {
            inSession(session, operation, needsMail, message);
        } catch (ConnectionLost e) {
            if (!isReused || !isRunAllowed() || session.client().marked() > 0) {
                throw session.client().marked() > 0 ? endedWithMarks(session.client(), e) : e;
            }
            LOG.debug("{}: the kept session has ended, the operation begins anew in another one", endpoint, e);
            inSession(keptSession(), operation, needsMail, message);
        }
    }

    private void inSession(ProducerSession session, Pop3Operation operation, boolean needsMail, Message message)
            throws IOException {
        if (needsMail && message.getHeader(MailConstants.UID) == null && !session.isListed()) {
            throw new IllegalStateException("mail numbers hold within one session only, and this one, with "
                    + session.client().peer()
                    + ", has told none yet: list or uidl comes first, or name the mail by the header "
                    + MailConstants.UID);
        }
        boolean isAlive = false;
        try {
            run(operation, message, session);
            isAlive = true;
        } finally {
            isAlive |= session.client().isOpen();
            kept = isAlive ? session : null;
            lastUse = System.nanoTime();
        }
    }

    private ProducerSession keptSession() throws IOException {
        if (kept != null) {
            busy.set(kept.client());
            if (System.nanoTime() - lastUse < MAX_TRUSTED_NANOS) {
                return kept;
            }
            Pop3Client client = kept.client();
            try {
                client.noop();
                return kept;
            } catch (IOException e) {
                client.close();
                kept = null;
                if (client.marked() > 0) {
                    throw endedWithMarks(client, e);
                }
                LOG.debug("{}: the kept session has ended, another one is begun", endpoint, e);
            }
        }
        kept = new ProducerSession(access.open(busy::set));
        lastUse = System.nanoTime();
        return kept;
    }

    private static IOException endedWithMarks(Pop3Client client, IOException cause) {
        return new IOException(
                client.peer() + ": going on in the kept session: it has ended, so " + client.marked()
                        + " mails that were marked as deleted are not deleted",
                cause);
    }

    private void endKept() throws IOException {
        ProducerSession session = kept;
        kept = null;
        if (session != null) {
            session.client().quit();
        }
    }

    // ---- commands

    private void run(Pop3Operation operation, Message message, ProducerSession session) throws IOException {
        Pop3Client client = session.client();
        switch (operation) {
            case STAT -> stat(client.stat(), message);
            case LIST -> list(message, session);
            case UIDL -> uidl(message, session);
            case RETR -> {
                int number = number(message, session);
                mail(client.retr(number, spool), message);
            }
            case TOP -> {
                int number = number(message, session);
                mail(client.top(number, lines(message), spool), message);
            }
            case DELE -> client.dele(number(message, session));
            case RSET -> client.rset();
            case NOOP -> client.noop();
            case CAPA -> message.setBody(client.capa().all());
            case QUIT -> throw new IllegalStateException("ends a session and does not run in one");
        }
    }

    private static void stat(MaildropStatus status, Message message) {
        message.setBody(status.messages());
        message.setHeader(MailConstants.SIZE, status.octets());
    }

    private static void mail(Octets octets, Message message) {
        message.setBody(Mail.of(octets));
        message.setHeader(MailConstants.SIZE, octets.size());
    }

    private static void list(Message message, ProducerSession session) throws IOException {
        if (isAboutOne(message)) {
            message.setBody(session.client().list(number(message, session)));
            return;
        }
        SizeListing sizes = session.client().list();
        Map<Integer, Long> byNumber = new LinkedHashMap<>();
        for (int i = 0; i < sizes.count(); i++) {
            byNumber.put(sizes.number(i), sizes.sizeOf(sizes.number(i)));
        }
        message.setBody(byNumber);
        session.listed();
    }

    private static void uidl(Message message, ProducerSession session) throws IOException {
        if (message.getHeader(MailConstants.POP3_NUMBER) != null) {
            message.setBody(session.client().uidl(number(message, session)));
            return;
        }
        UidListing uids = session.askForUids();
        Map<Integer, String> byNumber = new LinkedHashMap<>();
        for (int i = 0; i < uids.count(); i++) {
            byNumber.put(uids.number(i), uids.uid(i));
        }
        message.setBody(byNumber);
        session.listed();
    }

    private static boolean isAboutOne(Message message) {
        return message.getHeader(MailConstants.UID) != null || message.getHeader(MailConstants.POP3_NUMBER) != null;
    }

    /** The unique id goes before the number, because it means the same mail whenever it was learned. */
    private static int number(Message message, ProducerSession session) throws IOException {
        String uid = message.getHeader(MailConstants.UID, String.class);
        if (uid == null) {
            return header(message, MailConstants.POP3_NUMBER, 1);
        }
        UidListing uids = session.uids();
        int index = uids.indexOf(uid);
        if (index < 0) {
            throw new IllegalArgumentException(
                    session.client().peer() + ": the maildrop has no mail with the unique id " + uid);
        }
        return uids.number(index);
    }

    private static int lines(Message message) {
        return message.getHeader(MailConstants.POP3_TOP_LINES) == null
                ? 0
                : header(message, MailConstants.POP3_TOP_LINES, 0);
    }

    private static int header(Message message, String name, int least) {
        Integer value = message.getExchange()
                .getContext()
                .getTypeConverter()
                .tryConvertTo(Integer.class, message.getHeader(name));
        if (value == null || value < least) {
            throw new IllegalArgumentException(
                    "the header " + name + " must be a number from " + least + ", not " + message.getHeader(name));
        }
        return value;
    }
}
