package io.mailproto.component.imap;

import static io.mailproto.testing.DovecotPeer.ALICE;
import static io.mailproto.testing.DovecotPeer.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.MailboxInfo;
import io.mailproto.imap.MailboxStatus;
import io.mailproto.imap.MessageStructure;
import io.mailproto.imap.MessageThread;
import io.mailproto.imap.Namespaces;
import io.mailproto.imap.Quota;
import io.mailproto.spool.Octets;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import jakarta.activation.DataHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ImapProducerRealServersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

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
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        DOVECOT.expungeAll(ALICE, "INBOX");
        DOVECOT.expungeAll(ALICE, "Sent");
        DOVECOT.expungeAll(ALICE, "Archive");
        GREENMAIL.purge();
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private Exchange dovecot(String user, String options, Object body, Object... headers) {
        return run(
                "imap:" + DOVECOT.imap() + "?username=" + user + "&password=" + DovecotPeer.passwordOf(user) + options,
                body,
                headers);
    }

    private Exchange run(String uri, Object body, Object... headers) {
        Map<String, Object> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put((String) headers[i], headers[i + 1]);
        }
        Exchange exchange = template.request(uri, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(all);
        });
        return exchange;
    }

    private Object alice(String options, Object body, Object... headers) {
        Exchange exchange = dovecot(ALICE, options, body, headers);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody();
    }

    private static String mail(String subject, String more) {
        return "From: ann@example.com\nSubject: " + subject + "\n" + more + "\nHello " + subject + ".\n";
    }

    @Test
    void appendsFindsFetchesAndMovesOnDovecot() throws Exception {
        alice(
                "&operation=append&folderName=Sent",
                List.of(
                        mail("one", "Message-ID: <1@x>\n"),
                        mail("two", "Message-ID: <2@x>\nIn-Reply-To: <1@x>\nReferences: <1@x>\n"),
                        TWO_PARTS),
                MailConstants.IMAP_FLAGS,
                "\\Seen $MDNSent",
                MailConstants.IMAP_DATE,
                "2026-01-31T12:00:00+01:00");
        assertThat(DOVECOT.flagsByUid(ALICE, "Sent").values()).hasSize(3).allSatisfy(flags -> assertThat(flags)
                .contains("\\Seen", "$MDNSent"));
        List<Long> uids = DOVECOT.uids(ALICE, "Sent");

        String in = "&folderName=Sent";
        assertThat(alice("&operation=search" + in, null, MailConstants.IMAP_SEARCH, "SUBJECT \"report\""))
                .isEqualTo(uids.subList(2, 3));
        assertThat(alice(
                        "&operation=search" + in,
                        null,
                        MailConstants.IMAP_SEARCH,
                        "YOUNGER 3600 SENTBEFORE 1-Jan-2000"))
                .isEqualTo(List.of());
        assertThat(alice("&operation=search" + in, null, MailConstants.IMAP_PAGE, "1-2"))
                .isEqualTo(uids.subList(0, 2));
        assertThat(alice("&operation=sort&sortTerm=-size" + in, null))
                .isEqualTo(List.of(uids.get(2), uids.get(1), uids.get(0)));
        assertThat(alice("&operation=thread" + in, null))
                .isEqualTo(List.of(
                        new MessageThread(uids.subList(0, 2), List.of()),
                        new MessageThread(uids.subList(2, 3), List.of())));

        Exchange whole = dovecot(ALICE, "&operation=fetch" + in, null, MailConstants.IMAP_UIDS, uids.get(0));
        assertThat(whole.getMessage().getBody(Mail.class).subject()).hasValue("one");
        assertThat(whole.getMessage().getHeader(MailConstants.INTERNAL_DATE)).hasToString("2026-01-31T11:00:00Z");

        MessageStructure structure = (MessageStructure)
                alice("&operation=fetch&section=structure" + in, null, MailConstants.IMAP_UIDS, uids.get(2));
        MessageStructure attachment = structure.leaves().get(1);
        assertThat(attachment.fileName()).hasValue("Umsatz.csv");
        Exchange part = dovecot(
                ALICE,
                "&operation=fetch" + in,
                null,
                MailConstants.IMAP_UIDS,
                uids.get(2),
                MailConstants.IMAP_SECTION,
                attachment.number());
        assertThat(part.getMessage().getBody(String.class)).isEqualTo("a;1\nb;2\n");
        assertThat(part.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("Umsatz.csv");
        assertThat(DOVECOT.message(ALICE, "Sent", uids.get(2)))
                .isEqualTo(TWO_PARTS.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        Exchange range = dovecot(
                ALICE,
                "&operation=fetch" + in,
                null,
                MailConstants.IMAP_UIDS,
                uids.get(0),
                MailConstants.IMAP_RANGE,
                "6-8");
        assertThat(range.getMessage().getBody(String.class)).isEqualTo("ann");
        assertThat(dovecot(ALICE, "&operation=fetch&section=9" + in, null, MailConstants.IMAP_UIDS, uids.get(0))
                        .getException())
                .isNotNull();

        alice("&operation=store" + in, null, MailConstants.IMAP_UIDS, uids, MailConstants.IMAP_FLAGS, "\\Flagged");
        alice("&operation=copy&targetFolder=New/Copies" + in, null, MailConstants.IMAP_UIDS, uids);
        assertThat(DOVECOT.count(ALICE, "New/Copies")).isEqualTo(3);
        alice("&operation=move&targetFolder=Archive" + in, null, MailConstants.IMAP_UIDS, uids.get(0));
        assertThat(DOVECOT.count(ALICE, "Archive")).isEqualTo(1);
        alice("&operation=delete" + in, null, MailConstants.IMAP_UIDS, uids.get(1));
        assertThat(DOVECOT.uids(ALICE, "Sent")).isEqualTo(uids.subList(2, 3));
        DOVECOT.addFlags(ALICE, "Sent", uids.get(2).toString(), "\\Deleted");
        alice("&operation=expunge" + in, null);
        assertThat(DOVECOT.count(ALICE, "Sent")).isZero();
        alice("&operation=remove&folderName=New/Copies", null);
    }

    @Test
    void worksOnFoldersQuotasAndRightsOfDovecot() {
        alice("&operation=create&folderName=Entw\u00fcrfe/2026", null);
        alice("&operation=subscribe&folderName=Entw\u00fcrfe/2026", null);
        alice("&operation=unsubscribe&folderName=Entw\u00fcrfe/2026", null);
        alice("&operation=rename&folderName=Entw\u00fcrfe/2026&targetFolder=Alt", null);
        List<?> folders = (List<?>) alice("&operation=list", null, MailConstants.IMAP_PATTERN, "*");
        assertThat(folders).anySatisfy(one -> {
            MailboxInfo info = (MailboxInfo) one;
            assertThat(info.name().name()).isEqualTo("Sent");
            assertThat(info.attributes()).extracting(Object::toString).contains("\\Sent");
        });
        assertThat(((MailboxStatus) alice("&operation=status&folderName=Alt", null)).messages())
                .hasValue(0);
        assertThat(((Namespaces) alice("&operation=namespace", null)).personal())
                .containsExactly(new Namespaces.Namespace("", "/"));
        assertThat((List<?>) alice("&operation=quota", null)).singleElement().satisfies(quota -> assertThat(
                        ((Quota) quota).resource("STORAGE"))
                .hasValueSatisfying(storage -> assertThat(storage.limit()).isEqualTo(8L << 20)));
        String bob = DovecotPeer.BOB;
        alice(
                "&operation=acl&folderName=Alt",
                null,
                MailConstants.IMAP_ACL_IDENTIFIER,
                bob,
                MailConstants.IMAP_ACL_RIGHTS,
                "lr");
        assertThat(alice("&operation=acl&folderName=Alt", null, MailConstants.IMAP_ACL_IDENTIFIER, bob))
                .isEqualTo("lr");
        alice(
                "&operation=acl&folderName=Alt",
                null,
                MailConstants.IMAP_ACL_IDENTIFIER,
                bob,
                MailConstants.IMAP_ACL_RIGHTS,
                "");
        assertThat((Map<?, ?>) alice("&operation=acl&folderName=Alt", null)).isNotEmpty();
        alice("&operation=remove&folderName=Alt", null);
        assertThat(((Map<?, ?>) alice("&operation=id", null)).get("name")).isEqualTo("Dovecot");
        assertThat((Set<?>) alice("&operation=capability", null)).anyMatch("ACL"::equals);
        assertThat(dovecot(ALICE, "&operation=remove&folderName=none", null).getException())
                .isInstanceOf(CommandRefused.class);
    }

    /** As in docs/imap.md. */
    @Test
    void attachmentsAreSavedWithoutTheRestOfTheirMails() throws Exception {
        alice("&operation=append", List.of(TWO_PARTS, mail("report without", "")));
        String uri = "imap:" + DOVECOT.imap() + "?username=" + ALICE + "&password=" + DovecotPeer.passwordOf(ALICE);
        Map<String, String> saved = new ConcurrentHashMap<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:reports")
                        .to(uri + "&operation=search&search=RAW(SMALLER 1000000 SUBJECT \"report\")")
                        .split(body())
                        .setHeader("CamelMailImapUids", body())
                        .to(uri + "&operation=fetch&section=structure")
                        .split(simple("${body.leaves()}"))
                        .filter(simple("${body.isAttachment()}"))
                        .setHeader("CamelMailImapSection", simple("${body.number()}"))
                        .to(uri + "&operation=fetch")
                        .process(e -> saved.put(
                                e.getMessage().getHeader(Exchange.FILE_NAME, String.class),
                                e.getMessage().getBody(String.class)));
            }
        });
        assertThat(template.request("direct:reports", e -> {}).getException()).isNull();
        assertThat(saved).isEqualTo(Map.of("Umsatz.csv", "a;1\nb;2\n"));
    }

    @Test
    void worksCompressedInAKeptSession() throws Exception {
        String options = "&keepSession=true&compress=true&folderName=INBOX";
        String text = "lorem ipsum dolor sit amet, consetetur sadipscing elitr\r\n".repeat(20_000);
        alice(options + "&operation=append", mail("long", "") + text);
        List<?> uids = (List<?>) alice(options + "&operation=search", null);
        assertThat(uids).hasSize(1);
        Mail back = (Mail) alice(options + "&operation=fetch", null, MailConstants.IMAP_UIDS, uids);
        assertThat(back.text()).endsWith(text);
    }

    @Test
    void aFullMailboxRefusesForTheTimeBeing() throws Exception {
        DOVECOT.expungeAll(SMALL, "INBOX");
        Exchange exchange = dovecot(
                SMALL,
                "&operation=append",
                mail("big", "") + "x".repeat(70).concat("\n").repeat(1_500));
        assertThat(exchange.getException()).isInstanceOfSatisfying(CommandRefused.class, e -> {
            assertThat(e.code().is("OVERQUOTA")).isTrue();
            assertThat(e.isTransient()).isTrue();
        });
        assertThat(DOVECOT.count(SMALL, "INBOX")).isZero();
    }

    @Test
    void savesASentMailOnGreenMail() throws Exception {
        String uri = "imap:" + GREENMAIL.imap() + "?username=" + ALICE + "&password=" + DovecotPeer.passwordOf(ALICE);
        assertThat(run(uri + "&operation=append&folderName=Sent", mail("sent", ""), MailConstants.IMAP_FLAGS, "\\Seen")
                        .getException())
                .isNull();
        Exchange search = run(uri + "&operation=search&folderName=Sent", null, MailConstants.IMAP_SEARCH, "SEEN");
        assertThat(search.getException()).isNull();
        List<?> uids = search.getMessage().getBody(List.class);
        assertThat(uids).hasSize(1);
        Exchange fetch = run(uri + "&operation=fetch&folderName=Sent", null, MailConstants.IMAP_UIDS, uids);
        assertThat(fetch.getMessage().getBody(Mail.class).subject()).hasValue("sent");
        assertThat(run(uri + "&operation=delete&folderName=Sent", null, MailConstants.IMAP_UIDS, uids)
                        .getException())
                .isNull();
        assertThat(run(uri + "&operation=remove&folderName=Sent", null).getException())
                .isNull();
    }

    @Test
    void composesAMailOfHeadersBodyAndAttachments() throws Exception {
        Exchange exchange = template.request(
                "imap:" + DOVECOT.imap() + "?username=" + ALICE + "&password=" + DovecotPeer.passwordOf(ALICE)
                        + "&operation=append&folderName=Sent",
                e -> {
                    AttachmentMessage message = e.getMessage(AttachmentMessage.class);
                    message.setBody("<p>Grüße</p>");
                    message.setHeader("From", "Ann <ann@example.com>");
                    message.setHeader("Subject", "Übersicht");
                    message.setHeader("Content-Type", "text/html");
                    message.setHeader("CamelMailAlternativeBody", "Grüße");
                    message.setHeader(MailConstants.IMAP_FLAGS, "\\Draft");
                    message.setHeader(MailConstants.IMAP_DATE, "2026-01-31T12:00:00Z");
                    message.addAttachment("a.csv", new DataHandler("1;2", "text/csv"));
                });
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isEqualTo("<p>Grüße</p>");
        long uid = DOVECOT.uids(ALICE, "Sent").get(0);
        Mail mail = Mail.of(Octets.of(DOVECOT.message(ALICE, "Sent", uid)));
        assertThat(mail.headers().decoded("Subject")).hasValue("Übersicht");
        assertThat(mail.headers().value("From"))
                .hasValueSatisfying(from -> assertThat(from).contains("ann@example.com"));
        assertThat(mail.headers().value("To")).isEmpty();
        assertThat(mail.headers().value("Message-ID")).isPresent();
        String all = new String(DOVECOT.message(ALICE, "Sent", uid), StandardCharsets.US_ASCII);
        assertThat(all)
                .contains("multipart/mixed", "multipart/alternative", "a.csv")
                .doesNotContain("CamelMail");
        assertThat(DOVECOT.flagsByUid(ALICE, "Sent").get(uid)).contains("\\Draft");
    }

    @Test
    void octetsBesideHeadersAreAMailIfTheyLookLikeOneAndItsContentOtherwise() throws Exception {
        alice(
                "&operation=append",
                new ByteArrayInputStream(mail("raw", "").getBytes(StandardCharsets.US_ASCII)),
                "Subject",
                "x");
        alice(
                "&operation=append",
                new ByteArrayInputStream(new byte[] {1, 2, 3}),
                "Subject",
                "y",
                "Content-Type",
                "image/png");
        alice("&operation=append", "From: this is a text", "Subject", "z");
        alice("&operation=append", mail("told", ""), "Subject", "x", "Content-Type", "message/rfc822");
        List<String> subjects = DOVECOT.messages(ALICE, "INBOX").stream()
                .map(octets -> new String(octets, StandardCharsets.US_ASCII))
                .map(text -> text.replaceAll("(?s).*?Subject: (\\w+).*", "$1"))
                .toList();
        assertThat(subjects).containsExactly("raw", "y", "z", "told");
    }

    @Test
    void aDraftThatCannotBeAMailIsRefused() {
        Exchange exchange = dovecot(ALICE, "&operation=append", "text", "Subject", "x", "From", "no address");
        assertThat(exchange.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header From");
    }
}
