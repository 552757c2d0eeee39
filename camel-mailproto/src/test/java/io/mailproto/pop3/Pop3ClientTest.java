package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.PIPELINING;
import static io.mailproto.pop3.Pop3Peers.SIMPLE;
import static io.mailproto.pop3.Pop3Peers.SPOOL;
import static io.mailproto.pop3.Pop3Peers.loggedIn;
import static io.mailproto.pop3.Pop3Peers.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

class Pop3ClientTest {
    /** Writes down what comes. */
    private static final class Notes implements Pop3Client.RetrSink {
        final List<String> lines = new ArrayList<>();

        @Override
        public void retrieved(int number, Octets octets) {
            lines.add(number + ": " + octets.size());
        }

        @Override
        public void failed(int number, IOException why) {
            lines.add(number + ": " + why.getMessage().replaceFirst("^[^ ]+ ", ""));
        }
    }

    @TranscriptTest
    void speaksTheSessionOfRfc1939(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: STAT
                S: +OK 2 320
                C: LIST
                S: +OK 2 messages (320 octets)
                S: 1 120
                S: 2 200
                S: .
                C: LIST 2
                S: +OK 2 200
                C: UIDL
                S: +OK
                S: 1 whqtswO00WBw418f9t5JxYwZ
                S: 2 QhdPYR:00WBw1Ph7x7
                S: .
                C: UIDL 2
                S: +OK 2 QhdPYR:00WBw1Ph7x7
                C: RETR 1
                S: +OK 120 octets
                S: Subject: dots
                S:
                S: ..one
                S: ...
                S: end
                S: .
                C: TOP 2 1
                S: +OK
                S: Subject: two
                S:
                S: first line
                S: .
                C: DELE 1
                S: +OK message 1 deleted
                C: RSET
                S: +OK maildrop has 2 messages (320 octets)
                C: NOOP
                S: +OK
                C: DELE 2
                S: +OK message 2 deleted
                C: QUIT
                S: +OK dewey POP3 server signing off (maildrop empty)
                -- close
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.greeting()).isEqualTo("ready");
                assertThat(client.stat()).isEqualTo(new MaildropStatus(2, 320));
                assertThat(client.list().sizeOf(2)).isEqualTo(200);
                assertThat(client.list(2)).isEqualTo(200);
                UidListing uids = client.uidl();
                assertThat(uids.uid(0)).isEqualTo("whqtswO00WBw418f9t5JxYwZ");
                assertThat(client.uidl(2)).isEqualTo(uids.uid(1));
                assertThat(text(client.retr(1, SPOOL))).isEqualTo("Subject: dots\r\n\r\n.one\r\n..\r\nend\r\n");
                assertThat(text(client.top(2, 1, SPOOL))).isEqualTo("Subject: two\r\n\r\nfirst line\r\n");
                client.dele(1);
                assertThat(client.marked()).isEqualTo(1);
                client.rset();
                assertThat(client.marked()).isZero();
                client.noop();
                client.dele(2);
                client.quit();
                assertThat(client.isOpen()).isFalse();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void eachCommandTellsItsRefusalAndTheConversationGoesOn(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: STAT
                S: -ERR [SYS/TEMP] not now
                C: LIST
                S: -ERR no
                C: LIST 9
                S: -ERR no such message
                C: UIDL
                S: -ERR unknown command
                C: UIDL 9
                S: -ERR no such message
                C: RETR 9
                S: -ERR [SYS/PERM] message is damaged
                C: TOP 9 0
                S: -ERR no such message
                C: DELE 9
                S: -ERR message 9 already deleted
                C: RSET
                S: -ERR no
                C: NOOP
                S: -ERR no
                C: QUIT
                S: -ERR some deleted messages not removed
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(refused(client::stat).isTransient()).isTrue();
                refused(client::list);
                refused(() -> client.list(9));
                refused(client::uidl);
                refused(() -> client.uidl(9));
                Pop3Refused damaged = refused(() -> client.retr(9, SPOOL));
                assertThat(damaged.responseCode()).contains(Pop3ResponseCode.SYS_PERM);
                assertThat(damaged.isTransient()).isFalse();
                assertThat(damaged)
                        .hasMessage(server.address() + ": fetching message 9 by RETR: refused with"
                                + " \"-ERR [SYS/PERM] message is damaged\"; the messages are still on the server");
                refused(() -> client.top(9, 0, SPOOL));
                assertThat(refused(() -> client.dele(9)).replyText()).isEqualTo("message 9 already deleted");
                refused(client::rset);
                refused(client::noop);
                assertThat(client.marked()).isZero();
                refused(client::quit);
                assertThat(client.isOpen()).isFalse();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void asksForIdsAndSizesInOneFlight(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + """
                C: UIDL
                C: LIST
                S: +OK
                S: 1 one
                S: .
                S: +OK
                S: 1 1000
                S: .
                C: UIDL
                C: LIST
                S: +OK
                S: .
                S: -ERR no sizes today
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                Pop3Client.Contents contents = client.contents();
                assertThat(contents.uids().uid(0)).isEqualTo("one");
                assertThat(contents.sizes().sizeOf(1)).isEqualTo(1000);
                Pop3Client.Contents unsized = client.contents();
                assertThat(unsized.uids().count()).isZero();
                assertThat(unsized.sizes().sizeOf(1)).isEqualTo(-1);
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void oneRefusedMessageInTheMiddleDoesNotMisrouteTheOthers(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + """
                C: RETR 1
                C: RETR 2
                C: RETR 3
                S: +OK 3 octets
                S: a
                S: .
                S: -ERR message 2 is gone
                S: more words about it
                S: .
                S: +OK
                S: ccc
                S: .
                C: DELE 1
                C: DELE 2
                C: DELE 3
                S: +OK
                S: -ERR no such message
                S: +OK
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                Notes notes = new Notes();
                client.retr(new int[] {1, 2, 3}, SPOOL, notes);
                assertThat(notes.lines)
                        .containsExactly(
                                "1: 3",
                                "2: fetching message 2 by RETR: refused with \"-ERR message 2 is gone\"; the messages"
                                        + " are still on the server",
                                "3: 5");
                Map<Integer, Pop3Refused> refused = client.dele(new int[] {1, 2, 3});
                assertThat(refused).containsOnlyKeys(2);
                assertThat(refused.get(2)).hasMessageContaining("DELE 2").hasMessageEndingWith("still on the server");
                assertThat(client.marked()).isEqualTo(2);
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void withoutPipeliningOneCommandWaitsForTheOther(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: RETR 1
                -- wait 50ms
                S: +OK
                S: a
                S: .
                C: RETR 2
                S: +OK
                S: b
                S: .
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                Notes notes = new Notes();
                client.retr(new int[] {1, 2}, SPOOL, notes);
                assertThat(notes.lines).containsExactly("1: 3", "2: 3");
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void neverHasMoreInFlightThanTheWindow(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + """
                C: DELE 1
                C: DELE 2
                C: DELE 3
                C: DELE 4
                -- wait 50ms
                S: +OK
                S: +OK
                C: DELE 5
                C: DELE 6
                -- wait 50ms
                S: +OK
                S: +OK
                C: DELE 7
                S: +OK
                S: +OK
                S: +OK
                """)) {
            try (Pop3Client client = Pop3Client.open(
                    io.mailproto.testing.TestWire.dialer(),
                    server.address(),
                    Pop3Peers.options(io.mailproto.wire.TlsMode.AUTO).withWindow(new Pop3Window(4, 2048)))) {
                client.logIn(new Pop3Login(Pop3Peers.ALICE, Pop3Peers.METHODS));
                assertThat(client.dele(IntStream.rangeClosed(1, 7).toArray())).isEmpty();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aMessageThatCannotBeKeptIsReadToItsEndAndTheOthersGoOn(Pace pace, @TempDir Path directory) throws Exception {
        Path removed = directory.resolve("spool");
        Files.createDirectory(removed);
        Spool broken = new Spool(new SpoolOptions(10, removed));
        Files.delete(removed);
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + """
                C: RETR 1
                C: RETR 2
                S: +OK
                S: far too long for the threshold
                S: .
                S: +OK
                S: b
                S: .
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                List<Object> seen = new ArrayList<>();
                client.retr(new int[] {1, 2}, broken, new Pop3Client.RetrSink() {
                    @Override
                    public void retrieved(int number, Octets octets) {
                        seen.add(octets.size());
                    }

                    @Override
                    public void failed(int number, IOException why) {
                        seen.add(why.getClass());
                    }
                });
                assertThat(seen).containsExactly(SpoolException.class, 3L);
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void whatTheReceiverThrowsEndsTheConversationBecauseAnswersAreOutstanding(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + """
                C: RETR 1
                C: RETR 2
                S: +OK
                S: a
                S: .
                -- closed
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThatThrownBy(() -> client.retr(new int[] {1, 2}, SPOOL, new Pop3Client.RetrSink() {
                            @Override
                            public void retrieved(int number, Octets octets) {
                                throw new IllegalStateException("full");
                            }

                            @Override
                            public void failed(int number, IOException why) {
                                throw new IllegalStateException(why);
                            }
                        }))
                        .hasMessage("full");
                assertThat(client.isOpen()).isFalse();
            }
        }
    }

    @TranscriptTest
    void commandsOfTheWrongStateAreNotSent(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + "C: NOOP\nS: +OK\n")) {
            try (Pop3Client client = Pop3Peers.open(server)) {
                assertThatThrownBy(client::stat).isInstanceOf(IllegalStateException.class);
                client.logIn(new Pop3Login(Pop3Peers.ALICE, Pop3Peers.METHODS));
                assertThatThrownBy(() -> client.logIn(new Pop3Login(Pop3Peers.ALICE, Pop3Peers.METHODS)))
                        .isInstanceOf(IllegalStateException.class);
                client.noop();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private interface Command {
        void run() throws Exception;
    }

    private static Pop3Refused refused(Command command) {
        Pop3Refused refused = catchThrowableOfType(Pop3Refused.class, command::run);
        assertThat(refused).isNotNull();
        return refused;
    }
}
