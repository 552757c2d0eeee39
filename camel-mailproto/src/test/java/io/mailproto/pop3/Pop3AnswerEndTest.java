package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.SIMPLE;
import static io.mailproto.pop3.Pop3Peers.SPOOL;
import static io.mailproto.pop3.Pop3Peers.loggedIn;
import static io.mailproto.pop3.Pop3Peers.open;
import static io.mailproto.pop3.Pop3Peers.options;
import static io.mailproto.pop3.Pop3Peers.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.LimitExceeded;
import io.mailproto.wire.TlsMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where an answer of several lines ends, if the server ends it oddly or not at all. */
class Pop3AnswerEndTest {
    @TranscriptTest
    void aDotWithoutCrEndsAMailWhoseLinesEndWell(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: RETR 1
                S: +OK
                S: Subject: a
                S:
                S: one\\n.\\ntwo
                S: .\\n\\c
                C: RETR 2
                S: +OK
                S: .\\n\\c
                C: NOOP
                S: +OK
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(text(client.retr(1, SPOOL))).isEqualTo("Subject: a\r\n\r\none\n.\ntwo\r\n");
                assertThat(text(client.retr(2, SPOOL))).isEmpty();
                client.noop();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void capabilitiesWithoutEndAreNotRead() throws Exception {
        String line = "S: " + "X".repeat(7000) + "\n";
        try (ScriptedPeer server =
                ScriptedPeer.serving("S: +OK ready\nC: CAPA\nS: +OK\n" + line.repeat(10) + "-- closed\n")) {
            assertThatThrownBy(() -> open(server))
                    .isInstanceOf(LimitExceeded.class)
                    .hasMessageContaining("waiting for the reply to CAPA")
                    .hasMessageContaining("65536 octets");
        }
    }

    @Test
    void linesThatNameNoMailCountForTheLimitOfAListing() throws Exception {
        for (String command : List.of("UIDL", "LIST")) {
            try (ScriptedPeer server = ScriptedPeer.serving(SIMPLE + "C: " + command + "\nS: +OK\n"
                    + ("S: " + "x".repeat(98) + "\n").repeat(11) + "-- closed\n")) {
                try (Pop3Client client = Pop3Client.open(
                        TestWire.dialer(),
                        server.address(),
                        options(TlsMode.AUTO).withMaxListing(1000))) {
                    client.logIn(new Pop3Login(Pop3Peers.ALICE, Pop3Peers.METHODS));
                    assertThatThrownBy(() -> {
                                if (command.equals("UIDL")) {
                                    client.uidl();
                                } else {
                                    client.list();
                                }
                            })
                            .isInstanceOf(LimitExceeded.class)
                            .hasMessageContaining("1000 octets");
                }
            }
        }
    }
}
