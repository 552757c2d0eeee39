package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.imap.AppendedUids;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.CopiedUids;
import io.mailproto.imap.MailboxInfo;
import io.mailproto.imap.MailboxStatus;
import io.mailproto.imap.MessageStructure;
import io.mailproto.imap.MessageThread;
import io.mailproto.imap.Quota;
import io.mailproto.imap.UidSet;
import io.mailproto.spool.Octets;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ConnectionLost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.StreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Single operations on mailboxes. Tags are a2, a3, … after the login. */
class ImapProducerTest {
    private static final String CAPABILITIES =
            "IMAP4rev1 UIDPLUS MOVE UNSELECT SORT THREAD=REFERENCES QUOTA ACL NAMESPACE" + " SPECIAL-USE";
    private static final String MAIL = "Subject: hi\r\n\r\ntext\r\n";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;

    @BeforeEach
    void start() {
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private static String login(String capabilities) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY %s] logged in
                """.formatted(capabilities);
    }

    private static String opened(String verb, String folder, int tag) {
        return """
                C: a%2$d %1$s %3$s
                S: * 3 EXISTS
                S: * OK [UIDVALIDITY 77] valid
                S: a%2$d OK [%4$s] opened
                """.formatted(verb, tag, folder, verb.equals("SELECT") ? "READ-WRITE" : "READ-ONLY");
    }

    private static String logout(int tag) {
        return "C: a%1$d LOGOUT\nS: * BYE\nS: a%1$d OK\n-- close\n".formatted(tag);
    }

    private static String uri(ScriptedPeer server, String options) {
        return "imap:" + server.address() + "?username=alice&password=secret1" + options;
    }

    private Exchange run(ScriptedPeer server, String options, Object body, Map<String, Object> headers) {
        return template.request(uri(server, options), exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    private static final String READ = opened("EXAMINE", "INBOX", 2);
    private static final String CHANGE = opened("SELECT", "INBOX", 2);
    private static final Map<String, Object> UIDS = Map.of(MailConstants.IMAP_UIDS, "1:2,7");

    private static Map<String, Object> uidsAnd(Object... more) {
        Map<String, Object> headers = new HashMap<>(UIDS);
        for (int i = 0; i < more.length; i += 2) {
            headers.put((String) more[i], more[i + 1]);
        }
        return headers;
    }

    /** Operation, headers, what is said behind the login, the next tag, the body afterwards. */
    static Stream<Arguments> results() {
        return Stream.of(
                Arguments.of(
                        "search",
                        Map.of(MailConstants.IMAP_SEARCH, "SUBJECT \"x y\""),
                        READ + "C: a3 UID SEARCH SUBJECT \"x y\"\nS: * SEARCH 9 2 3\nS: a3 OK\n",
                        4,
                        List.of(2L, 3L, 9L)),
                Arguments.of(
                        "search",
                        Map.of(MailConstants.IMAP_PAGE, "2-3"),
                        READ + "C: a3 UID SEARCH ALL\nS: * SEARCH 2 3 9\nS: a3 OK\n",
                        4,
                        List.of(3L, 9L)),
                Arguments.of(
                        "sort",
                        Map.of(MailConstants.IMAP_SORT, "-size"),
                        READ + "C: a3 UID SORT (REVERSE SIZE) US-ASCII ALL\nS: * SORT 9 2 3\nS: a3 OK\n",
                        4,
                        List.of(9L, 2L, 3L)),
                Arguments.of(
                        "thread",
                        Map.of(),
                        READ + "C: a3 UID THREAD REFERENCES US-ASCII ALL\nS: * THREAD (2 3)(9)\nS: a3 OK\n",
                        4,
                        List.of(
                                new MessageThread(List.of(2L, 3L), List.of()),
                                new MessageThread(List.of(9L), List.of()))),
                Arguments.of(
                        "store",
                        uidsAnd(MailConstants.IMAP_FLAGS, "\\Seen $Done"),
                        CHANGE + "C: a3 UID STORE 1:2,7 +FLAGS.SILENT (\\Seen $Done)\nS: a3 OK\n",
                        4,
                        "before"),
                Arguments.of(
                        "store",
                        uidsAnd(MailConstants.IMAP_FLAGS, List.of("\\Seen"), MailConstants.IMAP_CHANGE, "remove"),
                        CHANGE + "C: a3 UID STORE 1:2,7 -FLAGS.SILENT (\\Seen)\nS: a3 OK\n",
                        4,
                        "before"),
                Arguments.of(
                        "store",
                        uidsAnd(MailConstants.IMAP_LABELS, List.of("\\Starred", "a b")),
                        CHANGE + "C: a3 UID STORE 1:2,7 +X-GM-LABELS.SILENT (\\Starred \"a b\")\nS: a3 OK\n",
                        4,
                        "before"),
                Arguments.of(
                        "copy",
                        uidsAnd(MailConstants.IMAP_TARGET_FOLDER, "Done"),
                        READ + "C: a3 UID COPY 1:2,7 \"Done\"\nS: a3 OK [COPYUID 5 1:2,7 11:13] done\n",
                        4,
                        "before"),
                Arguments.of("move", uidsAnd(MailConstants.IMAP_TARGET_FOLDER, "Done"), CHANGE + """
                                C: a3 UID MOVE 1:2,7 "Done"
                                S: a3 NO [TRYCREATE] missing
                                C: a4 CREATE "Done"
                                S: a4 OK
                                C: a5 UID MOVE 1:2,7 "Done"
                                S: * OK [COPYUID 5 1:2,7 11:13] moved
                                S: a5 OK
                                """, 6, "before"),
                Arguments.of("delete", UIDS, CHANGE + """
                                C: a3 UID STORE 1:2,7 +FLAGS.SILENT (\\Deleted)
                                S: a3 OK
                                C: a4 UID EXPUNGE 1:2,7
                                S: a4 OK
                                """, 5, "before"),
                Arguments.of(
                        "expunge",
                        Map.of(),
                        CHANGE + "C: a3 UID SEARCH DELETED\nS: * SEARCH 4\nS: a3 OK\nC: a4 UID EXPUNGE 4\nS: a4 OK\n",
                        5,
                        "before"),
                Arguments.of(
                        "create",
                        Map.of(MailConstants.IMAP_FOLDER, "x"),
                        "C: a2 CREATE \"x\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "rename",
                        Map.of(MailConstants.IMAP_FOLDER, "x", MailConstants.IMAP_TARGET_FOLDER, "y"),
                        "C: a2 RENAME \"x\" \"y\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "remove",
                        Map.of(MailConstants.IMAP_FOLDER, "x"),
                        "C: a2 DELETE \"x\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "subscribe",
                        Map.of(MailConstants.IMAP_FOLDER, "x"),
                        "C: a2 SUBSCRIBE \"x\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "unsubscribe",
                        Map.of(MailConstants.IMAP_FOLDER, "x"),
                        "C: a2 UNSUBSCRIBE \"x\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "acl",
                        Map.of(),
                        "C: a2 GETACL INBOX\nS: * ACL INBOX ann lrs bob l\nS: a2 OK\n",
                        3,
                        Map.of("ann", "lrs", "bob", "l")),
                Arguments.of(
                        "acl",
                        Map.of(MailConstants.IMAP_ACL_IDENTIFIER, "bob"),
                        "C: a2 GETACL INBOX\nS: * ACL INBOX ann lrs bob l\nS: a2 OK\n",
                        3,
                        "l"),
                Arguments.of(
                        "acl",
                        Map.of(MailConstants.IMAP_ACL_IDENTIFIER, "bob", MailConstants.IMAP_ACL_RIGHTS, "+r"),
                        "C: a2 SETACL INBOX \"bob\" \"+r\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "acl",
                        Map.of(MailConstants.IMAP_ACL_IDENTIFIER, "bob", MailConstants.IMAP_ACL_RIGHTS, ""),
                        "C: a2 DELETEACL INBOX \"bob\"\nS: a2 OK\n",
                        3,
                        "before"),
                Arguments.of(
                        "quota",
                        Map.of(),
                        "C: a2 GETQUOTAROOT INBOX\nS: * QUOTAROOT INBOX u\nS: * QUOTA u (STORAGE 1 2)\nS: a2 OK\n",
                        3,
                        List.of(new Quota("u", List.of(new Quota.Resource("STORAGE", 1, 2))))),
                Arguments.of(
                        "id",
                        Map.of(),
                        "C~ a2 ID \\(\"name\" .*\nS: * ID (\"name\" \"X\")\nS: a2 OK\n",
                        3,
                        Map.of("name", "X")),
                Arguments.of(
                        "capability",
                        Map.of(),
                        "C: a2 CAPABILITY\nS: * CAPABILITY IMAP4rev1 IDLE\nS: a2 OK\n",
                        3,
                        Set.of("IMAP4REV1", "IDLE")),
                Arguments.of("noop", Map.of(), "C: a2 NOOP\nS: a2 OK\n", 3, "before"));
    }

    @ParameterizedTest
    @MethodSource("results")
    void eachOperationHasATypedResult(
            String operation, Map<String, Object> headers, String said, int nextTag, Object body) throws Exception {
        String session = login(CAPABILITIES) + said + logout(nextTag);
        for (Pace pace : Pace.values()) {
            try (ScriptedPeer server = ScriptedPeer.serving(pace, session, session)) {
                Exchange byOption = run(server, "&operation=" + operation, "before", headers);
                assertThat(byOption.getException()).isNull();
                assertThat(byOption.getMessage().getBody()).isEqualTo(body);
                Map<String, Object> more = new HashMap<>(headers);
                more.put(MailConstants.IMAP_OPERATION, operation);
                Exchange byHeader = run(server, "&operation=noop", "before", more);
                assertThat(byHeader.getException()).isNull();
                assertThat(byHeader.getMessage().getBody()).isEqualTo(body);
                server.assertPlayedToTheEnd();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("results")
    void eachRefusalIsAnExceptionThatNamesServerAndStep(
            String operation, Map<String, Object> headers, String said, int nextTag, Object body) throws Exception {
        // The same, but the last command is refused.
        String refused = said.replaceFirst("(?s)(.*\\n)S: (a\\d+) OK[^\\n]*\\n$", "$1S: $2 NO [NOPERM] no\n");
        try (ScriptedPeer server = ScriptedPeer.serving(login(CAPABILITIES) + refused + "-- closed\n")) {
            Exchange exchange = run(server, "&operation=" + operation, "before", headers);
            assertThat(exchange.getException())
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining(server.address().toString())
                    .hasMessageContaining("NO [NOPERM] no");
            assertThat(exchange.getMessage().getBody()).isEqualTo("before");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void foldersStatusAndNamespacesAreValues() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                login(CAPABILITIES) + "C: a2 LIST \"\" \"*\"\nS: * LIST (\\Sent) \"/\" Sent\nS: a2 OK\n" + logout(3),
                login(CAPABILITIES)
                        + "C: a2 STATUS \"Sent\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nS: * STATUS Sent (MESSAGES 4)\nS: a2 OK\n"
                        + logout(3),
                login(CAPABILITIES) + "C: a2 NAMESPACE\nS: * NAMESPACE ((\"\" \"/\")) NIL NIL\nS: a2 OK\n"
                        + logout(3))) {
            Exchange list = run(server, "&operation=list", null, Map.of());
            assertThat((List<?>) list.getMessage().getBody())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            MailboxInfo.class,
                            info -> assertThat(info.name().name()).isEqualTo("Sent"));
            Exchange status = run(server, "&operation=status&folderName=Sent", null, Map.of());
            assertThat(status.getMessage().getBody(MailboxStatus.class).messages())
                    .hasValue(4);
            Exchange namespaces = run(server, "&operation=namespace", null, Map.of());
            assertThat(namespaces.getMessage().getBody())
                    .hasToString("Namespaces[personal=[Namespace[prefix=, delimiter=/]], others=[], shared=[]]");
            server.assertPlayedToTheEnd();
        }
    }

    // ---- fetch

    private static final String ONE = "C: a3 UID FETCH 7 (UID FLAGS INTERNALDATE RFC822.SIZE ";
    private static final String FACTS =
            "UID 7 FLAGS (\\Flagged) INTERNALDATE \"01-Feb-2026 00:00:00 +0000\" RFC822.SIZE 21";

    private Exchange fetch(ScriptedPeer server, String options, Map<String, Object> more) {
        Map<String, Object> headers = new HashMap<>(more);
        headers.put(MailConstants.IMAP_UIDS, 7L);
        return run(server, "&operation=fetch" + options, "before", headers);
    }

    @TranscriptTest
    void fetchesAMailOrItsHeadersOrItsStructure(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login(CAPABILITIES) + READ + ONE + "BODY.PEEK[])\nS: * 1 FETCH (" + FACTS
                        + " BODY[] {21}\nS: Subject: hi\nS:\nS: text\nS: )\nS: a3 OK\n" + logout(4),
                login(CAPABILITIES) + READ + ONE + "BODY.PEEK[HEADER])\nS: * 1 FETCH (" + FACTS
                        + " BODY[HEADER] {15}\nS: Subject: hi\nS:\nS: )\nS: a3 OK\n" + logout(4),
                login(CAPABILITIES) + READ + ONE + "BODYSTRUCTURE)\nS: * 1 FETCH (" + FACTS
                        + " BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 6 1))\nS: a3 OK\n" + logout(4))) {
            Exchange whole = fetch(server, "", Map.of());
            assertThat(whole.getException()).isNull();
            assertThat(bytes(whole.getMessage().getBody(Mail.class))).isEqualTo(MAIL);
            assertThat(whole.getMessage().getHeaders())
                    .containsEntry(MailConstants.UID, "7")
                    .containsEntry(MailConstants.UID_VALIDITY, 77L)
                    .containsEntry(MailConstants.FOLDER, "INBOX")
                    .containsEntry(MailConstants.SIZE, 21L)
                    .containsEntry(MailConstants.FLAGS, Set.of("\\Flagged"))
                    .containsEntry(MailConstants.INTERNAL_DATE, Instant.parse("2026-02-01T00:00:00Z"));
            Exchange headers = fetch(server, "&section=headers", Map.of());
            assertThat(headers.getMessage().getBody(Mail.class).subject()).hasValue("hi");
            Exchange structure = fetch(server, "", Map.of(MailConstants.IMAP_SECTION, "structure"));
            assertThat(structure.getMessage().getBody(MessageStructure.class).contentType())
                    .isEqualTo("text/plain");
            server.assertPlayedToTheEnd();
        }
    }

    private static String bytes(Mail mail) throws IOException {
        return new String(mail.octets().toByteArray(), StandardCharsets.US_ASCII);
    }

    @TranscriptTest
    void fetchesOnePartDecodedUnderItsNameWithoutThePath(Pace pace) throws Exception {
        String mime = "Content-Type: application/pdf; name=\"../../a.pdf\"\nContent-Transfer-Encoding: base64\n\n";
        int length = mime.replace("\n", "\r\n").length();
        String lines = mime.lines()
                .map(line -> line.isEmpty() ? "S:\n" : "S: " + line + "\n")
                .collect(java.util.stream.Collectors.joining());
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login(CAPABILITIES) + READ + ONE + "BODY.PEEK[2.MIME] BODY.PEEK[2])\nS: * 1 FETCH (" + FACTS
                        + " BODY[2.MIME] {" + length + "}\n" + lines + "S:  BODY[2] \"aGVsbG8=\")\nS: a3 OK\n"
                        + logout(4))) {
            Exchange part = fetch(server, "&section=2", Map.of());
            assertThat(part.getException()).isNull();
            assertThat(part.getMessage().getBody()).isInstanceOf(StreamCache.class);
            assertThat(part.getMessage().getBody(InputStream.class).readAllBytes())
                    .asString()
                    .isEqualTo("hello");
            assertThat(part.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("a.pdf");
            assertThat(part.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class))
                    .startsWith("application/pdf");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void fetchesARangeOfOctetsAsTheyAre(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login(CAPABILITIES) + READ + ONE + "BODY.PEEK[]<3.4>)\nS: * 1 FETCH (" + FACTS
                        + " BODY[]<3> \"ject\")\nS: a3 OK\n" + logout(4))) {
            Exchange part = fetch(server, "", Map.of(MailConstants.IMAP_RANGE, "3-6"));
            assertThat(part.getException()).isNull();
            assertThat(part.getMessage().getBody(String.class)).isEqualTo("ject");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void severalMailsAreAMapByUid(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login(CAPABILITIES) + READ + """
                C: a3 UID FETCH 1:2,7 (UID BODY.PEEK[HEADER])
                S: * 1 FETCH (UID 1 BODY[HEADER] {15}
                S: Subject: hi
                S:
                S: )
                S: * 3 FETCH (UID 7 BODY[HEADER] {15}
                S: Subject: ho
                S:
                S: )
                S: a3 OK
                """ + logout(4))) {
            Exchange several = run(server, "&operation=fetch&section=headers", "before", UIDS);
            assertThat(several.getException()).isNull();
            Map<?, ?> byUid = several.getMessage().getBody(Map.class);
            assertThat(byUid.keySet().stream().map(Object::toString)).containsExactly("1", "7");
            assertThat(((Mail) byUid.get(7L)).subject()).hasValue("ho");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aMailOrPartThatIsNotThereIsAnError() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                login(CAPABILITIES) + READ + ONE + "BODY.PEEK[])\nS: a3 OK\n-- closed\n",
                login(CAPABILITIES) + READ + ONE + "BODY.PEEK[9.MIME] BODY.PEEK[9])\nS: * 1 FETCH (" + FACTS
                        + " BODY[9.MIME] NIL BODY[9] NIL)\nS: a3 OK\n-- closed\n",
                login(CAPABILITIES) + READ + ONE
                        + "BODY.PEEK[])\nS: * 1 FETCH (UID 7 BODY[] {100}\nS: Sub\n-- close\n")) {
            assertThat(fetch(server, "", Map.of()).getException()).hasMessageContaining("has no mail with the UID 7");
            assertThat(fetch(server, "&section=9", Map.of()).getException())
                    .hasMessageContaining("did not send BODY[9]; is there such a part?");
            assertThat(fetch(server, "", Map.of()).getException()).isInstanceOf(ConnectionLost.class);
            server.assertPlayedToTheEnd();
        }
    }

    // ---- append

    @TranscriptTest
    void appendsWhatAMailIsMadeOf(Pace pace) throws Exception {
        String said = """
                C: a2 APPEND "Sent" (\\Seen) "31-Jan-2026 12:00:00 +0000" {21}
                S: + go on
                C: Subject: hi
                C:
                C: text
                C:
                S: a2 OK [APPENDUID 5 11] done
                """;
        List<Object> bodies = List.of(
                Mail.of(Octets.of(MAIL.getBytes(StandardCharsets.US_ASCII))),
                MAIL.getBytes(StandardCharsets.US_ASCII),
                "Subject: hi\n\ntext\n");
        String session = login(CAPABILITIES) + said + logout(3);
        try (ScriptedPeer server = ScriptedPeer.serving(pace, session, session, session)) {
            for (Object body : bodies) {
                Exchange exchange = run(
                        server,
                        "&operation=append&folderName=Sent",
                        body,
                        Map.of(
                                MailConstants.IMAP_FLAGS,
                                "\\Seen",
                                MailConstants.IMAP_DATE,
                                "2026-01-31T12:00:00Z",
                                // What a consumer says of the mail's origin is no order.
                                MailConstants.FOLDER,
                                "INBOX"));
                assertThat(exchange.getException()).isNull();
                assertThat(exchange.getMessage().getBody()).isSameAs(body);
                assertThat(exchange.getMessage().getHeader(MailConstants.IMAP_RESULT))
                        .isEqualTo(new AppendedUids(5, UidSet.of(11)));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void appendsAListAndMakesTheFolder(Pace pace) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, login("IMAP4rev1 MULTIAPPEND LITERAL+") + """
                C: a2 APPEND "x" {7+}
                C: To: a
                C:  {7+}
                C: To: b
                C:
                S: a2 NO [TRYCREATE] no
                C: a3 CREATE "x"
                S: a3 OK
                C: a4 APPEND "x" {7+}
                C: To: a
                C:  {7+}
                C: To: b
                C:
                S: a4 OK
                """ + logout(5))) {
            Exchange exchange = run(server, "&operation=append&folderName=x", List.of("To: a\n", "To: b\n"), Map.of());
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(MailConstants.IMAP_RESULT))
                    .isEqualTo(AppendedUids.UNKNOWN);
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void whatIsNoMailOrTooLargeOrHasNoRoomIsNotAppended() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                login("IMAP4rev1") + "-- closed\n",
                login("IMAP4rev1 APPENDLIMIT=5") + "-- closed\n",
                login("IMAP4rev1") + "C: a2 APPEND INBOX {7}\nS: a2 NO [OVERQUOTA] full\n-- closed\n",
                login("IMAP4rev1") + "C: a2 APPEND INBOX {7}\nS: + go on\nC: To: a\n-- close\n")) {
            assertThat(run(server, "&operation=append", "just text", Map.of()).getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("RFC 5322");
            assertThat(run(server, "&operation=append", "To: a\n", Map.of()).getException())
                    .hasMessageContaining("the server takes 5");
            assertThat(run(server, "&operation=append", "To: a\n", Map.of()).getException())
                    .isInstanceOfSatisfying(CommandRefused.class, e -> assertThat(e.isTransient())
                            .isTrue());
            assertThat(run(server, "&operation=append", "To: a\n", Map.of()).getException())
                    .isInstanceOf(ConnectionLost.class);
            server.assertPlayedToTheEnd();
        }
    }

    // ---- results and safety

    @TranscriptTest
    void tellsWhereMailsWentAndWhetherTheyAreGone(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login(CAPABILITIES) + CHANGE + "C: a3 UID MOVE 7 \"Done\"\nS: * OK [COPYUID 5 7 11]\nS: a3 OK\n"
                        + logout(4),
                login("IMAP4rev1") + CHANGE + "C: a3 UID STORE 7 +FLAGS.SILENT (\\Deleted)\nS: a3 OK\n" + logout(4),
                login("IMAP4rev1 X-GM-EXT-1 MOVE") + CHANGE
                        + "C: a3 LIST \"\" \"*\"\nS: * LIST (\\Trash) \"/\" \"[Gmail]/Papierkorb\"\nS: a3 OK\n"
                        + "C: a4 UID MOVE 7 \"[Gmail]/Papierkorb\"\nS: a4 OK\n" + logout(5))) {
            Map<String, Object> seven = Map.of(MailConstants.IMAP_UIDS, List.of(7));
            Exchange move = run(server, "&operation=move&targetFolder=Done", "before", seven);
            assertThat(move.getMessage().getHeader(MailConstants.IMAP_RESULT))
                    .isEqualTo(new CopiedUids(5, UidSet.of(7), UidSet.of(11)));
            Exchange marked = run(server, "&operation=delete", "before", seven);
            assertThat(marked.getMessage().getHeader(MailConstants.IMAP_RESULT)).isEqualTo(false);
            Exchange gmail = run(server, "&operation=delete", "before", seven);
            assertThat(gmail.getMessage().getHeader(MailConstants.IMAP_RESULT)).isEqualTo(true);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aReceivedMailIsLookedForInItsOwnFolderIfThatIsStillTheSame(Pace pace) throws Exception {
        Map<String, Object> received =
                Map.of(MailConstants.UID, "7", MailConstants.FOLDER, "A", MailConstants.UID_VALIDITY, 77L);
        Map<String, Object> stale = new HashMap<>(received);
        stale.put(MailConstants.UID_VALIDITY, 76L);
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login(CAPABILITIES) + opened("SELECT", "\"A\"", 2)
                        + "C: a3 UID STORE 7 +FLAGS.SILENT (\\Flagged)\nS: a3 OK\n" + logout(4),
                login(CAPABILITIES) + opened("SELECT", "\"A\"", 2) + "-- closed\n")) {
            Map<String, Object> headers = new HashMap<>(received);
            headers.put(MailConstants.IMAP_FLAGS, "\\Flagged");
            assertThat(run(server, "&operation=store", "before", headers).getException())
                    .isNull();
            stale.put(MailConstants.IMAP_FLAGS, "\\Flagged");
            assertThat(run(server, "&operation=store", "before", stale).getException())
                    .hasMessageContaining("UIDVALIDITY is 77 and no longer 76");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aBadFarewellDoesNotUndoWhatWasDone() throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(login(CAPABILITIES) + "C: a2 CREATE \"x\"\nS: a2 OK\nC: a3 LOGOUT\n-- close\n")) {
            assertThat(run(server, "&operation=create&folderName=x", null, Map.of())
                            .getException())
                    .isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aFolderThatMayOnlyBeReadIsNotChanged() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                login(CAPABILITIES) + "C: a2 SELECT INBOX\nS: * 3 EXISTS\nS: a2 OK [READ-ONLY] read\n-- closed\n")) {
            assertThat(run(server, "&operation=delete", "before", UIDS).getException())
                    .hasMessageContaining("lets this user only read there");
            server.assertPlayedToTheEnd();
        }
    }

    /** Operation and headers that do not go together; nothing is connected to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            fetch   | CamelMailImapX          | 1        | which mails
            fetch   | CamelMailImapUids       | x        | must be UIDs
            store   | CamelMailImapUids       | 7        | store needs the header CamelMailImapFlags
            copy    | CamelMailImapUids       | 7        | targetFolder
            sort    | CamelMailImapX          | 1        | sortTerm
            search  | CamelMailImapPage       | 3-2      | CamelMailImapPage
            search  | CamelMailImapSearch     | (        | parentheses
            thread  | CamelMailImapThreading  | x        | references, refs or orderedsubject
            acl     | CamelMailImapAclRights  | lr       | CamelMailImapAclIdentifier
            append  | CamelMailImapFlags      | \\Recent | cannot set
            append  | CamelMailImapDate       | today    | CamelMailImapDate
            noop    | CamelMailImapOperation  | send     | no operation of IMAP
            """)
    void whatIsMissingOrWrongIsToldBeforeAConnectionIsMade(String operation, String header, String value, String told) {
        Exchange exchange = template.request(
                "imap:localhost:1?username=alice&password=secret1&operation=" + operation,
                e -> e.getMessage().setHeader(header, value));
        assertThat(exchange.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }

    // ---- kept sessions

    @TranscriptTest
    void aKeptSessionServesSeveralExchangesAndOpensAFolderOnce(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login(CAPABILITIES) + READ + """
                        C: a3 UID SEARCH ALL
                        S: * SEARCH 7
                        S: a3 OK
                        C: a4 UID SEARCH SEEN
                        S: a4 NO [UNAVAILABLE] not now
                        C: a5 UID SEARCH ALL
                        S: a5 OK
                        """ + logout(6),
                login(CAPABILITIES) + "C: a2 NOOP\nS: a2 OK\n" + logout(3))) {
            String options = "&operation=search&keepSession=true";
            assertThat(run(server, options, null, Map.of()).getMessage().getBody())
                    .isEqualTo(List.of(7L));
            assertThat(run(server, options, null, Map.of(MailConstants.IMAP_SEARCH, "SEEN"))
                            .getException())
                    .isInstanceOf(CommandRefused.class);
            assertThat(run(server, options, null, Map.of()).getMessage().getBody())
                    .isEqualTo(List.of());
            run(server, options, null, Map.of(MailConstants.IMAP_OPERATION, "logout"));
            assertThat(run(server, options, null, Map.of(MailConstants.IMAP_OPERATION, "noop"))
                            .getException())
                    .isNull();
            context.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aSessionThatBrokeIsBegunAnew() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                login(CAPABILITIES) + "C: a2 NOOP\n-- close\n",
                login(CAPABILITIES) + "C: a2 NOOP\nS: a2 OK\n" + logout(3))) {
            String options = "&operation=noop&keepSession=true";
            assertThat(run(server, options, null, Map.of()).getException()).isInstanceOf(ConnectionLost.class);
            assertThat(run(server, options, null, Map.of()).getException()).isNull();
            context.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void changesFlagsOnlyWhereNobodyElseHas(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("IMAP4rev1 CONDSTORE") + CHANGE
                        + "C: a3 UID STORE 1:2,7 (UNCHANGEDSINCE 90) +FLAGS.SILENT ($Done)\nS: a3 OK [MODIFIED 2]\n"
                        + logout(4))) {
            Exchange exchange = run(
                    server,
                    "&operation=store",
                    "before",
                    uidsAnd(MailConstants.IMAP_FLAGS, "$Done", MailConstants.IMAP_UNCHANGED_SINCE, 90L));
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(MailConstants.IMAP_RESULT))
                    .isEqualTo(List.of(2L));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void doesNothingWhereTheServerCannotTellWhoHasChangedWhat(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("IMAP4rev1") + CHANGE + "-- closed\n")) {
            Exchange exchange = run(
                    server,
                    "&operation=store",
                    "before",
                    uidsAnd(MailConstants.IMAP_FLAGS, "$Done", MailConstants.IMAP_UNCHANGED_SINCE, 90L));
            assertThat(exchange.getException()).hasMessageContaining("no CONDSTORE");
            server.assertPlayedToTheEnd();
        }
    }
}
