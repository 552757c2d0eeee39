package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;

/** A server that cannot just now says nothing about a mail: it is not held against it. */
class Pop3TransientRefusalTest {
    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";
    private static final String RETR = "C: RETR 1\nS: +OK\nS: Subject: invoice\nS:\nS: text\nS: .\n";
    private static final String DELE = "C: DELE 1\nS: +OK\n";
    private static final String TOP = "C: TOP 1 0\nS: +OK\nS: Subject: invoice\nS:\nS: .\n";
    private static final String SIZE = "S: +OK\nS: 1 40\nS: .\n";

    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    /** @param sizes the answer to LIST */
    private static String listing(String top, String sizes) {
        return "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: PIPELINING\n" + top
                + "S: .\nC: USER alice\nS: +OK\nC: PASS secret1\nS: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\n" + top
                + "S: .\nC: UIDL\nS: +OK\nS: 1 a\nS: .\nC: LIST\n"
                + sizes;
    }

    private static String listing() {
        return listing("", SIZE);
    }

    @TranscriptTest
    void aMailThatCannotBeFetchedJustNowIsNeverLetAlone(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing() + "C: RETR 1\nS: -ERR [SYS/TEMP] storage is away\n" + QUIT,
                listing() + "C: RETR 1\nS: -ERR [IN-USE] busy\n" + QUIT,
                listing() + RETR + DELE + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=1&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a");
        assertThat(routes.failures).hasSize(2);
    }

    @TranscriptTest
    void aMailThatCannotBeDeletedJustNowIsNeverLetAlone(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing() + RETR + "C: DELE 1\nS: -ERR [SYS/TEMP] storage is away\n" + QUIT,
                listing() + RETR + DELE + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=1&repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "a");
        assertThat(routes.failures).singleElement().asString().contains("cannot be deleted");
    }

    @TranscriptTest
    void aServerWhoseTopFailsJustNowIsAskedForItAgain(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing() + "C: TOP 1 0\nS: -ERR [SYS/TEMP] not now\n" + "C: RETR 1\nS: -ERR [SYS/TEMP] not now\n"
                        + QUIT,
                // Once to try it, once for the header.
                listing() + TOP + TOP + RETR + DELE + QUIT)) {
            routes.start(
                    uri(server, "delete=true&repeatCount=2&filterMail=RAW(${header.Subject} contains 'invoice')"),
                    exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a");
    }

    @TranscriptTest
    void whileTheSizeIsUnknownTheFilterDecidesNothingForGood(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("S: TOP\n", "S: -ERR [SYS/TEMP] not now\n") + TOP + QUIT,
                listing("S: TOP\n", SIZE) + TOP + RETR + DELE + QUIT)) {
            routes.start(
                    uri(
                            server,
                            "delete=true&maxDeliveries=1&repeatCount=2&filterMail=RAW(${header.CamelMailSize} > 5)"),
                    Pop3TransientRefusalTest::nothing);
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a");
    }

    private static void nothing(Exchange exchange) {
        assertThat(exchange.getMessage().getHeader("Subject")).isEqualTo("invoice");
    }
}
