package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.polling;
import static io.mailproto.testing.DovecotPeer.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImapConsumerRealServersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    @TempDir
    Path directory;

    private final ImapRoutes routes = new ImapRoutes();

    @BeforeEach
    void emptyMailboxes() throws Exception {
        DOVECOT.expungeAll(ALICE, "INBOX");
        DOVECOT.expungeAll(ALICE, "Archive");
        DOVECOT.expungeAll(ALICE, "Trash");
        GREENMAIL.purge();
    }

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static byte[] mail(String subject) {
        return ("From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void save(String... subjects) throws IOException {
        for (String subject : subjects) {
            DOVECOT.save(ALICE, "INBOX", mail(subject));
        }
    }

    private static List<Boolean> seen() throws IOException {
        return DOVECOT.flagsByUid(ALICE, "INBOX").values().stream()
                .map(flags -> flags.contains("\\Seen"))
                .toList();
    }

    private static String archived() throws IOException {
        StringBuilder all = new StringBuilder();
        for (byte[] message : DOVECOT.messages(ALICE, "Archive")) {
            all.append(new String(message, StandardCharsets.US_ASCII));
        }
        return all.toString();
    }

    @Test
    void marksAsSeenWhatTheRouteHasDone() throws Exception {
        save("one", "two");
        routes.start(polling(DOVECOT.imap(), ""));
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, true));
        save("three");
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, true, true));
        assertThat(routes.delivered).containsExactly("one", "two", "three");
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void takesAllUntilTheyAreDeleted() throws Exception {
        save("one", "two");
        DOVECOT.addFlags(ALICE, "INBOX", "1:*", "\\Seen");
        routes.start(polling(DOVECOT.imap(), "unseen=false&delete=true"));
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "INBOX")).isZero());
        assertThat(routes.delivered).containsExactly("one", "two");
    }

    @Test
    void neverRemovesWhatOthersHaveMarked() throws Exception {
        save("marked by others", "ours");
        DOVECOT.addFlags(ALICE, "INBOX", "" + DOVECOT.uids(ALICE, "INBOX").get(0), "\\Deleted");
        routes.start(polling(DOVECOT.imap(), "delete=true&disconnect=true"));
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "INBOX")).isEqualTo(1));
        assertThat(routes.delivered).containsExactly("ours");
        assertThat(DOVECOT.flagsByUid(ALICE, "INBOX").values()).singleElement().satisfies(flags -> assertThat(flags)
                .contains("\\Deleted"));
    }

    @Test
    void movesAndCopies() throws Exception {
        save("one", "two");
        routes.start(polling(DOVECOT.imap(), "copyTo=Archive&moveTo=New/Folder"));
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "INBOX")).isZero());
        assertThat(DOVECOT.count(ALICE, "Archive")).isEqualTo(2);
        assertThat(DOVECOT.count(ALICE, "New/Folder")).isEqualTo(2);
        assertThat(routes.delivered).containsExactly("one", "two");
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void obeysTheHeadersOfEachMail() throws Exception {
        save("move", "copy", "delete", "keep");
        routes.start(polling(DOVECOT.imap(), ""), exchange -> {
            switch (exchange.getMessage().getHeader("Subject", String.class)) {
                case "move" -> exchange.getMessage().setHeader(MailConstants.MOVE_TO, "Archive");
                case "copy" -> exchange.getMessage().setHeader(MailConstants.COPY_TO, "Trash");
                case "delete" -> exchange.getMessage().setHeader(MailConstants.DELETE, true);
                default -> {
                    // keep
                }
            }
        });
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, true));
        assertThat(archived()).contains("Subject: move");
        assertThat(DOVECOT.count(ALICE, "Trash")).isEqualTo(1);
        assertThat(routes.delivered).hasSize(4);
    }

    @Test
    void leavesAFailedMailUntouchedAndDeliversItAgain() throws Exception {
        save("good", "bad", "last");
        AtomicBoolean broken = new AtomicBoolean(true);
        routes.start(polling(DOVECOT.imap(), "moveTo=Archive"), exchange -> {
            if (broken.get() && "bad".equals(exchange.getMessage().getHeader("Subject"))) {
                throw new IllegalStateException("not today");
            }
        });
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "Archive")).isEqualTo(2));
        assertThat(seen()).containsExactly(false);
        await().until(() -> routes.delivered.stream().filter("bad"::equals).count() >= 2);
        broken.set(false);
        await().untilAsserted(() -> assertThat(DOVECOT.count(ALICE, "INBOX")).isZero());
        assertThat(routes.delivered.stream().filter("good"::equals)).hasSize(1);
        assertThat(routes.failures).allSatisfy(failure -> assertThat(failure).contains("not today"));
    }

    @Test
    void putsAMailAsideThatFailsForEver() throws Exception {
        save("bad", "good");
        routes.start(polling(DOVECOT.imap(), "maxDeliveries=3"), exchange -> {
            if ("bad".equals(exchange.getMessage().getHeader("Subject"))) {
                throw new IllegalStateException("never");
            }
        });
        await().untilAsserted(() -> assertThat(
                        DOVECOT.flagsByUid(ALICE, "INBOX").values())
                .anySatisfy(flags -> assertThat(flags).contains("\\Flagged").doesNotContain("\\Seen")));
        save("next");
        await().until(() -> routes.delivered.contains("next"));
        assertThat(routes.delivered.stream().filter("bad"::equals)).hasSize(3);
    }

    @Test
    void searchesInTheServersOwnWords() throws Exception {
        save("order 1", "spam", "order 2");
        routes.start(polling(DOVECOT.imap(), "search=RAW(SUBJECT \"order\")"));
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, false, true));
        assertThat(routes.delivered).containsExactly("order 1", "order 2");
    }

    @Test
    void fetchesAtMostSoManyPerPoll() throws Exception {
        save("1", "2", "3", "4", "5");
        routes.start(polling(DOVECOT.imap(), "maxMessagesPerPoll=2&repeatCount=2"));
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, true, true, true, false));
        await().during(Duration.ofMillis(300)).until(() -> routes.delivered.size() == 4);
    }

    @Test
    void acknowledgesWhenTheExchangeHasCompletedOnAnotherThread() throws Exception {
        save("one", "two");
        CountDownLatch release = new CountDownLatch(1);
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:later").process(exchange -> release.await());
                from(polling(DOVECOT.imap(), "disconnect=true"))
                        .routeId("poll")
                        .process(routes::record)
                        .to("seda:later");
            }
        });
        routes.context.start();
        await().until(() -> routes.delivered.size() == 2);
        // Further polls neither deliver nor mark them.
        await().during(Duration.ofMillis(400)).until(() -> routes.delivered.size() == 2);
        assertThat(seen()).containsExactly(false, false);
        release.countDown();
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, true));
        assertThat(routes.delivered).hasSize(2);
    }

    @Test
    void stopsInTheMiddleOfABatchAndLeavesTheRestForTheNextTime() throws Exception {
        DOVECOT.preload(DovecotPeer.BOB, "Many", 50, 500);
        CountDownLatch inRoute = new CountDownLatch(3);
        AtomicInteger count = new AtomicInteger();
        routes.start(
                polling(DOVECOT.imap(), "folderName=Many")
                        .replace(ALICE, DovecotPeer.BOB)
                        .replace(DovecotPeer.passwordOf(ALICE), DovecotPeer.passwordOf(DovecotPeer.BOB)),
                exchange -> {
                    inRoute.countDown();
                    if (count.incrementAndGet() >= 3) {
                        await().until(() -> exchange.getContext().isStopping());
                    }
                });
        inRoute.await();
        routes.close();
        int done = routes.delivered.size();
        assertThat(done).isBetween(3, 49);
        long seen = DOVECOT.flagsByUid(DovecotPeer.BOB, "Many").values().stream()
                .filter(flags -> flags.contains("\\Seen"))
                .count();
        assertThat(seen).isEqualTo(done);
    }

    @Test
    void worksAgainWhenTheConnectionHasBeenCut() throws Exception {
        save("one");
        routes.start(polling(DOVECOT.imap(), ""));
        await().until(() -> routes.delivered.contains("one"));
        // Only a session that Dovecot knows of can be cut, and it takes a moment to hear of one.
        await().untilAsserted(() -> DOVECOT.kick(ALICE));
        save("two");
        await().until(() -> routes.delivered.contains("two"));
        await().untilAsserted(() -> assertThat(seen()).containsExactly(true, true));
    }

    @ParameterizedTest
    @CsvSource({"imap,starttls", "imaps,implicit", "mailproto-imap,starttls", "mailproto-imaps,implicit"})
    void pollsOverTls(String scheme, String tls) throws Exception {
        save("secret");
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + io.mailproto.testing.TestCertificates.writeTrustStore(directory.resolve("t.p12")));
        store.setPassword(io.mailproto.testing.TestCertificates.STORE_PASSWORD);
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        routes.context.getRegistry().bind("tls", parameters);
        String server = scheme.endsWith("s")
                ? DOVECOT.imaps().toString()
                : DOVECOT.imap().toString();
        routes.start(polling(DOVECOT.imap(), "sslContextParameters=%23tls&tls=" + tls)
                .replace("imap:" + DOVECOT.imap(), scheme + ":" + server));
        await().until(() -> routes.delivered.contains("secret"));
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void reportsAWrongPassword() throws Exception {
        routes.start(polling(DOVECOT.imap(), "repeatCount=1").replace("password=secret1", "password=nonsense"));
        await().until(() -> !routes.failures.isEmpty());
        assertThat(routes.failures.get(0)).contains("AUTHENTICATIONFAILED").doesNotContain("nonsense");
    }

    @Test
    void givesTheMailOctetForOctet() throws Exception {
        byte[] odd =
                "Subject: \u00e4\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n.\r\n)\r\na1 OK\r\n\u00fc\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1);
        DOVECOT.save(ALICE, "INBOX", odd);
        List<byte[]> bodies = new CopyOnWriteArrayList<>();
        routes.start(
                polling(DOVECOT.imap(), "mapMailMessage=false"),
                exchange -> bodies.add(
                        exchange.getMessage().getBody(Mail.class).octets().toByteArray()));
        await().until(() -> !bodies.isEmpty());
        assertThat(bodies.get(0)).isEqualTo(odd);
    }

    @Test
    void deliversEachOfManyMailsOnce() throws Exception {
        DOVECOT.preload(DovecotPeer.CAROL, "Crowd", 3000, 1500);
        Map<String, Boolean> once = new java.util.concurrent.ConcurrentHashMap<>();
        AtomicInteger twice = new AtomicInteger();
        routes.start(
                polling(DOVECOT.imap(), "folderName=Crowd&moveTo=CrowdDone")
                        .replace(ALICE, DovecotPeer.CAROL)
                        .replace(DovecotPeer.passwordOf(ALICE), DovecotPeer.passwordOf(DovecotPeer.CAROL)),
                exchange -> {
                    if (once.put(exchange.getMessage().getHeader(MailConstants.UID, String.class), true) != null) {
                        twice.incrementAndGet();
                    }
                });
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(DOVECOT.count(DovecotPeer.CAROL, "CrowdDone"))
                        .isEqualTo(3000));
        assertThat(once).hasSize(3000);
        assertThat(twice).hasValue(0);
        assertThat(DOVECOT.count(DovecotPeer.CAROL, "Crowd")).isZero();
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void pollsAPoorServer() throws Exception {
        for (String subject : List.of("one", "two", "three")) {
            GREENMAIL.deliver(ALICE, mail(subject));
        }
        routes.start(polling(GREENMAIL.imap(), "copyTo=Copies&delete=true"));
        await().until(() -> GREENMAIL.messages(ALICE).isEmpty());
        assertThat(routes.delivered).containsExactly("one", "two", "three");
        GREENMAIL.deliver(ALICE, mail("four"));
        await().until(() -> routes.delivered.contains("four"));
        assertThat(routes.failures).isEmpty();
    }
}
