package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.imap.Flag;
import io.mailproto.imap.FlagChange;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.ImapClientOptions;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.NewMessage;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.imap.UidSet;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.CuttingProxy;
import io.mailproto.testing.CuttingProxy.Direction;
import io.mailproto.testing.CuttingProxy.Fault;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.TestWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Conversations with Dovecot that are cut after each line of either side, or within one: from the greeting over login,
 * SELECT, SEARCH, FETCH, MOVE, COPY, STORE and EXPUNGE to LOGOUT. Nothing is lost, nothing hangs, everything is told.
 */
class ImapCutEverywhereTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    private static final String USER = DovecotPeer.BOB;
    private static final MailboxName ARCHIVE = MailboxName.of("Archive");
    private static final MailboxName COPIES = MailboxName.of("Copies");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Looks after the mailbox, on a way of its own that nobody cuts. */
    private static ImapClient caretaker;

    @BeforeAll
    static void login() throws IOException {
        caretaker = ImapClient.open(
                TestWire.dialer(), DOVECOT.imap(), ImapClientOptions.inClear(), new Spool(SpoolOptions.defaults()));
        caretaker.login(new Credentials(USER, Secret.of(DovecotPeer.passwordOf(USER))));
        for (MailboxName name : List.of(ARCHIVE, COPIES)) {
            if (caretaker.list("", name.name()).isEmpty()) {
                caretaker.create(name);
            }
        }
    }

    @AfterAll
    static void logout() throws IOException {
        if (caretaker != null) {
            caretaker.close();
        }
    }

    private static void append(String subject) throws IOException {
        byte[] mail = ("Subject: " + subject + "\r\n\r\ntext\r\n").getBytes(StandardCharsets.US_ASCII);
        caretaker.appends().append(MailboxName.INBOX, List.of(NewMessage.of(Octets.of(mail))));
    }

    private static UidSet mails(MailboxName mailbox) throws IOException {
        caretaker.select(mailbox);
        return caretaker.uidSearch(SearchCriteria.parse("ALL"));
    }

    private static void empty(MailboxName mailbox) throws IOException {
        UidSet uids = mails(mailbox);
        if (!uids.isEmpty()) {
            caretaker.uidExpunge(uids);
        }
    }

    private static void emptyAll() throws IOException {
        for (MailboxName mailbox : List.of(MailboxName.INBOX, ARCHIVE, COPIES)) {
            empty(mailbox);
        }
    }

    private static Fault fault(Direction direction, long line) {
        return line % 2 == 0
                ? Fault.afterLines(direction, line).closing()
                : Fault.inLine(direction, line + 1).resetting();
    }

    /** Two mails come, and it is polled until the inbox is empty again. */
    private static void poll(ImapRoutes routes) throws Exception {
        append("one");
        append("two");
        routes.delivered.clear();
        routes.uids.clear();
        routes.failures.clear();
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> {
            routes.consumer().run();
            return routes.consumer().inFlightCount() == 0 && routes.delivered.size() >= 2;
        });
        assertThat(routes.delivered).containsExactlyInAnyOrder("one", "two");
        assertThat(mails(MailboxName.INBOX).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            TO_SERVER, moveTo=Archive, Archive, 0
            TO_CLIENT, moveTo=Archive, Archive, 0
            TO_SERVER, copyTo=Copies&delete=true, Copies, 3
            TO_CLIENT, copyTo=Copies&delete=true, Copies, 25
            """)
    void eachMailIsProcessedOnceWhereverAPollIsCut(Direction direction, String options, String kept, int from)
            throws Exception {
        emptyAll();
        boolean mayCopyTwice = options.startsWith("copyTo");
        try (CuttingProxy proxy = CuttingProxy.to(DOVECOT.imap());
                ImapRoutes routes = new ImapRoutes()) {
            routes.context.getRegistry().bind("known", MemoryIdempotentRepository.memoryIdempotentRepository(10_000));
            routes.start(ImapRoutes.polling(
                            proxy.address(),
                            "disconnect=true&startScheduler=false&idempotentRepository=%23known&" + options)
                    .replace(DovecotPeer.ALICE, USER)
                    .replace(
                            "password=" + DovecotPeer.passwordOf(DovecotPeer.ALICE),
                            "password=" + DovecotPeer.passwordOf(USER)));
            poll(routes);
            assertThat(routes.failures).isEmpty();
            long lines = proxy.lines(direction);
            assertThat(lines).isGreaterThan(direction == Direction.TO_SERVER ? 6 : 15);
            int cuts = 0;
            // What SELECT tells is many lines of one kind; and behind BYE there is nothing that could go wrong.
            for (long line = from; line < lines - direction.ordinal(); line += line >= 3 && line < 12 ? 3 : 1) {
                cuts++;
                empty(MailboxName.of(kept));
                proxy.breakNext(fault(direction, line));
                poll(routes);
                assertThat(routes.failures)
                        .as("failures told when cut at line %d of %d %s", line, lines, direction)
                        .isNotEmpty()
                        .allSatisfy(failure -> assertThat(failure).contains(proxy.address() + ": "));
                long arrived = mails(MailboxName.of(kept)).count();
                if (mayCopyTwice) {
                    // Whether a COPY of which the end did not come was done, nobody can know.
                    assertThat(arrived).isBetween(2L, 4L);
                } else {
                    assertThat(arrived)
                            .as("cut at line %d of %d %s", line, lines, direction)
                            .isEqualTo(2);
                }
            }
            assertThat(proxy.strikes()).isEqualTo(cuts);
        }
    }

    /** What a producer does, with the headers it takes. */
    private enum Operation {
        APPEND(Map.of()),
        LIST(Map.of(MailConstants.IMAP_PATTERN, "*")),
        SEARCH(Map.of(MailConstants.IMAP_SEARCH, "SUBJECT \"one\"")),
        SORT(Map.of(MailConstants.IMAP_SORT, "-size")),
        FETCH(Map.of()),
        STORE(Map.of(MailConstants.IMAP_FLAGS, "\\Flagged")),
        COPY(Map.of(MailConstants.IMAP_TARGET_FOLDER, "Copies")),
        MOVE(Map.of(MailConstants.IMAP_TARGET_FOLDER, "Copies")),
        DELETE(Map.of()),
        EXPUNGE(Map.of());

        private final Map<String, Object> headers;

        Operation(Map<String, Object> headers) {
            this.headers = headers;
        }
    }

    private static Exchange run(ProducerTemplate template, CuttingProxy proxy, Operation operation) throws IOException {
        append("one");
        UidSet uids = mails(MailboxName.INBOX);
        if (operation == Operation.EXPUNGE) {
            caretaker.uidStore(uids, FlagChange.add(Flag.DELETED));
        }
        Map<String, Object> headers = new HashMap<>(operation.headers);
        if (operation.compareTo(Operation.FETCH) >= 0 && operation != Operation.EXPUNGE) {
            headers.put(MailConstants.IMAP_UIDS, uids.first());
        }
        String uri = "imap:" + proxy.address() + "?username=" + USER + "&password=" + DovecotPeer.passwordOf(USER)
                + "&operation=" + operation.name().toLowerCase(java.util.Locale.ROOT);
        return template.request(uri, exchange -> {
            exchange.getMessage().setBody("Subject: appended\r\n\r\ntext\r\n");
            exchange.getMessage().setHeaders(headers);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aProducerTellsWhereItWasCut(Operation operation) throws Exception {
        try (CuttingProxy proxy = CuttingProxy.to(DOVECOT.imap());
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            emptyAll();
            assertThat(run(template, proxy, operation).getException()).isNull();
            int appended = 1;
            long[] whole = {proxy.lines(Direction.TO_SERVER), proxy.lines(Direction.TO_CLIENT)};
            for (Direction direction : Direction.values()) {
                long lines = whole[direction.ordinal()];
                int untold = 0;
                // Login and SELECT are the same for all.
                long first = operation == Operation.LIST
                        ? 0
                        : Math.max(
                                0,
                                lines - (direction == Direction.TO_SERVER ? 2 : operation == Operation.FETCH ? 8 : 4));
                for (long line = first; line < lines; line++) {
                    proxy.breakNext(fault(direction, line));
                    Exception exception = run(template, proxy, operation).getException();
                    if (exception == null) {
                        untold++;
                        appended++;
                        continue;
                    }
                    assertThat(exception)
                            .as("%s cut at line %d of %d %s", operation, line, lines, direction)
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining(proxy.address() + ": ")
                            .hasMessageNotContaining(DovecotPeer.passwordOf(USER));
                    if (operation == Operation.MOVE) {
                        int left = ++appended;
                        // The server may still be about it: a mail that is on its way is in both.
                        await().untilAsserted(() -> assertThat(
                                        mails(MailboxName.INBOX).count()
                                                + mails(COPIES).count())
                                .as("mails left")
                                .isEqualTo(left));
                    }
                }
                // All is done when the farewell is on its way: what becomes of that is nobody's concern.
                assertThat(untold).isBetween(0, 3);
            }
        }
    }

    @Test
    void aConsumerThatWaitsComesBackAndMissesNothing() throws Exception {
        emptyAll();
        try (CuttingProxy proxy = CuttingProxy.to(DOVECOT.imap());
                ImapRoutes routes = new ImapRoutes()) {
            routes.context.getRegistry().bind("known", MemoryIdempotentRepository.memoryIdempotentRepository(100));
            proxy.breakNext(Fault.afterLines(Direction.TO_SERVER, 4).closing());
            routes.start(ImapRoutes.polling(proxy.address(), "idle=true&idempotentRepository=%23known")
                    .replace(DovecotPeer.ALICE, USER)
                    .replace(
                            "password=" + DovecotPeer.passwordOf(DovecotPeer.ALICE),
                            "password=" + DovecotPeer.passwordOf(USER)));
            await().atMost(PATIENCE).until(() -> proxy.strikes() == 1);
            append("one");
            await().atMost(PATIENCE).until(() -> routes.delivered.contains("one"));
            append("two");
            await().atMost(PATIENCE).until(() -> routes.delivered.contains("two"));
            assertThat(routes.delivered).containsExactly("one", "two");
        }
    }
}
