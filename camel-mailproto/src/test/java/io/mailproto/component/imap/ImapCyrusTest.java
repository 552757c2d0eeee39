package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.MailboxInfo;
import io.mailproto.imap.MailboxStatus;
import io.mailproto.imap.MessageStructure;
import io.mailproto.imap.MessageThread;
import io.mailproto.imap.Namespaces;
import io.mailproto.testing.CyrusPeer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cyrus: folders are below INBOX, and nearly every extension is there. */
class ImapCyrusTest {
    @RegisterExtension
    static final CyrusPeer CYRUS = CyrusPeer.extension();

    private static final String TWO_PARTS = """
            From: ann@example.com
            Subject: report
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            See there.
            --b
            Content-Type: text/csv; charset=utf-8
            Content-Disposition: attachment; filename="Umsatz.csv"
            Content-Transfer-Encoding: base64

            YTsxCmI7Mgo=
            --b--
            """;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> subjects = new CopyOnWriteArrayList<>();
    private ProducerTemplate template;

    private static String mail(String subject, String more) {
        return "From: ann@example.com\nSubject: " + subject + "\n" + more + "\ntext of " + subject + "\n";
    }

    private void fill(String... newSubjects) {
        result(
                "append",
                "",
                Stream.of(newSubjects).map(subject -> mail(subject, "")).toList());
    }

    private static String uri(String options) {
        return "imap:" + CYRUS.imap() + "?username=" + CyrusPeer.ALICE + "&password=" + CyrusPeer.PASSWORD + options;
    }

    @BeforeEach
    void start() throws Exception {
        context.getShutdownStrategy().setTimeout(10);
        context.start();
        template = context.createProducerTemplate();
        Object left = result("search", "", null);
        if (!((List<?>) left).isEmpty()) {
            result("delete", "", null, MailConstants.IMAP_UIDS, left);
        }
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    private ImapConsumer consume(String options) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri(options)).routeId("poll").process(exchange -> {
                    subjects.add(exchange.getMessage().getHeader("Subject", String.class));
                    assertThat(exchange.getMessage().getBody(String.class)).isNotEmpty();
                });
            }
        });
        return (ImapConsumer) context.getRoute("poll").getConsumer();
    }

    private Exchange run(String operation, String options, Object body, Object... headers) {
        Map<String, Object> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put((String) headers[i], headers[i + 1]);
        }
        return template.request(uri("&operation=" + operation + options), exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(all);
        });
    }

    private Object result(String operation, String options, Object body, Object... headers) {
        Exchange exchange = run(operation, options, body, headers);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody();
    }

    private static String folder(String name) {
        return "&folderName=" + name;
    }

    private long count(String folder) {
        return ((MailboxStatus) result("status", folder(folder), null))
                .messages()
                .orElseThrow();
    }

    @Test
    void mailsAreFetchedOnceAndDeleted() throws Exception {
        fill("one", "two");
        ImapConsumer consumer = consume("&delete=true&startScheduler=false");
        consumer.run();
        consumer.run();
        assertThat(subjects).containsExactly("one", "two");
        assertThat(count("INBOX")).isZero();
    }

    @Test
    void searchesSortsMarksAndMoves() throws Exception {
        result("create", folder("INBOX/Done"), null);
        fill("b1", "a", "c", "b2");
        ImapConsumer consumer =
                consume("&startScheduler=false&moveTo=INBOX/Done&sortTerm=-subject&searchTerm.subject=b");
        consumer.run();
        assertThat(subjects).containsExactly("b2", "b1");
        assertThat(count("INBOX")).isEqualTo(2);
        assertThat(count("INBOX/Done")).isEqualTo(2);
        assertThat((List<?>)
                        result("search", folder("INBOX/Done"), null, MailConstants.IMAP_SEARCH, "SEEN SUBJECT \"b1\""))
                .hasSize(1);
        consumer.run();
        assertThat(subjects).hasSize(2);
        result("remove", folder("INBOX/Done"), null);
    }

    @Test
    void whatComesWhileItWaitsIsInTheRouteSoon() throws Exception {
        fill("before");
        ImapConsumer consumer = consume("&idle=true&initialDelay=0&delay=3600000");
        await().until(() -> consumer.getSuccessCounter() > 0);
        result("append", "", mail("one", ""));
        await().atMost(Duration.ofSeconds(20)).until(() -> subjects.contains("one"));
        result("append", "", List.of(mail("two", ""), mail("three", "")));
        await().atMost(Duration.ofSeconds(20)).until(() -> subjects.size() == 4);
        assertThat(subjects).containsExactly("before", "one", "two", "three");
    }

    @Test
    void appendsFindsFetchesAndChanges() throws Exception {
        result(
                "append",
                "",
                List.of(
                        mail("one", "Message-ID: <1@x>\n"),
                        mail("two", "Message-ID: <2@x>\nIn-Reply-To: <1@x>\nReferences: <1@x>\n"),
                        TWO_PARTS),
                MailConstants.IMAP_FLAGS,
                "\\Seen $MDNSent",
                MailConstants.IMAP_DATE,
                "2026-01-31T12:00:00+01:00");
        List<?> uids = (List<?>) result("search", "", null, MailConstants.IMAP_SEARCH, "SEEN KEYWORD $MDNSent");
        assertThat(uids).hasSize(3);
        assertThat(result("sort", "&sortTerm=-size", null)).isEqualTo(List.of(uids.get(2), uids.get(1), uids.get(0)));
        assertThat((List<?>) result("thread", "", null)).hasSize(2).first().isInstanceOf(MessageThread.class);

        Exchange whole = run("fetch", "", null, MailConstants.IMAP_UIDS, uids.get(0));
        assertThat(whole.getMessage().getBody(Mail.class).subject()).hasValue("one");
        assertThat(whole.getMessage().getHeader(MailConstants.INTERNAL_DATE)).hasToString("2026-01-31T11:00:00Z");
        MessageStructure structure =
                (MessageStructure) result("fetch", "&section=structure", null, MailConstants.IMAP_UIDS, uids.get(2));
        MessageStructure attachment = structure.leaves().get(1);
        assertThat(attachment.fileName()).hasValue("Umsatz.csv");
        Exchange part = run(
                "fetch",
                "",
                null,
                MailConstants.IMAP_UIDS,
                uids.get(2),
                MailConstants.IMAP_SECTION,
                attachment.number());
        assertThat(part.getMessage().getBody(String.class)).isEqualTo("a;1\nb;2\n");
        Exchange range = run("fetch", "", null, MailConstants.IMAP_UIDS, uids.get(0), MailConstants.IMAP_RANGE, "6-8");
        assertThat(range.getMessage().getBody(String.class)).isEqualTo("ann");

        result("store", "", null, MailConstants.IMAP_UIDS, uids, MailConstants.IMAP_FLAGS, "\\Flagged");
        assertThat(result("search", "", null, MailConstants.IMAP_SEARCH, "FLAGGED"))
                .isEqualTo(uids);
        result("copy", "&targetFolder=INBOX/Copies", null, MailConstants.IMAP_UIDS, uids);
        assertThat(count("INBOX/Copies")).isEqualTo(3);
        result("move", "&targetFolder=INBOX/Moved", null, MailConstants.IMAP_UIDS, uids.get(0));
        assertThat(count("INBOX/Moved")).isEqualTo(1);
        result("delete", "", null, MailConstants.IMAP_UIDS, uids.get(1));
        assertThat(result("search", "", null)).isEqualTo(uids.subList(2, 3));
        result("store", "", null, MailConstants.IMAP_UIDS, uids.get(2), MailConstants.IMAP_FLAGS, "\\Deleted");
        result("expunge", "", null);
        assertThat(count("INBOX")).isZero();
        result("remove", folder("INBOX/Copies"), null);
        result("remove", folder("INBOX/Moved"), null);
    }

    @Test
    void tellsOfFoldersRoomAndRights() throws Exception {
        result("create", folder("INBOX/Entw\u00fcrfe"), null);
        result("subscribe", folder("INBOX/Entw\u00fcrfe"), null);
        result("unsubscribe", folder("INBOX/Entw\u00fcrfe"), null);
        result("rename", folder("INBOX/Entw\u00fcrfe") + "&targetFolder=INBOX/Alt", null);
        assertThat((List<?>) result("list", "", null, MailConstants.IMAP_PATTERN, "*"))
                .extracting(info -> ((MailboxInfo) info).name().name())
                .contains("INBOX", "INBOX/Alt")
                .doesNotContain("INBOX/Entw\u00fcrfe");
        assertThat(((Namespaces) result("namespace", "", null)).personal())
                .containsExactly(new Namespaces.Namespace("INBOX/", "/"));
        assertThat((List<?>) result("quota", "", null)).isNotEmpty();
        result(
                "acl",
                folder("INBOX/Alt"),
                null,
                MailConstants.IMAP_ACL_IDENTIFIER,
                "anyone",
                MailConstants.IMAP_ACL_RIGHTS,
                "lr");
        assertThat(result("acl", folder("INBOX/Alt"), null, MailConstants.IMAP_ACL_IDENTIFIER, "anyone"))
                .isEqualTo("lr");
        assertThat((Map<?, ?>) result("acl", folder("INBOX/Alt"), null)).hasSize(2);
        result("remove", folder("INBOX/Alt"), null);
        assertThat(((Map<?, ?>) result("id", "", null)).get("name")).asString().startsWith("Cyrus");
        assertThat((Set<?>) result("capability", "", null)).anyMatch("UIDPLUS"::equals);
        assertThat(run("remove", folder("none"), null).getException()).isInstanceOf(CommandRefused.class);
    }

    @Test
    void waitsCompressed() throws Exception {
        assertThat((Set<?>) result("capability", "", null)).anyMatch("COMPRESS=DEFLATE"::equals);
        fill("one");
        ImapConsumer consumer = consume("&compress=true&delete=true&startScheduler=false");
        consumer.run();
        assertThat(subjects).containsExactly("one");
        assertThat(count("INBOX")).isZero();
    }
}
