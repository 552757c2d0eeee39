package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.CapturedLog;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import org.apache.camel.support.processor.state.MemoryStateRepository;

/** Q21: what is known by UIDs of another UIDVALIDITY, or by UIDs that the server gives anew, is known no more. */
class ImapRebuiltFolderTest {
    private final MemoryStateRepository memory = new MemoryStateRepository();

    private static String session(int validity, long uidNext, String search, long uid) {
        String subject = "m" + validity + "-" + uid;
        int length = "Subject: \r\n\r\nx\r\n".length() + subject.length();
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1] logged in
                C: a2 SELECT INBOX
                S: * 1 EXISTS
                S: * OK [UIDVALIDITY %1$d]
                S: * OK [UIDNEXT %2$d]
                S: a2 OK [READ-WRITE] selected
                C: a3 UID SEARCH UID %3$s UNDELETED
                S: * SEARCH %4$d
                S: a3 OK
                C: a4 UID FETCH %4$d (UID FLAGS INTERNALDATE BODY.PEEK[])
                S: * 1 FETCH (UID %4$d FLAGS () BODY[] {%5$d}
                S: Subject: %6$s\\r\\n\\r\\nx\\r\\n)
                S: a4 OK
                C: a5 UID STORE %4$d +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 LOGOUT
                S: * BYE
                S: a6 OK
                """.formatted(validity, uidNext, search, uid, length, subject);
    }

    private String warningsOf(Pace pace, String session, String delivered) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, session);
                CapturedLog log = new CapturedLog(FolderState.class);
                ImapRoutes routes = new ImapRoutes()) {
            String key = "alice@" + server.address() + "/INBOX";
            memory.setState(key, "1;77;9;;");
            routes.context.getRegistry().bind("memory", memory);
            routes.start(ImapRoutes.once(server.address(), "disconnect=true&unseen=false&stateRepository=%23memory"));
            await().untilAsserted(server::assertPlayedToTheEnd);
            assertThat(routes.delivered).containsExactly(delivered);
            assertThat(routes.failures).isEmpty();
            return log.warnings().toString();
        }
    }

    @TranscriptTest
    void q21AnotherUidValidityIsAnnouncedAndAllIsLookedAtAnew(Pace pace) throws Exception {
        assertThat(warningsOf(pace, session(78, 5, "1:4294967295", 4), "m78-4")).contains("rebuilt");
    }

    @TranscriptTest
    void q21AUidNextThatWentBackIsAnnouncedAndAllIsLookedAtAnew(Pace pace) throws Exception {
        assertThat(warningsOf(pace, session(77, 5, "1:4294967295", 4), "m77-4")).contains("gives UIDs anew");
    }

    @TranscriptTest
    void q21OtherwiseOnlyWhatIsNewIsTaken(Pace pace) throws Exception {
        assertThat(warningsOf(pace, session(77, 11, "10:4294967295", 10), "m77-10"))
                .isEqualTo("[]");
    }
}
