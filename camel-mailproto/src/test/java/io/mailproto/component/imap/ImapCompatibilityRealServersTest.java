package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.polling;
import static io.mailproto.testing.DovecotPeer.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.imap.SearchCriteria;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes that were written for camel-mail ask of an IMAP mailbox, on servers that nobody here wrote. */
class ImapCompatibilityRealServersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    private final ImapRoutes routes = new ImapRoutes();

    @BeforeEach
    void emptyMailboxes() throws Exception {
        DOVECOT.expungeAll(ALICE, "INBOX");
        GREENMAIL.purge();
    }

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static final OffsetDateTime NOW = OffsetDateTime.now();

    private static byte[] mail(String subject, String from, String to, OffsetDateTime date, String body) {
        return ("From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject.hashCode()
                        + "@example.com>\r\nDate: "
                        + DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                                .format(date)
                        + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                        + body
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void save(byte[] mail) throws IOException {
        DOVECOT.save(ALICE, "INBOX", mail);
    }

    private static void saveThree() throws IOException {
        save(mail("order one", "ann@example.com", "shop@example.com", NOW.minusHours(30), "apples " + "x".repeat(500)));
        save(mail("offer", "Bob <bob@example.com>", "shop@example.com", NOW.minusHours(2), "an order of pears"));
        save(mail(
                "gr\u00fc\u00dfe",
                "carol@example.com",
                "office@example.com",
                NOW.minusHours(20),
                "quinces \u00e4pfel"));
    }

    private void awaitDelivered(String... subjects) {
        await().atMost(Duration.ofSeconds(20)).until(() -> routes.delivered.size() >= subjects.length);
        await().during(Duration.ofMillis(300)).until(() -> routes.delivered.size() == subjects.length);
        assertThat(routes.delivered).containsExactly(subjects);
        assertThat(routes.failures).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            searchTerm.subjectOrBody=ORDER                                        | order one,offer
            searchTerm.subject=Order                                              | order one
            searchTerm.body=pears                                                 | offer
            searchTerm.body=%C3%84PFEL                                            | gr\u00fc\u00dfe
            searchTerm.subject=gr%C3%BC%C3%9Fe                                    | gr\u00fc\u00dfe
            searchTerm.from=bob                                                   | offer
            searchTerm.to=office@                                                 | gr\u00fc\u00dfe
            searchTerm.fromSentDate=now-24h                                       | offer,gr\u00fc\u00dfe
            searchTerm.toSentDate=now-10h                                         | order one,gr\u00fc\u00dfe
            searchTerm.fromSentDate=now-24h&searchTerm.toSentDate=now-10h         | gr\u00fc\u00dfe
            searchTerm.fromReceivedDate=now-1h&searchTerm.from=ann                | order one
            searchTerm.fromReceivedDate=2020-01-01 00:00:00&searchTerm.to=office  | gr\u00fc\u00dfe
            filterMail=RAW(${header.From} contains 'bob')                         | offer
            filterMail=RAW(${header.CamelMailSize} > 600)                         | order one
            """)
    void searchTermsAndFiltersFindTheirMailOnDovecot(String options, String subjects) throws Exception {
        saveThree();
        routes.start(polling(DOVECOT.imap(), options));
        awaitDelivered(subjects.split(","));
        if (options.startsWith("searchTerm.toReceived")) {
            return;
        }
        await().untilAsserted(() -> assertThat(
                        DOVECOT.flagsByUid(ALICE, "INBOX").values().stream().filter(flags -> flags.contains("\\Seen")))
                .hasSize(subjects.split(",").length));
    }

    @Test
    void nothingIsOlderThanWhatHasJustCome() throws Exception {
        saveThree();
        routes.start(polling(DOVECOT.imap(), "searchTerm.toReceivedDate=now-12h&repeatCount=2"));
        await().until(() -> routes.consumer().getCounter() >= 2);
        assertThat(routes.delivered).isEmpty();
        assertThat(routes.failures).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true,date", "true,'reverse,size'", "false,date"})
    void sortsByDateAndSize(boolean isDovecot, String sortTerm) throws Exception {
        HostPort server = isDovecot ? DOVECOT.imap() : GREENMAIL.imap();
        for (int hours : List.of(2, 5, 3)) {
            byte[] mail = mail(
                    hours + " h", "ann@example.com", "b@example.com", NOW.minusHours(hours), "x".repeat(hours * 100));
            if (isDovecot) {
                save(mail);
            } else {
                GREENMAIL.deliver(ALICE, mail);
            }
        }
        routes.start(polling(server, "sortTerm=" + sortTerm));
        awaitDelivered("5 h", "3 h", "2 h");
    }

    @Test
    void aFilterAsksOncePerMailAndTheOthersStayUntouched() throws Exception {
        saveThree();
        routes.start(polling(DOVECOT.imap(), "filterMail=RAW(${header.From} contains 'ann')&delete=true"));
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "INBOX")).isEqualTo(2));
        save(mail("another", "ann@example.com", "b@example.com", NOW, "x"));
        await().until(() -> routes.delivered.contains("another"));
        assertThat(routes.delivered).containsExactly("order one", "another");
        assertThat(routes.consumer().refusedCount()).isEqualTo(2);
        assertThat(DOVECOT.flagsByUid(ALICE, "INBOX").values()).noneMatch(flags -> flags.contains("\\Seen"));
    }

    @Test
    void pollEnrichGetsAMailAndThenNothing() throws Exception {
        save(mail("wanted", "ann@example.com", "b@example.com", NOW, "hello"));
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // One consumer: a second one would know nothing of what the first has not told the server yet.
                from("direct:ask").pollEnrich(polling(DOVECOT.imap(), "sendEmptyMessageWhenIdle=false"), 2_000);
            }
        });
        routes.context.start();
        var template = routes.context.createProducerTemplate();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> "hello\r\n".equals(template.requestBody("direct:ask", "before", String.class)));
        assertThat(template.requestBody("direct:ask", "before")).isNull();
        // What the route has done is told the server in the session of the next poll.
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            template.requestBody("direct:ask", "before");
            assertThat(DOVECOT.flagsByUid(ALICE, "INBOX").values())
                    .singleElement()
                    .satisfies(flags -> assertThat(flags).contains("\\Seen"));
        });
    }

    @Test
    void attachmentsAreReadBehindSedaWhenTheConnectionIsGone() throws Exception {
        save(("From: ann@example.com\r\nSubject: files\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=a.txt\r\n\r\nattached\r\n--b--\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        List<String> read = new CopyOnWriteArrayList<>();
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:later").process(exchange -> {
                    await().untilAsserted(() ->
                            assertThat(DOVECOT.doveadm("who", "-1")).doesNotContain(ALICE));
                    read.add(new String(
                            exchange.getMessage(AttachmentMessage.class)
                                    .getAttachment("a.txt")
                                    .getInputStream()
                                    .readAllBytes(),
                            StandardCharsets.US_ASCII));
                });
                from(polling(DOVECOT.imap(), "disconnect=true&repeatCount=1")).to("seda:later");
            }
        });
        routes.context.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !read.isEmpty());
        assertThat(read).containsExactly("attached");
    }

    @Test
    void twoConsumersOfOneFolderDeliverOnceWithASharedRepository() throws Exception {
        MemoryIdempotentRepository shared = new MemoryIdempotentRepository();
        routes.context.getRegistry().bind("shared", shared);
        for (int i = 0; i < 20; i++) {
            save(mail("mail " + i, "ann@example.com", "b@example.com", NOW, "x"));
        }
        String uri = polling(
                DOVECOT.imap(), "idempotentRepository=%23shared&idempotentRepositoryRemoveOnCommit=false&unseen=false");
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("poll").process(routes::record);
                from(uri + "&peek=true").routeId("poll2").process(routes::record);
            }
        });
        routes.context.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> routes.delivered.size() >= 20);
        await().during(Duration.ofMillis(400)).until(() -> routes.delivered.size() == 20);
        assertThat(routes.delivered).doesNotHaveDuplicates();
    }

    @Test
    void theMessageIdAsKeyKeepsASecondCopyOfAMailAway() throws Exception {
        routes.context.getRegistry().bind("known", new MemoryIdempotentRepository());
        byte[] twice = mail("twice", "ann@example.com", "b@example.com", NOW, "x");
        save(twice);
        save(twice);
        save(mail("once", "ann@example.com", "b@example.com", NOW, "x"));
        List<Object> ids = new CopyOnWriteArrayList<>();
        routes.start(
                polling(
                        DOVECOT.imap(),
                        "idempotentRepository=%23known&idempotentRepositoryRemoveOnCommit=false"
                                + "&mailUidGenerator=%23class:io.mailproto.component.MessageIdUidGenerator"),
                exchange -> ids.add(exchange.getProperty("CamelMailMessageId")));
        awaitDelivered("twice", "once");
        assertThat(ids)
                .containsExactly("<" + "twice".hashCode() + "@example.com>", "<" + "once".hashCode() + "@example.com>");
    }

    @Test
    void anActionCleansTheMailboxAfterThePoll() throws Exception {
        save(mail("old", "ann@example.com", "b@example.com", NOW.minusYears(3), "x"));
        save(mail("new", "ann@example.com", "b@example.com", NOW, "x"));
        ImapPostProcessAction clean = client -> {
            var old = client.uidSearch(
                    SearchCriteria.of("SENTBEFORE", NOW.toLocalDate().minusYears(1)));
            if (!old.isEmpty()) {
                client.uidExpunge(old);
            }
        };
        routes.context.getRegistry().bind("clean", clean);
        routes.start(polling(DOVECOT.imap(), "postProcessAction=%23clean"));
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "INBOX")).isEqualTo(1));
        awaitDelivered("old", "new");
    }

    @Test
    void pollsAFolderInAnyScript() throws Exception {
        DOVECOT.create(ALICE, "Entw\u00fcrfe/\u65e5\u672c\u8a9e");
        DOVECOT.save(
                ALICE, "Entw\u00fcrfe/\u65e5\u672c\u8a9e", mail("there", "a@example.com", "b@example.com", NOW, "x"));
        routes.start(polling(DOVECOT.imap(), "folderName=Entw%C3%BCrfe/%E6%97%A5%E6%9C%AC%E8%AA%9E&delete=true"));
        await().until(() -> routes.delivered.contains("there"));
    }
}
