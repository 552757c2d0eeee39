package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** IDLE (RFC 2177) with servers that do it in their ways. */
class IdleTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);

    @TranscriptTest
    void newsEndIt(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                S: * OK Still here
                S: * 4 EXISTS
                C: DONE
                S: a4 OK
                """));
                ImapClient client = selected(server)) {
            assertThat(client.canIdle()).isTrue();
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(LONG)).isEqualTo(IdleEnd.NEWS);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void withoutNewsItEndsByItself(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: +
                S: * 2 EXPUNGE
                S: * 1 FETCH (FLAGS (\\Seen))
                C: DONE
                S: a4 OK
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(SHORT)).isEqualTo(IdleEnd.TIME_OVER);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aMailThatIsNotSeenAnyMoreIsNews(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                S: * 1 FETCH (FLAGS (\\Flagged))
                C: DONE
                S: a4 OK
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(LONG)).isEqualTo(IdleEnd.NEWS);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void newsThatCameBeforeOrInBetweenAreNotMissed(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 NOOP
                S: * 4 EXISTS
                S: a4 OK
                C: a5 UID SEARCH UNSEEN UNDELETED
                S: * 1 EXPUNGE
                S: a5 OK
                C: a6 IDLE
                S: * 4 EXISTS
                S: + idling
                C: DONE
                S: a6 OK
                C: a7 UID SEARCH UNSEEN UNDELETED
                S: a7 OK
                C: a8 IDLE
                S: + idling
                C: DONE
                S: * 5 EXISTS
                S: a8 OK
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            client.noop();
            assertThat(client.idle(LONG)).isEqualTo(IdleEnd.NEWS);
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(LONG)).isEqualTo(IdleEnd.NEWS);
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(SHORT)).isEqualTo(IdleEnd.NEWS);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void refusalsAreTold(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: a4 BAD unknown command
                C: a5 IDLE
                S: a5 NO not now
                C: a6 NOOP
                S: a6 OK
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThatThrownBy(() -> client.idle(LONG))
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining("waiting for the answer to IDLE")
                    .hasMessageContaining("BAD unknown command");
            assertThatThrownBy(() -> client.idle(LONG)).isInstanceOf(CommandRefused.class);
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerMayEndItAndAnswerTheDoneThatCrossed(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                S: a4 OK enough
                C: a5 NOOP
                S: DONE BAD what?
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(LONG)).isEqualTo(IdleEnd.ENDED_BY_SERVER);
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aFarewellEndsTheConversation(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                S: * BYE shutting down
                -- close
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThatThrownBy(() -> client.idle(LONG))
                    .isInstanceOf(ServerSaidBye.class)
                    .hasMessageContaining("shutting down");
            assertThat(client.isOpen()).isFalse();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aCutIsNoticed(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                -- close
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThatThrownBy(() -> client.idle(LONG)).hasMessageContaining("waiting for news (IDLE)");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void anotherThreadEndsItBeforeAndWhileItWaits(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                C: DONE
                S: a4 OK
                C: a5 NOOP
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            client.wake();
            assertThat(client.idle(LONG)).isEqualTo(IdleEnd.WOKEN);
            CompletableFuture<IdleEnd> end = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.idle(LONG);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            server.awaitHeard("a4 IDLE");
            client.wake();
            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(IdleEnd.WOKEN);
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerThatDoesNotLetItEndIsLeft(Pace pace) throws Exception {
        ImapClientOptions options =
                ClientFixture.inClear().withTimeouts(ClientFixture.IMPATIENT.withAnswer(Duration.ofMillis(1500)));
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                C: DONE
                -- closed
                """));
                ImapClient client = selected(server, options)) {
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThatThrownBy(() -> client.idle(SHORT))
                    .isInstanceOf(io.mailproto.wire.WireException.class)
                    .hasMessageContaining("waiting for the answer to IDLE");
            server.assertPlayedToTheEnd();
        }
    }
}
