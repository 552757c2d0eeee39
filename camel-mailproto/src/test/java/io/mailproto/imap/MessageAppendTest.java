package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.spool.Octets;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ConnectionLost;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageAppendTest {
    private static final MailboxName SENT = MailboxName.of("Sent");
    private static final NewMessage HI = NewMessage.of(octets("Subject: hi\r\n\r\n"), Flag.SEEN);

    private static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @TranscriptTest
    void waitsUntilTheServerWantsTheMessage(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS", """
                C: a3 APPEND "Sent" (\\Seen $Forwarded) "07-Feb-1994 21:52:25 -0800" {15}
                S: + go on
                C: Subject: hi
                C:
                C:
                S: a3 OK [APPENDUID 38505 3955] done
                """));
                ImapClient client = selected(server)) {
            NewMessage message = new NewMessage(
                    HI.octets(),
                    new java.util.LinkedHashSet<>(List.of(Flag.SEEN, new Flag("$Forwarded"))),
                    Optional.of(OffsetDateTime.parse("1994-02-07T21:52:25-08:00")));
            AppendedUids uids = client.appends().append(SENT, List.of(message));
            assertThat(uids).isEqualTo(new AppendedUids(38505, UidSet.of(3955)));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void severalGoInOneCommandAndAtOnceWhereTheServerCan(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS MULTIAPPEND LITERAL+", """
                C: a3 APPEND "Sent" (\\Seen) {15+}
                C: Subject: hi
                C:
                C:  {9+}
                C: To: a
                C:
                C:
                S: a3 OK [APPENDUID 38505 3955:3956] done
                """));
                ImapClient client = selected(server)) {
            AppendedUids uids = client.appends().append(SENT, List.of(HI, NewMessage.of(octets("To: a\r\n\r\n"))));
            assertThat(uids.uids()).isEqualTo(UidSet.range(3955, 3956));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void withoutMultiappendOneFollowsTheOther(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("LITERAL-", """
                C: a3 APPEND "Sent" {7+}
                C: To: a
                C:
                S: a3 OK done
                C: a4 APPEND "Sent" {7+}
                C: To: b
                C:
                S: a4 NO [OVERQUOTA] no room
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.appends()
                            .append(
                                    SENT,
                                    List.of(NewMessage.of(octets("To: a\r\n")), NewMessage.of(octets("To: b\r\n")))))
                    .isInstanceOfSatisfying(CommandRefused.class, e -> {
                        assertThat(e.code().is("OVERQUOTA")).isTrue();
                        assertThat(e.isTransient()).isTrue();
                    });
            assertThat(client.isOpen()).isTrue();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aRefusalInsteadOfGoOnCostsNothing(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 APPEND "Sent" (\\Seen) {15}
                S: a3 NO [TRYCREATE] no such mailbox
                C: a4 APPEND "Sent" (\\Seen) {15}
                S: a4 NO [TOOBIG] too big
                C: a5 NOOP
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(HI)))
                    .isInstanceOfSatisfying(
                            CommandRefused.class,
                            e -> assertThat(e.code().is("TRYCREATE")).isTrue());
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(HI)))
                    .isInstanceOfSatisfying(CommandRefused.class, e -> assertThat(e.isTransient())
                            .isFalse());
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void whatIsTooLargeIsNotSent(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("APPENDLIMIT=14", """
                C: a3 NOOP
                S: a3 OK
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(HI)))
                    .isInstanceOf(ImapException.class)
                    .hasMessageContaining("15 octets, the server takes 14; nothing has been sent");
            client.noop();
            server.assertPlayedToTheEnd();
        }
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("APPENDLIMIT", """
                C: a3 STATUS "Sent" (APPENDLIMIT)
                S: * STATUS Sent (APPENDLIMIT 3)
                S: a3 OK
                C: a4 STATUS "Sent" (APPENDLIMIT)
                S: * STATUS Sent (APPENDLIMIT NIL)
                S: a4 OK
                C: a5 APPEND "Sent" (\\Seen) {15}
                S: a5 BAD no
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(HI)))
                    .hasMessageContaining("the server takes 3");
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(HI))).isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void nulGoesOnlyWhereBinaryIsTaken(Pace pace) throws Exception {
        NewMessage binary = NewMessage.of(octets("To: a\r\n\r\n\0\r\n"));
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("BINARY LITERAL+", """
                C: a3 APPEND "Sent" ~{12+}
                C: To: a
                C:
                C~ .
                C:
                S: a3 OK
                """));
                ImapClient client = selected(server)) {
            assertThat(client.appends().append(SENT, List.of(binary))).isEqualTo(AppendedUids.UNKNOWN);
            server.assertPlayedToTheEnd();
        }
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("LITERAL+", """
                C: a3 NOOP
                S: a3 OK
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(binary)))
                    .isInstanceOf(ImapException.class)
                    .hasMessageContaining("NUL");
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aCutWhileTheServerDecidesIsTold(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 APPEND "Sent" (\\Seen) {15}
                -- close
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.appends().append(SENT, List.of(HI)))
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageContaining("waiting for the server to let APPEND \"Sent\" (\\Seen) {15} go on");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void whatCannotBeAppendedIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> NewMessage.of(octets("x"), Flag.RECENT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NewMessage.of(octets("x"), new Flag("a b\r\nx")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new NewMessage(octets("x"), Set.of(), Optional.empty()).flags())
                .isEmpty();
    }
}
