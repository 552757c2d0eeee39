package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.pop3.Pop3Refused;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.MailFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Single commands on a maildrop. */
class Pop3ProducerTest {
    private static final String LOGIN = """
            S: +OK ready
            C: CAPA
            S: +OK
            S: USER
            S: PIPELINING
            S: EXPIRE NEVER
            S: .
            C: USER alice
            S: +OK
            C: PASS secret1
            S: +OK
            """;
    /** What a login is followed by, unless the first command is CAPA itself. */
    private static final String CAPA_AGAIN = """
            C: CAPA
            S: +OK
            S: PIPELINING
            S: EXPIRE NEVER
            S: .
            """;

    private static final String UIDL = "C: UIDL\nS: +OK\nS: 1 a\nS: 3 c\nS: .\n";
    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";

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

    private static String login(String operation) {
        return operation.equals("capa") ? LOGIN : LOGIN + CAPA_AGAIN;
    }

    private static String uri(ScriptedPeer server, String options) {
        return "pop3:" + server.address() + "?username=alice&password=secret1" + options;
    }

    private Exchange run(ScriptedPeer server, String options, Map<String, Object> headers) {
        return template.request(uri(server, options), exchange -> {
            exchange.getMessage().setBody("before");
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    /** Operation, headers, what is said, the body afterwards. */
    static Stream<Arguments> results() {
        return Stream.of(
                Arguments.of("stat", Map.of(), "C: STAT\nS: +OK 2 320\n", 2),
                Arguments.of("list", Map.of(), "C: LIST\nS: +OK\nS: 1 120\nS: 3 200\nS: .\n", Map.of(1, 120L, 3, 200L)),
                Arguments.of("list", Map.of(MailConstants.POP3_NUMBER, 3), "C: LIST 3\nS: +OK 3 200\n", 200L),
                Arguments.of("list", Map.of(MailConstants.UID, "c"), UIDL + "C: LIST 3\nS: +OK 3 200\n", 200L),
                Arguments.of("uidl", Map.of(), UIDL, Map.of(1, "a", 3, "c")),
                Arguments.of("uidl", Map.of(MailConstants.POP3_NUMBER, "3"), "C: UIDL 3\nS: +OK 3 c\n", "c"),
                Arguments.of("dele", Map.of(MailConstants.UID, "c"), UIDL + "C: DELE 3\nS: +OK\n", "before"),
                Arguments.of("rset", Map.of(), "C: RSET\nS: +OK\n", "before"),
                Arguments.of("noop", Map.of(), "C: NOOP\nS: +OK\n", "before"),
                Arguments.of(
                        "capa",
                        Map.of(),
                        "C: CAPA\nS: +OK\nS: TOP\nS: SASL PLAIN LOGIN\nS: .\n",
                        Map.of("TOP", List.of(), "SASL", List.of("PLAIN", "LOGIN"))));
    }

    @ParameterizedTest
    @MethodSource("results")
    void eachOperationHasATypedResult(String operation, Map<String, Object> headers, String said, Object body)
            throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(login(operation) + said + QUIT, login(operation) + said + QUIT)) {
            Exchange byOption = run(server, "&operation=" + operation, headers);
            assertThat(byOption.getException()).isNull();
            assertThat(byOption.getMessage().getBody()).isEqualTo(body);
            Map<String, Object> more = new HashMap<>(headers);
            more.put(MailConstants.POP3_OPERATION, operation);
            Exchange byHeader = run(server, "&operation=noop", more);
            assertThat(byHeader.getException()).isNull();
            assertThat(byHeader.getMessage().getBody()).isEqualTo(body);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void retrGivesTheMailAndTopItsHeader(Pace pace) throws Exception {
        String mail = "S: +OK\nS: Subject: hi\nS:\nS: text\nS: .\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                LOGIN + CAPA_AGAIN + "C: RETR 1\n" + mail + QUIT,
                LOGIN + CAPA_AGAIN + UIDL + "C: TOP 3 1\n" + mail + QUIT,
                LOGIN + CAPA_AGAIN + "C: TOP 1 0\nS: +OK\nS: Subject: hi\nS:\nS: .\n" + QUIT)) {
            Exchange retr = run(server, "&operation=retr", Map.of(MailConstants.POP3_NUMBER, 1));
            assertThat(retr.getMessage().getBody()).isInstanceOfSatisfying(Mail.class, got -> assertThat(bytes(got))
                    .isEqualTo("Subject: hi\r\n\r\ntext\r\n"));
            assertThat(retr.getMessage().getHeader(MailConstants.SIZE)).isEqualTo(21L);
            Exchange top =
                    run(server, "&operation=top", Map.of(MailConstants.UID, "c", MailConstants.POP3_TOP_LINES, 1));
            assertThat(bytes(top.getMessage().getBody(Mail.class))).endsWith("text\r\n");
            Exchange header = run(server, "&operation=top", Map.of(MailConstants.POP3_NUMBER, 1));
            assertThat(header.getMessage().getBody(Mail.class).headers().decoded("Subject"))
                    .contains("hi");
            server.assertPlayedToTheEnd();
        }
    }

    private static String bytes(Mail mail) {
        try {
            return new String(mail.octets().toByteArray(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stat,STAT",
        "list,LIST",
        "uidl,UIDL",
        "retr,RETR 1",
        "top,TOP 1 0",
        "dele,DELE 1",
        "rset,RSET",
        "noop,NOOP"
    })
    void eachRefusalIsAnExceptionThatNamesServerAndStep(String operation, String command) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(LOGIN + CAPA_AGAIN + "C: " + command + "\nS: -ERR [SYS/PERM] no\n-- closed\n")) {
            Map<String, Object> headers = Stream.of("retr", "top", "dele").anyMatch(operation::equals)
                    ? Map.of(MailConstants.POP3_NUMBER, 1)
                    : Map.of();
            Exchange exchange = run(server, "&operation=" + operation, headers);
            assertThat(exchange.getException())
                    .isInstanceOf(Pop3Refused.class)
                    .hasMessageContaining(server.address().toString())
                    .hasMessageContaining(command.replace("RETR 1", "fetching message 1 by RETR"))
                    .hasMessageContaining("[SYS/PERM] no");
            assertThat(((MailFailure) exchange.getException()).isTransient()).isFalse();
            assertThat(exchange.getMessage().getBody()).isEqualTo("before");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void capaOfAServerThatHasNoneIsEmpty() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(LOGIN + "C: CAPA\nS: -ERR\n" + QUIT)) {
            assertThat(run(server, "&operation=capa", Map.of()).getMessage().getBody())
                    .isEqualTo(Map.of());
        }
    }

    @Test
    void aDeletionThatQuitDoesNotConfirmIsTheExchangesFailure() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(LOGIN + CAPA_AGAIN
                + "C: DELE 1\nS: +OK\nC: QUIT\nS: -ERR some deleted messages not removed\n-- closed\n")) {
            assertThat(run(server, "&operation=dele", Map.of(MailConstants.POP3_NUMBER, 1))
                            .getException())
                    .isInstanceOf(Pop3Refused.class)
                    .hasMessageContaining("may be deleted or not");
        }
    }

    @Test
    void aServerThatDeletesWhatWasFetchedIsLeftWithoutQuit() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving((LOGIN + CAPA_AGAIN).replace("NEVER", "0")
                + "C: RETR 1\nS: +OK\nS: Subject: hi\nS:\nS: .\n-- closed\n")) {
            assertThat(run(server, "&operation=retr", Map.of(MailConstants.POP3_NUMBER, 1))
                            .getException())
                    .isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|||neither by the option operation",
                "''|CamelMailPop3Operation|expunge|no operation of POP3: expunge",
                "&operation=retr|||RETR needs the header CamelMailUid or CamelMailPop3Number",
                "&operation=top|||TOP needs the header",
                "&operation=dele|||DELE needs the header"
            })
    void whatIsMissingIsToldBeforeAConnectionIsMade(String options, String header, String value, String told)
            throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving()) {
            Exchange exchange = run(server, options, header == null ? Map.of() : Map.of(header, value));
            assertThat(exchange.getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(told);
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CamelMailPop3Number,0,must be a number from 1",
        "CamelMailPop3Number,x,must be a number from 1",
        "CamelMailUid,zzz,has no mail with the unique id zzz"
    })
    void aMailThatThereIsNotIsTold(String header, String value, String told) throws Exception {
        String asked = header.equals(MailConstants.UID) ? CAPA_AGAIN + UIDL : "";
        try (ScriptedPeer server = ScriptedPeer.serving(LOGIN + asked + "-- closed\n")) {
            assertThat(run(server, "&operation=dele", Map.of(header, value)).getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(told);
        }
    }

    @TranscriptTest
    void aKeptSessionDeletesWhenItIsEndedAndBeginsAnewThen(Pace pace) throws Exception {
        String keep = "&keepSession=true&operation=uidl";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                LOGIN + CAPA_AGAIN + UIDL + "C: DELE 3\nS: +OK\nC: RSET\nS: +OK\nC: DELE 1\nS: +OK\n" + QUIT,
                LOGIN + CAPA_AGAIN + "C: STAT\nS: +OK 1 200\n" + QUIT)) {
            assertThat(run(server, keep, Map.of()).getMessage().getBody()).isEqualTo(Map.of(1, "a", 3, "c"));
            for (Map<String, Object> headers : List.of(
                    Map.<String, Object>of(MailConstants.POP3_OPERATION, "dele", MailConstants.UID, "c"),
                    Map.<String, Object>of(MailConstants.POP3_OPERATION, "rset"),
                    Map.<String, Object>of(MailConstants.POP3_OPERATION, "dele", MailConstants.POP3_NUMBER, 1),
                    Map.<String, Object>of(MailConstants.POP3_OPERATION, "quit"),
                    Map.<String, Object>of(MailConstants.POP3_OPERATION, "stat"))) {
                assertThat(run(server, keep, headers).getException()).isNull();
            }
            // The second session is ended by the stop.
            context.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void numbersOfAnotherSessionAreRefusedInAKeptOne(Pace pace) throws Exception {
        String keep = "&keepSession=true&operation=dele";
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, LOGIN + CAPA_AGAIN + UIDL + "C: DELE 1\nS: +OK\n" + QUIT)) {
            assertThat(run(server, keep, Map.of(MailConstants.POP3_NUMBER, 1)).getException())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mail numbers hold within one session only");
            assertThat(run(server, keep, Map.of(MailConstants.UID, "a")).getException())
                    .isNull();
            context.stop();
            server.assertPlayedToTheEnd();
        }
    }

    /** Nothing was done that counts, so nobody need know; once there are marks, somebody has to. */
    @Test
    void aKeptSessionThatTheServerHasEndedIsBegunAnewUnlessMarksAreLost() throws Exception {
        String keep = "&keepSession=true&operation=stat";
        String stat = "C: STAT\nS: +OK 1 2\n";
        Map<String, Object> dele = Map.of(MailConstants.POP3_OPERATION, "dele", MailConstants.UID, "a");
        try (ScriptedPeer server = ScriptedPeer.serving(
                LOGIN + CAPA_AGAIN + stat + "-- close\n",
                LOGIN + CAPA_AGAIN + stat + UIDL + "C: DELE 1\nS: +OK\n-- close\n")) {
            assertThat(run(server, keep, Map.of()).getException()).isNull();
            Exchange again = run(server, keep, Map.of());
            assertThat(again.getException()).isNull();
            assertThat(again.getMessage().getBody()).isEqualTo(1);
            assertThat(run(server, keep, dele).getException()).isNull();
            assertThat(run(server, keep, Map.of()).getException())
                    .hasMessageContaining("1 mails that were marked as deleted are not deleted");
            server.assertPlayedToTheEnd();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aNumberOfAKeptSessionThatHasEndedIsNotUsedInTheNextOne() throws Exception {
        String keep = "&keepSession=true&operation=uidl";
        Map<String, Object> retr = Map.of(MailConstants.POP3_OPERATION, "retr", MailConstants.POP3_NUMBER, 1);
        try (ScriptedPeer server = ScriptedPeer.serving(LOGIN + CAPA_AGAIN + UIDL + "-- close\n", LOGIN + QUIT)) {
            assertThat(run(server, keep, Map.of()).getException()).isNull();
            assertThat(run(server, keep, retr).getException())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mail numbers hold within one session only");
            context.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aKeptSessionThatBreaksIsToldAndTheNextExchangeBeginsAnother() throws Exception {
        String keep = "&keepSession=true&operation=stat";
        try (ScriptedPeer server = ScriptedPeer.serving(
                LOGIN + CAPA_AGAIN + "C: STAT\n-- close\n",
                LOGIN + CAPA_AGAIN + "C: STAT\nS: -ERR not now\nC: STAT\nS: +OK 0 0\n" + QUIT)) {
            assertThat(run(server, keep, Map.of()).getException())
                    .hasMessageContaining(server.address() + ": waiting for the reply to STAT: the peer closed");
            assertThat(run(server, keep, Map.of()).getException()).isInstanceOf(Pop3Refused.class);
            assertThat(run(server, keep, Map.of()).getMessage().getBody()).isEqualTo(0);
            context.stop();
            server.assertPlayedToTheEnd();
        }
    }
}
