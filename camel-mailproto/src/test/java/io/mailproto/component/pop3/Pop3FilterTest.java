package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** Which mails are downloaded at all: filterMail. */
class Pop3FilterTest {
    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static String listing(String capability, String... ids) {
        StringBuilder text = new StringBuilder("S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: PIPELINING\n" + capability
                + "S: .\nC: USER alice\nS: +OK\nC: PASS secret1\nS: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\n" + capability
                + "S: .\nC: UIDL\nS: +OK\n");
        for (int i = 0; i < ids.length; i++) {
            text.append("S: " + (i + 1) + " " + ids[i] + "\n");
        }
        text.append("S: .\nC: LIST\nS: +OK\n");
        for (int i = 0; i < ids.length; i++) {
            text.append("S: " + (i + 1) + " " + (i + 1) + "00\n");
        }
        return text + "S: .\n";
    }

    private static String withTop(String... ids) {
        return listing("S: TOP\n", ids);
    }

    private static String top(int number, String subject) {
        return "C: TOP " + number + " 0\nS: +OK\nS: Subject: " + subject + "\nS:\nS: .\n";
    }

    private static String retr(int number, String subject) {
        return "C: RETR " + number + "\nS: +OK\nS: Subject: " + subject + "\nS:\nS: text\nS: .\n";
    }

    private static final String DELE_2 = "C: DELE 2\nS: +OK\n";
    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";
    private static final String INVOICES = "&filterMail=RAW(${header.Subject} contains 'invoice')";

    @TranscriptTest
    void onlyWantedMailsAreDownloadedAndRefusalsAreRemembered(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                withTop("a", "b", "c")
                        + top(1, "hello")
                        + top(2, "invoice 7")
                        + top(3, "bye")
                        + retr(2, "invoice 7")
                        + DELE_2
                        + QUIT,
                withTop("a", "c", "d") + top(3, "spam") + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=2" + INVOICES), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
        assertThat(routes.failures).isEmpty();
    }

    @TranscriptTest
    void theSizeIsKnownBeforeTheDownload(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, withTop("a", "b", "c") + top(1, "x") + top(2, "x") + top(3, "x") + retr(2, "x") + QUIT)) {
            routes.start(
                    uri(
                            server,
                            "repeatCount=1&filterMail=RAW(${header.CamelMailSize} > 150 && ${header.CamelMailUid} != 'c')"),
                    exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
    }

    @TranscriptTest
    void theBoundOfAPollCountsWantedMailsOnly(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                withTop("a", "b", "c") + top(1, "x") + top(2, "invoice") + retr(2, "invoice") + QUIT,
                withTop("a", "b", "c") + top(3, "invoice") + retr(3, "invoice") + QUIT)) {
            routes.start(uri(server, "maxMessagesPerPoll=1&repeatCount=2" + INVOICES), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b", "c");
    }

    /** P1: not every server that has TOP lists it. */
    @TranscriptTest
    void topThatIsNotListedIsTriedOnce(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("", "a", "b") + top(1, "x") + top(1, "x") + top(2, "invoice") + retr(2, "invoice") + QUIT)) {
            routes.start(uri(server, "repeatCount=1" + INVOICES), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
    }

    @TranscriptTest
    void withoutTopTheFilterDecidesAfterTheDownloadAndOneWarningSaysSo(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        listing("", "a", "b")
                                + "C: TOP 1 0\nS: -ERR unknown command\n"
                                + retr(1, "x")
                                + retr(2, "invoice")
                                + DELE_2
                                + QUIT,
                        listing("", "a", "c") + retr(2, "y") + QUIT);
                LoggedLines log = LoggedLines.of(HeaderFilter.class)) {
            routes.start(uri(server, "delete=true&repeatCount=2" + INVOICES), exchange -> {});
            server.assertPlayedToTheEnd();
            assertThat(log.lines)
                    .singleElement()
                    .asString()
                    .contains("has no TOP")
                    .doesNotContain("secret1");
        }
        assertThat(routes.delivered).containsExactly("b");
    }

    @TranscriptTest
    void aMailWhoseHeaderIsRefusedIsDecidedAboutAfterItsDownload(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                withTop("a", "b")
                        + "C: TOP 1 0\nS: -ERR\n"
                        + top(2, "invoice")
                        + retr(1, "x")
                        + retr(2, "invoice")
                        + QUIT)) {
            routes.start(uri(server, "repeatCount=1" + INVOICES), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
    }

    @TranscriptTest
    void aFilterThatFailsIsReportedAndTheMailStays(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                withTop("a", "b") + top(1, "x") + top(2, "7") + retr(2, "7") + DELE_2 + QUIT,
                withTop("a") + top(1, "x") + QUIT,
                withTop("a") + QUIT)) {
            routes.start(
                    uri(
                            server,
                            "delete=true&maxDeliveries=2&repeatCount=3&filterMail=RAW(${headerAs(Subject, Integer)} < 10)"),
                    exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
        assertThat(routes.failures).hasSize(2).allMatch(text -> text.contains("filterMail fails for mail"));
    }
}
