package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.AfterEach;

/** A server that gives several mails one id: no mail is deleted or let alone in place of another. */
class Pop3SharedIdTest {
    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";

    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    /** A session up to the listing of so many mails, all with the id x. */
    private static String listing(int count) {
        StringBuilder uids = new StringBuilder();
        StringBuilder sizes = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            uids.append("S: " + i + " x\n");
            sizes.append("S: " + i + " 20\n");
        }
        return "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: TOP\nS: PIPELINING\nS: .\nC: USER alice\nS: +OK\nC: PASS secret1\nS: +OK\n"
                + "C: CAPA\nS: +OK\nS: TOP\nS: PIPELINING\nS: .\n"
                + "C: UIDL\nS: +OK\n" + uids + "S: .\nC: LIST\nS: +OK\n" + sizes + "S: .\n";
    }

    private static String top(int number, String subject) {
        return "C: TOP " + number + " 0\nS: +OK\nS: Subject: " + subject + "\nS:\nS: .\n";
    }

    private static String retr(int number, String subject) {
        return "C: RETR " + number + "\nS: +OK\nS: Subject: " + subject + "\nS:\nS: text\nS: .\n";
    }

    private static String dele(int number) {
        return "C: DELE " + number + "\nS: +OK\n";
    }

    @TranscriptTest
    void aRouteThatEndsAfterTheSessionDeletesNoOtherMail(Pace pace) throws Exception {
        AtomicReference<Exchange> late = new AtomicReference<>();
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        listing(2) + retr(1, "A") + retr(2, "B") + dele(1) + QUIT,
                        // B is the first one now, and the second one is new.
                        listing(2) + retr(1, "B") + dele(1) + QUIT,
                        listing(1) + retr(1, "C") + dele(1) + QUIT);
                LoggedLines log = LoggedLines.of(Pop3Session.class)) {
            routes.start(uri(server, "delete=true&repeatCount=3"), exchange -> {
                Exchange earlier = late.get();
                if (routes.delivered.size() == 2) {
                    Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, true);
                    late.set(copy);
                } else if (routes.delivered.size() == 3) {
                    UnitOfWorkHelper.doneSynchronizations(
                            earlier, earlier.getExchangeExtension().handoverCompletions());
                }
            });
            server.assertPlayedToTheEnd();
            assertThat(log.lines)
                    .filteredOn(line -> line.startsWith("WARN"))
                    .singleElement()
                    .asString()
                    .contains("mail x #2 was processed after its session");
        }
        assertThat(routes.delivered).containsExactly("x", "x #2", "x", "x");
        assertThat(routes.failures).isEmpty();
    }

    @TranscriptTest
    void aRefusalOfTheFilterIsNotRememberedForTheNextMailOfThatId(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing(2) + top(1, "good 1") + top(2, "spam") + retr(1, "good 1") + dele(1) + QUIT,
                listing(2) + top(1, "spam") + top(2, "good 2") + retr(2, "good 2") + dele(2) + QUIT)) {
            routes.start(
                    uri(server, "delete=true&repeatCount=2&filterMail=RAW(${header.Subject} contains 'good')"),
                    exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("x", "x #2");
        assertThat(routes.failures).isEmpty();
    }
}
