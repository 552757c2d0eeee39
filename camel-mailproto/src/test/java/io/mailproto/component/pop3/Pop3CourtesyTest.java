package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.testing.ScriptedPeer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server asks of its clients: time between logins, and mails that it removes by itself. */
class Pop3CourtesyTest {
    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static String session(String capability, int count) {
        return login(capability) + "S: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\nS: " + capability + "\nS: .\n"
                + listing(count);
    }

    private static String login(String capability) {
        return "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: PIPELINING\nS: " + capability
                + "\nS: .\nC: USER alice\nS: +OK\nC: PASS secret1\n";
    }

    private static String listing(int count) {
        StringBuilder uids = new StringBuilder("C: UIDL\nS: +OK\n");
        StringBuilder sizes = new StringBuilder("S: .\nC: LIST\nS: +OK\n");
        for (int i = 1; i <= count; i++) {
            uids.append("S: ").append(i).append(" uid").append(i).append('\n');
            sizes.append("S: ").append(i).append(" 20\n");
        }
        return uids.append(sizes) + "S: .\n";
    }

    private static String retr(int number) {
        return "C: RETR " + number + "\nS: +OK\nS: Subject: " + number + "\nS:\nS: text\nS: .\n";
    }

    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";

    @Test
    void pollsBeforeTheLoginDelayIsOverDoNothingAndOneLineSaysSo() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(session("LOGIN-DELAY 720", 1) + retr(1) + QUIT);
                LoggedLines log = LoggedLines.of(Pop3Consumer.class)) {
            routes.start(uri(server, "delete=false&repeatCount=4"), exchange -> {});
            server.assertPlayedToTheEnd();
            await().until(() -> routes.consumer().getCounter() >= 4);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(log.lines.stream().filter(line -> line.contains("LOGIN-DELAY")))
                    .singleElement()
                    .asString()
                    .startsWith("INFO ")
                    .containsPattern("(720|719|718) s from now on")
                    .doesNotContain("secret1");
        }
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void aLoginThatCameTooEarlyIsToldOnceAndNotRepeatedAtOnce() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                login("TOP") + "S: -ERR [LOGIN-DELAY] minimum time between mail checks\n-- closed\n")) {
            routes.start(uri(server, "repeatCount=4"), exchange -> {});
            server.assertPlayedToTheEnd();
            await().until(() -> routes.consumer().getCounter() >= 4);
            assertThat(server.connections()).isEqualTo(1);
        }
        assertThat(routes.failures).singleElement().asString().contains("[LOGIN-DELAY] minimum time");
    }

    /** P10: what the server has listed, or said in words, and in front of both what it says now. */
    @ParameterizedTest
    @CsvSource({
        "LOGIN-DELAY 720,[LOGIN-DELAY] minimum time between mail checks,7(20|19|18)",
        "TOP,login delay: minimum 300 seconds between logins,(300|299|298)",
        "TOP,only one login per 12 minutes,7(20|19|18)",
        "LOGIN-DELAY 60,[LOGIN-DELAY] wait 900 s,(900|899|898)",
        "TOP,login-delay,(60|59|58)"
    })
    void afterALoginThatCameTooEarlyTheTimeThatTheServerWantsPasses(String capability, String refusal, String seconds)
            throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login(capability) + "S: -ERR " + refusal + "\n-- closed\n");
                LoggedLines log = LoggedLines.of(Pop3Consumer.class)) {
            routes.start(uri(server, "delete=true&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
            await().until(() -> routes.consumer().getCounter() >= 3);
            assertThat(log.lines)
                    .singleElement()
                    .asString()
                    .containsPattern("LOGIN-DELAY\\), " + seconds + " s from now on");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void whileTheServerWantsToBeLetAloneNobodyIsToldThatTheMaildropIsEmpty() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(session("LOGIN-DELAY 720", 0) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=4&sendEmptyMessageWhenIdle=true"), exchange -> {});
            server.assertPlayedToTheEnd();
            await().until(() -> routes.consumer().getCounter() >= 4);
        }
        assertThat(routes.delivered).as("one for the poll that was one").hasSize(1);
    }

    @Test
    void aServerThatDeletesAfterSomeDaysIsShown() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(session("EXPIRE 30", 0) + QUIT);
                LoggedLines log = LoggedLines.of(Pop3Consumer.class)) {
            routes.start(uri(server, "repeatCount=1"), exchange -> {});
            server.assertPlayedToTheEnd();
            assertThat(log.lines).anyMatch(line -> line.startsWith("INFO ") && line.contains("after 30 days (EXPIRE)"));
        }
    }

    @Test
    void aServerThatDeletesWhateverWasFetchedLosesNoMailWhoseRouteFails() throws Exception {
        String dele = "C: DELE 2\nS: +OK\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                        session("EXPIRE 0", 2) + retr(1) + retr(2) + dele + "-- closed\n",
                        session("EXPIRE 0", 2) + retr(1) + retr(2) + "C: DELE 1\nS: +OK\n" + dele + QUIT);
                LoggedLines log = LoggedLines.of(Pop3Consumer.class)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {
                if (routes.delivered.size() == 1) {
                    throw new IllegalStateException("not yet");
                }
            });
            server.assertPlayedToTheEnd();
            assertThat(log.lines).singleElement().asString().startsWith("WARN ").contains("EXPIRE 0");
        }
        assertThat(routes.delivered).containsExactly("uid1", "uid2", "uid1", "uid2");
        assertThat(routes.failures).hasSize(2).anyMatch(text -> text.contains("QUIT was not sent"));
    }
}
