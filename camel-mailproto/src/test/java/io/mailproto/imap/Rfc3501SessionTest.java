package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The sample connection of RFC 3501 §8, with our tags and our spelling of the same commands. */
class Rfc3501SessionTest {
    private static final String SESSION =
            """
            S: * OK IMAP4rev1 Service Ready
            C: a1 CAPABILITY
            S: * CAPABILITY IMAP4rev1
            S: a1 OK
            C: a2 LOGIN "mrc" "secret"
            S: a2 OK LOGIN completed
            C: a3 CAPABILITY
            S: * CAPABILITY IMAP4rev1
            S: a3 OK
            C: a4 SELECT INBOX
            S: * 18 EXISTS
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
            S: * 2 RECENT
            S: * OK [UNSEEN 17] Message 17 is the first unseen message
            S: * OK [UIDVALIDITY 3857529045] UIDs valid
            S: a4 OK [READ-WRITE] SELECT completed
            C: a5 FETCH 12 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
            S: * 12 FETCH (FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286 ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US") ("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>") BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92) UID 112)
            S: a5 OK FETCH completed
            C: a6 UID FETCH 112 (UID BODY.PEEK[HEADER])
            S: * 12 FETCH (BODY[HEADER] {342}
            S: Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
            S: From: Terry Gray <gray@cac.washington.edu>
            S: Subject: IMAP4rev1 WG mtg summary and minutes
            S: To: imap@cac.washington.edu
            S: cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
            S: Message-Id: <B27397-0100000@cac.washington.edu>
            S: MIME-Version: 1.0
            S: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
            S:
            S:  UID 112)
            S: a6 OK FETCH completed
            C: a7 UID STORE 112 +FLAGS.SILENT (\\Deleted)
            S: * 12 FETCH (FLAGS (\\Seen \\Deleted))
            S: a7 OK +FLAGS completed
            C: a8 LOGOUT
            S: * BYE IMAP4rev1 server terminating connection
            S: a8 OK LOGOUT completed
            """;

    @TranscriptTest
    void isSpokenFluently(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SESSION)) {
            ImapClient client = ClientFixture.open(server);
            client.login(new Credentials("mrc", Secret.of("secret")));
            SelectedMailbox inbox = client.select(MailboxName.INBOX);
            assertThat(inbox.exists()).isEqualTo(18);
            assertThat(inbox.permanentFlags()).contains(Flag.DRAFT);

            List<FetchedMessage> full = new ArrayList<>();
            client.fetch(
                    SequenceSet.of(12),
                    FetchItems.of(
                            Attribute.FLAGS,
                            Attribute.INTERNAL_DATE,
                            Attribute.SIZE,
                            Attribute.ENVELOPE,
                            Attribute.BODY_STRUCTURE),
                    full::add);
            ImapValue envelope = full.get(0).envelope().orElseThrow();
            assertThat(envelope.elements().get(1).textOrNull()).isEqualTo("IMAP4rev1 WG mtg summary and minutes");
            assertThat(full.get(0).bodyStructure().orElseThrow())
                    .hasToString("(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92)");

            List<FetchedMessage> header = new ArrayList<>();
            client.uidFetch(UidSet.of(112), FetchItems.of().with(BodySection.HEADER), header::add);
            assertThat(new String(header.get(0).octets(BodySection.HEADER).toByteArray(), StandardCharsets.US_ASCII))
                    .endsWith("Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n");

            client.uidStore(UidSet.of(112), FlagChange.add(Flag.DELETED));
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }
}
