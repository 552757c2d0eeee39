package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.pop3.Pop3Truncated;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.UnitOfWorkHelper;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that send less of a mail than there is, or more answers than commands: no mail is lost by that. */
class Pop3TruncationTest {
    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";

    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static String login(String capabilities) {
        return "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\n" + capabilities
                + "S: .\nC: USER alice\nS: +OK\nC: PASS secret1\nS: +OK\n"
                + "C: CAPA\nS: +OK\n" + capabilities + "S: .\n";
    }

    private static String listing(String capabilities, String... ids) {
        StringBuilder uids = new StringBuilder("C: UIDL\nS: +OK\n");
        StringBuilder sizes = new StringBuilder("C: LIST\nS: +OK\n");
        for (int i = 0; i < ids.length; i++) {
            uids.append("S: " + (i + 1) + " " + ids[i] + "\n");
            sizes.append("S: " + (i + 1) + " 20\n");
        }
        return login(capabilities) + uids + "S: .\n" + sizes + "S: .\n";
    }

    private static String pipelined(String... ids) {
        return listing("S: PIPELINING\n", ids);
    }

    private static String retr(int number) {
        return "C: RETR " + number + "\nS: +OK 20 octets\nS: Subject: " + number + "\nS:\nS: text\nS: .\n";
    }

    private static String dele(int number) {
        return "C: DELE " + number + "\nS: +OK\n";
    }

    /** Dovecot with a file that is not what its index says. */
    @TranscriptTest
    void aMailOfWhichNothingComesStaysAndTheOthersGoOn(Pace pace) throws Exception {
        String broken = "C: RETR 1\nS: +OK 6019 octets\nS:\nS: .\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                pipelined("a", "b") + broken + retr(2) + dele(2) + QUIT,
                pipelined("a", "c") + broken + retr(2) + dele(2) + QUIT,
                pipelined("a") + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=2&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b", "c");
        assertThat(routes.failures)
                .hasSize(2)
                .allMatch(text -> text.contains(
                        "fetching message 1 by RETR: expected a message of 6019 octets, as announced, got 2"));
    }

    @TranscriptTest
    void aServerThatCountsWellIsHeldToItsWordInLaterSessionsToo(Pace pace) throws Exception {
        String cut = "C: RETR 1\nS: +OK 6019 octets\nS: Subject: cut\nS:\nS: the beg\nS: .\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                pipelined("a") + retr(1) + dele(1) + QUIT,
                pipelined("b") + cut + QUIT,
                pipelined("b") + retr(1) + dele(1) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
        assertThat(routes.failures).singleElement().asString().contains("6019 octets, as announced, got 25");
    }

    @TranscriptTest
    void aServerThatAlwaysAnnouncesTooMuchIsBelieved(Pace pace) throws Exception {
        String more = "\nS: +OK 6019 octets\nS: Subject: x\nS:\nS: text\nS: .\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, pipelined("a", "b") + "C: RETR 1" + more + "C: RETR 2" + more + dele(1) + dele(2) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=1"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
        assertThat(routes.failures).isEmpty();
    }

    /** 20 octets by its index, with a line end of two octets counted as three. */
    @TranscriptTest
    void lineEndsThatAreCountedTwiceAreNoTruncation(Pace pace) throws Exception {
        String miscounted = "C: RETR 2\nS: +OK 39 octets\nS: Subject: 2\nS:\nS: text\nS: .\n";
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, pipelined("a", "b") + retr(1) + miscounted + dele(1) + dele(2) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=1"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
    }

    /** RFC 2449 §6.7: QUIT would delete the mail, of which nothing came. */
    @TranscriptTest
    void whereQuitDeletesWhatWasFetchedItIsNotSentAfterATruncation(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("S: PIPELINING\nS: EXPIRE 0\n", "a") + "C: RETR 1\nS: +OK 6019 octets\nS: .\n-- closed\n")) {
            routes.start(uri(server, "repeatCount=1"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).isEmpty();
    }

    @TranscriptTest
    void theProducerTellsATruncatedMail(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, login("S: PIPELINING\n") + "C: RETR 1\nS: +OK 6019 octets\nS: .\n-- closed\n")) {
            routes.context.start();
            try (ProducerTemplate template = routes.context.createProducerTemplate()) {
                assertThatThrownBy(() -> template.requestBodyAndHeader(
                                "pop3:" + server.address() + "?username=alice&password=secret1&operation=retr",
                                "",
                                MailConstants.POP3_NUMBER,
                                1))
                        .hasCauseInstanceOf(Pop3Truncated.class);
            }
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aMailAtWhichTheConnectionBreaksKeepsNoOthersBack() throws Exception {
        String breaks = "S: +OK\nS: Subj\\c\n-- close\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                listing("", "a", "b", "c") + "C: RETR 1\n" + breaks,
                listing("", "a", "b", "c") + retr(2) + retr(3) + "C: RETR 1\n" + breaks,
                listing("", "a", "b", "c") + dele(2) + dele(3) + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=2&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b", "c");
        assertThat(routes.failures).hasSize(2).allMatch(text -> text.contains("fetching message 1 by RETR"));
    }

    /** One answer too many: from the second mail on each is taken for the one behind it. */
    private static final String OUT_OF_STEP = listing("", "a", "b")
            + "C: RETR 1\nS: +OK\nS: Subject: a\nS:\nS: A\nS: .\nS: +OK\nS: Subject: a\nS:\nS: A\nS: .\n"
            + "C: RETR 2\nS: +OK\nS: Subject: b\nS:\nS: B\nS: .\n";

    @Test
    void whatASessionOutOfStepHasFetchedIsNotDeletedAndComesAgain() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                OUT_OF_STEP + "C: DELE 1\nC: DELE 2\n-- closed\n",
                pipelined("a", "b") + retr(1) + retr(2) + dele(1) + dele(2) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b", "a", "b");
        await().until(() -> routes.consumer().inFlightCount() == 0);
    }

    @Test
    void whatASessionOutOfStepHasFetchedIsNotRememberedAsProcessed() throws Exception {
        MemoryIdempotentRepository seen = new MemoryIdempotentRepository();
        routes.context.getRegistry().bind("seen", seen);
        String garbage = "C: RETR 2\nS: <html>\n-- closed\n";
        for (String option :
                new String[] {"", "&idempotentRepository=%23seen&idempotentRepositoryRemoveOnCommit=false"}) {
            try (Pop3Routes one = new Pop3Routes();
                    ScriptedPeer server = ScriptedPeer.serving(
                            listing("", "a", "b") + retr(1) + garbage,
                            pipelined("a", "b") + retr(1) + retr(2) + QUIT,
                            pipelined("a", "b") + QUIT)) {
                one.context.getRegistry().bind("seen", seen);
                one.start(uri(server, "repeatCount=3" + option), exchange -> {});
                server.assertPlayedToTheEnd();
                assertThat(one.delivered).containsExactly("a", "a", "b");
            }
        }
    }

    /** Only a session out of step leaves doubts about what it has settled; one that is cut does not. */
    @Test
    void whatWasProcessedBeforeACutIsNotDeliveredAgain() throws Exception {
        AtomicReference<Exchange> late = new AtomicReference<>();
        try (ScriptedPeer server = ScriptedPeer.serving(
                pipelined("a") + retr(1) + QUIT,
                // Settles the first mail at its beginning, and is cut.
                pipelined("a", "b") + "C: RETR 2\nS: +OK 20 octets\n-- close\n",
                // What the route leaves when it stops: nothing is known to the one that is started then.
                "S: -ERR [SYS/TEMP] down\n-- closed\n",
                pipelined("a", "b") + retr(2) + QUIT)) {
            routes.start(uri(server, "delay=3600000").replace("initialDelay=0", "initialDelay=3600000"), exchange -> {
                if (routes.delivered.size() == 1) {
                    late.set(ExchangeHelper.createCorrelatedCopy(exchange, true));
                }
            });
            routes.consumer().poll();
            UnitOfWorkHelper.doneSynchronizations(
                    late.get(), late.get().getExchangeExtension().handoverCompletions());
            assertThatThrownBy(() -> routes.consumer().poll()).hasMessageContaining("fetching message 2 by RETR");
            routes.context.getRouteController().stopRoute("poll");
            routes.context.getRouteController().startRoute("poll");
            routes.consumer().poll();
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
    }
}
