package io.mailproto.imap;

import io.mailproto.fuzz.FuzzTarget;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.Connection;
import io.mailproto.wire.FakeSocket;
import io.mailproto.wire.MinimumRate;
import io.mailproto.wire.WireException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Any octets as a server's responses: they are responses within the limits or a {@link WireException}, the same in whatever
 * segments they come; the parser makes a value of each; and behind each response comes the next one, whatever it was.
 */
public final class ImapResponseFuzz implements FuzzTarget {
    private static final ImapLimits LIMITS = new ImapLimits(2048, 4096, 1024, 8, 6, 100, 1000);

    /** All bodies stay in memory, so that the limit on that is tried as well. */
    private final Spool spool = new Spool(SpoolOptions.defaults());

    @Override
    public void run(byte[] input) throws IOException {
        List<RawResponse> whole = new ArrayList<>();
        String end = frame(List.of(input), whole);
        List<RawResponse> singly = new ArrayList<>();
        String endSingly = frame(FakeSocket.singly(input), singly);
        if (!shape(whole).equals(shape(singly)) || !end.equals(endSingly)) {
            throw new AssertionError("other responses when the octets come one by one: " + end + ", " + endSingly);
        }
        for (RawResponse raw : whole) {
            checkLimits(raw);
            checkValue(raw);
            checkInStep(raw);
        }
    }

    /** Returns how it ended. */
    private String frame(List<byte[]> segments, List<RawResponse> responses) throws IOException {
        try (Connection connection = FakeSocket.receiving(segments)) {
            ResponseFramer framer = new ResponseFramer(
                    connection, spool, LIMITS, Duration.ofMinutes(1), new MinimumRate(1, Duration.ofHours(1)));
            while (true) {
                responses.add(framer.read());
            }
        } catch (WireException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static void checkLimits(RawResponse raw) {
        int text = raw.texts().stream().mapToInt(String::length).sum();
        long literals = raw.literals().stream().mapToLong(Literal::size).sum();
        if (text > LIMITS.lineOctets()
                || literals > LIMITS.textOctets()
                || raw.literals().size() > LIMITS.literals()) {
            throw new AssertionError(text + " octets of text and " + literals + " of literals");
        }
    }

    /** Whoever looks at what was understood sees no exception. */
    private static void checkValue(RawResponse raw) throws IOException {
        ImapResponse response = new ResponseParser(LIMITS.nesting()).parse(raw);
        if (response instanceof ImapResponse.Fetched fetched) {
            FetchedMessage message = fetched.message();
            message.structure().ifPresent(structure -> structure.leaves().forEach(part -> part.fileName()));
            for (BodySection section : List.of(BodySection.WHOLE, BodySection.WHOLE.range(1, 5), BodySection.HEADER)) {
                if (message.holds(section)) {
                    message.open(section).close();
                }
            }
        } else if (response instanceof ImapResponse.Notice notice) {
            CopiedUids.of(notice.text().code()).newUidOf(1);
            Throttling.isMeant("SELECT INBOX", notice.text());
            Throttling.suggested(notice.text());
        } else if (response instanceof ImapResponse.Completion completion) {
            AppendedUids.of(completion.text().code());
        }
        if (response.toString().length() > 100 * (LIMITS.lineOctets() + LIMITS.textOctets())) {
            throw new AssertionError("a value that is much longer than what came");
        }
    }

    private void checkInStep(RawResponse raw) throws IOException {
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        for (int i = 0; i < raw.literals().size(); i++) {
            Literal literal = raw.literals().get(i);
            again.write(FakeSocket.octets(raw.texts().get(i) + "~{" + literal.size() + "}\r\n"));
            literal.octets().writeTo(again);
        }
        again.write(FakeSocket.octets(raw.texts().get(raw.literals().size()) + "\r\na7 OK next\r\n"));
        List<RawResponse> both = new ArrayList<>();
        frame(List.of(again.toByteArray()), both);
        if (both.size() != 2
                || !shape(both.subList(0, 1)).equals(shape(List.of(raw)))
                || !(new ResponseParser(LIMITS.nesting()).parse(both.get(1)) instanceof ImapResponse.Completion)) {
            throw new AssertionError("out of step: " + raw.shown() + " was followed by " + both.size() + " responses");
        }
    }

    private static String shape(List<RawResponse> responses) throws IOException {
        StringBuilder shape = new StringBuilder();
        for (RawResponse response : responses) {
            shape.append(response.texts());
            for (Literal literal : response.literals()) {
                shape.append(
                        literal.octets() == null
                                ? "-"
                                : FakeSocket.text(literal.octets().toByteArray()));
            }
        }
        return shape.toString();
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "* OK [CAPABILITY IMAP4rev1 LITERAL + IDLE] ready\r\n",
                        "* CAPABILITY IMAP4rev1 UIDPLUS  MOVE \r\n+\r\n+ idling\r\na1 OK [COPYUID 5 1:3 11:13] done\r\n",
                        "a1 OK [Error=\"x]y\" Proxy=p]\r\na2 BAD\r\n[COPYUID 1 2 3]\r\n* [APPENDUID 5 7]\r\n",
                        "* 1 FETCH (UID 7 FLAGS (\\Seen $x) BODY[] {5}\r\nhello INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\")\r\n",
                        "* 1 FETCH (UID 7 BODY[HEADER.FIELDS ({4}\r\nDate)]<0.9> {012}\r\nDate: today\n MODSEQ (5))\n",
                        "* 2 FETCH (BINARY[1.2] ~{3}\r\na\0b RFC822.SIZE 9.3e+06 X-GM-LABELS (\\Sent \"a b\") EMAILID (M1))\r\n",
                        "* 3 FETCH (ENVELOPE (\"d\" \"say \\\"\" ((NIL NIL {2}\r\nme \"x\")) NIL NIL NIL NIL NIL NIL \"<1@x>\"))\r\n",
                        "* 3 FETCH (UID 3 BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 1 1)"
                                + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL) (\"A\" \"B\") 1) \"MIXED\" (\"BOUNDARY\" \"x\")))\r\n",
                        "* LIST (\\HasNoChildren) \"/\" {8}\r\nArchives\r\n* LSUB () NIL a b\r\n* STATUS Sent Items (MESSAGES 3 X)\r\n",
                        "* SEARCH 1 2 9 (MODSEQ 5)\r\n* ESEARCH (TAG \"a1\") UID ALL 1:3,7 COUNT 4\r\n* SORT 3 1\r\n* THREAD (1 2 (3)(4))\r\n",
                        "* VANISHED (EARLIER) 1:3\r\n* 4 EXPUNGE\r\n* 3 EXISTS\r\n* ID (\"name\" \"x\" \"os\" NIL)\r\n* BYE\r\n",
                        "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n* QUOTA \"\" (STORAGE 1 2)\r\n* ACL INBOX a lr\r\n* FLAGS (\\* a]b )\r\n",
                        "* 1 FETCH (UID 7 BODY[] {99999999999}\r\n",
                        "* 1 FETCH (UID 7 ENVELOPE " + "(".repeat(100) + "\r\n",
                        "* 1 FETCH (UID 7 BODY[1] {600}\r\n" + "x".repeat(600) + " BODY[2] {600}\r\n" + "x".repeat(600)
                                + ")\r\n",
                        "* 1 FETCH (UID 7 BODY[1] {0}\r\n" + "x".repeat(1500) + " BODY[2] {0}\r\n" + "x".repeat(1500)
                                + ")\r\n",
                        "* ID (" + "\"a\" {1}\r\nb ".repeat(9) + ")\r\n",
                        "* " + "x".repeat(3000) + "\r\n",
                        "\0\0 * 1 EXISTS \r\n* OK text {5}\r\n* ESEARCH ALL 1,2,x\r\n")
                .map(FakeSocket::octets)
                .toList();
    }
}
