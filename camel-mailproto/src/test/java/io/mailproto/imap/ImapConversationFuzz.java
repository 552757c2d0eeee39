package io.mailproto.imap;

import io.mailproto.fuzz.FuzzTarget;
import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.Connection;
import io.mailproto.wire.FakeSocket;
import io.mailproto.wire.MinimumRate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Any octets as everything a server says, whatever it is asked: each command ends with its answer or with an
 * {@link IOException}, no message is handed on that was not asked for, and none twice.
 */
public final class ImapConversationFuzz implements FuzzTarget {
    private static final ImapLimits LIMITS = new ImapLimits(2048, 4096, 2048, 8, 10, 50, 1000);
    private static final ImapTimeouts TIMEOUTS = new ImapTimeouts(
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            new MinimumRate(1, Duration.ofHours(1)));
    private static final MailboxName DONE = MailboxName.of("Done");

    private final Spool spool = new Spool(SpoolOptions.defaults());

    @Override
    public void run(byte[] input) throws IOException {
        String whole = talk(List.of(input));
        String singly = talk(FakeSocket.singly(input));
        if (input.length < 500 && whole.isEmpty() != singly.isEmpty()) {
            throw new AssertionError("messages when the octets come at once: " + whole + ", one by one: " + singly);
        }
    }

    private String talk(List<byte[]> segments) throws IOException {
        List<Long> told = new ArrayList<>();
        try (Connection connection = FakeSocket.receiving(segments)) {
            Conversation conversation = new Conversation(connection, spool, TIMEOUTS, LIMITS);
            MailboxSession mailbox = new MailboxSession(conversation, LIMITS);
            conversation.awaitGreeting();
            SelectCollector selected = new SelectCollector(DONE, false, PendingCommand.Listener.NONE);
            ImapResponse.Completion completion =
                    conversation.run(ImapCommand.of(ImapVerb.SELECT).mailbox(DONE), selected);
            selected.selected(completion.text().code());
            conversation.enter(ImapVerb.State.SELECTED);
            UidSet found = mailbox.search(SearchCriteria.UNSEEN);
            UidSet wanted = UidSet.range(1, 9);
            FetchItems items = FetchItems.of(Attribute.FLAGS, Attribute.SIZE).with(BodySection.WHOLE);
            if (found.count() < 0) {
                throw new AssertionError("fewer than none");
            }
            mailbox.finishFetch(mailbox.beginFetch(wanted, items), message -> {
                long uid = message.uid().orElseThrow();
                if (!wanted.contains(uid) || told.contains(uid)) {
                    throw new AssertionError("UID " + uid + " was not asked for, or comes again");
                }
                told.add(uid);
                message.release();
            });
            mailbox.store(wanted, FlagChange.add(Flag.SEEN));
            mailbox.move(wanted, DONE).newUidOf(1);
            mailbox.sort(SortOrder.parse("-date"), SearchCriteria.UNSEEN);
        } catch (IOException typed) {
            if (typed.getMessage() == null || typed.getMessage().length() > 4000) {
                throw new AssertionError("an error that says nothing, or too much", typed);
            }
        }
        return told.toString();
    }

    @Override
    public List<byte[]> seeds() {
        String select = "* OK [CAPABILITY IMAP4rev1 UIDPLUS MOVE ESEARCH SORT MESSAGELIMIT=5] hi\r\n* 3 EXISTS\r\n"
                + "* OK [UIDVALIDITY 5]\r\n* OK [PERMANENTFLAGS (\\*)]\r\n* FLAGS (\\Seen)\r\na1 OK [READ-WRITE]\r\n";
        String search = "* ESEARCH (TAG \"a2\") UID ALL 1:3\r\na2 OK\r\n";
        return Stream.of(
                        "* OK ready\r\n* SEARCH 1 2\r\na1 OK\r\na2 OK\r\na3 OK\r\na4 OK\r\na5 OK\r\na6 OK\r\na7 OK\r\n",
                        select + search
                                + "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 2 BODY[] {2}\r\nhi)\r\n* 2 FETCH (UID 2 FLAGS ())\r\n"
                                + "* 2 FETCH (UID 2 BODY[] {2}\r\nho RFC822.SIZE 2)\r\na3 OK\r\na4 OK\r\n* OK [COPYUID 5 1:2 7:8] x\r\n"
                                + "* 1 EXPUNGE\r\na5 OK\r\n* SORT 2 1\r\na6 OK\r\n",
                        select + search
                                + "* 1 FETCH (UID 1 FLAGS (((\r\n* 99 FETCH (UID 99)\r\na3 NO [UNAVAILABLE] try\r\n",
                        select + "* BYE\r\n* BYE\r\n* BYE\r\n* BYE\r\n* BYE\r\n",
                        select + "* ESEARCH ALL 1:4294967295\r\na2 OK\r\n",
                        "* BYE no\r\n",
                        "* PREAUTH yes\r\na9 OK\r\n",
                        "* OK\r\n" + "* 1 EXISTS\r\n".repeat(60))
                .map(FakeSocket::octets)
                .toList();
    }
}
