package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names with a Q are the oddities of real servers, each reported for at least one of them. */
class ResponseParserTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            a1 OK done                                  | a1 | OK  | ''           | done
            a1 OK                                       | a1 | OK  | ''           | ''
            a1 ok [READ-WRITE] SELECT completed         | a1 | OK  | READ-WRITE   | SELECT completed
            a1 OK [READ-WRITE]                          | a1 | OK  | READ-WRITE   | ''
            a1 NO [AUTHENTICATIONFAILED] Nope           | a1 | NO  | AUTHENTICATIONFAILED | Nope
            a1 BAD  two spaces                          | a1 | BAD | ''           | two spaces
            a1 OK [Error="x]y" AuthResult=0 Proxy=p] ok | a1 | OK  | ''           | [Error="x]y" AuthResult=0 Proxy=p] ok
            a1 OK [UNTERMINATED no end                  | a1 | OK  | ''           | [UNTERMINATED no end
            a1 OK []                                    | a1 | OK  | ''           | []
            a1 BYE gone                                 | a1 | BYE | ''           | gone
            """)
    void neverLosesACompletion(String line, String tag, ImapStatus status, String code, String text) {
        ImapResponse.Completion completion = (ImapResponse.Completion) Raw.parsed(line);

        assertThat(completion.tag()).isEqualTo(tag);
        assertThat(completion.status()).isEqualTo(status);
        assertThat(completion.text().code().name()).isEqualTo(code);
        assertThat(completion.text().text()).isEqualTo(text);
    }

    @Test
    void q1TakesACodeWithoutTextBehindIt() {
        ImapResponse.Notice notice = (ImapResponse.Notice) Raw.parsed("* OK [HIGHESTMODSEQ 12345]");

        assertThat(notice.text().code()).isEqualTo(new ResponseCode("HIGHESTMODSEQ", "12345"));
        assertThat(((ImapResponse.Continuation) Raw.parsed("+")).text()).isEmpty();
    }

    @Test
    void q3TakesWordsInAnyCase() {
        ImapResponse.Fetched fetched =
                (ImapResponse.Fetched) Raw.parsed("* 4 fetch (uid 9 flags (\\seen) rfc822.size 12 envelope nil)");

        assertThat(fetched.message().uid()).hasValue(9);
        assertThat(fetched.message().flags().orElseThrow()).containsExactly(Flag.SEEN);
        assertThat(fetched.message().size()).hasValue(12);
    }

    @Test
    void q4TakesTheLiteralCapabilityWithASpace() {
        Capabilities capabilities = ((ImapResponse.CapabilityList)
                        Raw.parsed("* CAPABILITY IMAP4rev1 LITERAL + IDLE IDLE  uidplus "))
                .capabilities();

        assertThat(capabilities.has("LITERAL+")).isTrue();
        assertThat(capabilities.has("UIDPLUS")).isTrue();
        assertThat(capabilities.has("imap4REV1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* LIST () \"/\" {8}\r\nArchives",
                "* LIST (\\HasNoChildren) \"/\" \"Archives\"",
                "* LIST () \"/\" Archives",
                "* LIST NIL NIL Archives",
                "* list ( \\Marked ) \"/\"  Archives ",
                "* LIST () {1}\r\n/ Archives (CHILDINFO (\"SUBSCRIBED\"))"
            })
    void q5TakesANameInEveryNotation(String line) {
        ImapResponse.Listing listing = (ImapResponse.Listing) Raw.parsed(line);

        assertThat(listing.info().name()).isEqualTo(MailboxName.of("Archives"));
        assertThat(listing.info().isSelectable()).isTrue();
    }

    @Test
    void q8TakesNilForTheDelimiterAndATabInAName() {
        assertThat(((ImapResponse.Listing) Raw.parsed("* LIST () NIL INBOX"))
                        .info()
                        .delimiter())
                .isEmpty();
        assertThat(((ImapResponse.Listing) Raw.parsed("* LIST () \"/\" a\tb c"))
                        .info()
                        .name()
                        .name())
                .isEqualTo("a\tb c");
    }

    @Test
    void q26KnowsThatWhatDoesNotExistCannotBeSelected() {
        assertThat(((ImapResponse.Listing) Raw.parsed("* LIST (\\NonExistent) \"/\" a"))
                        .info()
                        .isSelectable())
                .isFalse();
        assertThat(((ImapResponse.Listing) Raw.parsed("* LIST (\\noselect) \"/\" a"))
                        .info()
                        .isSelectable())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * SEARCH                               | ''
            * SEARCH 7456\\s                       | 7456
            * SEARCH 3 2 1 9                       | 1:3,9
            * SEARCH 0 5                           | 5
            * SEARCH 2 5 (MODSEQ 917162500)        | 2,5
            * ESEARCH (TAG "a1") UID ALL 1:3,7     | 1:3,7
            * ESEARCH UID ALL 7,1:3                | 1:3,7
            * ESEARCH (TAG "a1") UID               | ''
            * ESEARCH (TAG "a1") UID COUNT 3 ALL 1,2,3 MODSEQ 5 | 1:3
            """)
    void q15TakesEveryKindOfSearchAnswer(String line, String numbers) {
        ImapResponse.Found found = (ImapResponse.Found) Raw.parsed(line.replace("\\s", " "));

        assertThat(found.numbers()).hasToString(numbers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * STATUS INBOX (MESSAGES 3 UNSEEN 1)               | INBOX      | 3
            * STATUS "Sent Items" (UNSEEN 1 MESSAGES 3 )       | Sent Items | 3
            * STATUS Sent Items (MESSAGES 3)                   | Sent Items | 3
            * STATUS {5}\\r\\nabcde (APPENDLIMIT NIL MESSAGES 3) | abcde    | 3
            * STATUS INBOX (MESSAGES 3 APPENDLIMIT)            | INBOX      | 3
            """)
    void takesStatusAsServersSendIt(String line, String name, long messages) {
        ImapResponse.StatusOf status = (ImapResponse.StatusOf) Raw.parsed(line.replace("\\r\\n", "\r\n"));

        assertThat(status.status().name()).isEqualTo(MailboxName.of(name));
        assertThat(status.status().messages()).hasValue(messages);
    }

    @Test
    void knowsNothingFromAnEmptyStatus() {
        MailboxStatus status = ((ImapResponse.StatusOf) Raw.parsed("* STATUS \"INBOX\" ()")).status();

        assertThat(status.messages()).isEmpty();
        assertThat(status.uidNext()).isEmpty();
    }

    @Test
    void q12TakesItemsInAnyOrderAndTheUidBehindTheBody() throws IOException {
        FetchedMessage message = fetched("* 2 FETCH (BODY[] {5}\r\nhello FLAGS (\\Seen $x) UID 77"
                + " INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" RFC822.SIZE 5)");

        assertThat(message.uid()).hasValue(77);
        assertThat(text(message, BodySection.WHOLE)).isEqualTo("hello");
        assertThat(message.internalDate()).hasValue(OffsetDateTime.parse("1996-07-07T02:44:25-07:00"));
        assertThat(message.damage()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* 2 FETCH (UID 7 BODY[] \"hello\")",
                "* 2 FETCH (UID 7 RFC822 {5}\r\nhello)",
                "* 2 FETCH ( UID  7 BODY[] {05}\r\nhello )",
                "* 2 FETCH (UID 7 BODY[]  {5}\r\nhello) "
            })
    void takesTheWholeMessageUnderEveryName(String line) throws IOException {
        assertThat(text(fetched(line), BodySection.WHOLE)).isEqualTo("hello");
    }

    @Test
    void namesSectionsAsTheyWereAskedFor() throws IOException {
        FetchedMessage message = fetched("* 2 FETCH (UID 7 BODY[header.fields (\"Subject\" From)] {4}\r\nS:\r\n"
                + " BODY[1.2]<0.9> \"x\" BODY[HEADER.FIELDS ({4}\r\nDate)] NIL BINARY[1] {1}\r\nb)");

        assertThat(text(message, BodySection.headerFields("Subject", "From"))).isEqualTo("S:\r\n");
        assertThat(message.has(BodySection.part("1.2").range(0, 1))).isTrue();
        assertThat(message.has(BodySection.headerFields("Date"))).isFalse();
    }

    @Test
    void q7TakesQuotesThatShouldHaveBeenEscaped() {
        FetchedMessage message =
                fetched("* 1 FETCH (UID 3 ENVELOPE (\"\"\"\" \"a\"b\" \"c\\\\d\" \"e\\f\" \"Gr\u00fc\u00dfe\" NIL))");

        assertThat(message.envelope().orElseThrow().elements())
                .extracting(ImapValue::textOrNull)
                .containsExactly("\"\"", "a\"b", "c\\d", "e\\f", "Gr\u00fc\u00dfe", null);
    }

    @Test
    void q5TakesLiteralsInsideAnEnvelope() {
        FetchedMessage message = fetched("* 1 FETCH (ENVELOPE ({3}\r\na\nb ((NIL NIL {2}\r\nme \"x.y\"))) UID 3)");

        assertThat(message.envelope().orElseThrow().elements().get(0).textOrNull())
                .isEqualTo("a\nb");
        assertThat(message.envelope().orElseThrow()).hasToString("(\"a\nb\" ((NIL NIL \"me\" \"x.y\")))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* 1 FETCH (UID 3 BODYSTRUCTURE (\"ALTERNATIVE\" (\"BOUNDARY\" \"x\") NIL NIL))",
                "* 1 FETCH (UID 3 BODYSTRUCTURE (NIL NIL NIL NIL NIL \"7BIT\" 0 NIL NIL NIL NIL))",
                "* 1 FETCH (UID 3 BODYSTRUCTURE ())",
                "* 1 FETCH (UID 3 BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL 8BIT -1 -1 \"inline\"))",
                "* 1 FETCH (UID 3 MODSEQ (-1) X-GM-LABELS (\"\\\\Inbox\" \"a]b\" NIL) X-GM-MSGID 127 FLAGS ())",
                "* 1 FETCH (UID 3 RFC822.SIZE 9.3736e+06 INTERNALDATE \"00-Jan-0000 00:00:00 +0000\")",
                "* 1 FETCH (UID 3 FLAGS (\\* \\Seen a]b ) INTERNALDATE NIL)",
                "* 1 FETCH (UID 3 FLAGS NIL)"
            })
    void q8DoesNotInsistOnTheShapeOfWhatItDoesNotUse(String line) {
        assertThat(fetched(line).uid()).hasValue(3);
        assertThat(fetched(line).damage()).isEmpty();
    }

    @Test
    void keepsWhatCameBeforeTheDamageIfItKnowsTheMessage() {
        FetchedMessage message = fetched("* 1 FETCH (UID 3 FLAGS (\\Seen) ENVELOPE (\"never ends)");

        assertThat(message.uid()).hasValue(3);
        assertThat(message.damage())
                .hasValueSatisfying(reason -> assertThat(reason).contains("does not end"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "* ",
                "hello world",
                "Server Unavailable. 15",
                "* x",
                "* 1",
                "* 1 FETCH",
                "* 1 FETCH (FLAGS (\\Seen",
                "* 1 FETCH ((((((((((",
                "* 99999999999999999999 EXISTS",
                "* LIST",
                "* LIST () \"/\"",
                "* STATUS",
                "* SEARCH 1 x",
                "* ESEARCH UID ALL x",
                "* VANISHED x",
                "\u00ff\u00fe",
                "* \""
            })
    void keepsWhatItDoesNotUnderstandAsItCame(String line) {
        assertThat(Raw.parsed(line)).isInstanceOfAny(ImapResponse.Unparsed.class, ImapResponse.Other.class);
    }

    @Test
    void q28StopsAtTooDeepNesting() {
        String bomb = "(".repeat(100_000);

        assertThat(fetched("* 1 FETCH (UID 3 ENVELOPE " + bomb).damage())
                .hasValueSatisfying(reason -> assertThat(reason).contains("nested deeper than 64"));
        assertThat(Raw.parsed("* STATUS INBOX (X " + bomb)).isInstanceOf(ImapResponse.Unparsed.class);
    }

    @Test
    void q11TakesNumbersThatCannotBe() {
        assertThat(Raw.parsed("* 0 FETCH (FLAGS ())")).isInstanceOf(ImapResponse.Fetched.class);
        assertThat(Raw.parsed("* 0 EXPUNGE")).isEqualTo(new ImapResponse.Expunged(0));
        assertThat(fetched("* 1 FETCH (UID 0 FLAGS ())").uid()).isEmpty();
    }

    @Test
    void takesACodeOnALineOfItsOwn() {
        ImapResponse.Notice notice = (ImapResponse.Notice) Raw.parsed("[COPYUID 124 10 233]");

        assertThat(CopiedUids.of(notice.text().code()).newUidOf(10)).hasValue(233);
        assertThat(Raw.parsed("* [COPYUID 124 10 233]")).isEqualTo(notice);
    }

    @Test
    void toleratesVanishedAndId() {
        assertThat(Raw.parsed("* VANISHED (EARLIER) 41,43:116"))
                .isEqualTo(new ImapResponse.Vanished(UidSet.parse("41,43:116"), true));
        assertThat(((ImapResponse.ServerId) Raw.parsed("* ID (\"Name\" \"Cyrus\" \"os\" NIL)")).fields())
                .containsOnlyKeys("name");
        assertThat(((ImapResponse.ServerId) Raw.parsed("* ID NIL")).fields()).isEmpty();
    }

    @Test
    void neverThrowsWhateverComes() {
        Random random = new Random(42);
        String alphabet = "*+ a1(){}[]<>\"\\\r0129FETCHUIDBODYOKNOLISTSEARCH,:.\u00e9\u0000";
        for (int i = 0; i < 20_000; i++) {
            String line = random.ints(random.nextInt(60), 0, alphabet.length())
                    .mapToObj(c -> alphabet.substring(c, c + 1))
                    .collect(Collectors.joining());
            String prefix = i % 3 == 0 ? "* 1 FETCH (" : i % 3 == 1 ? "* " : "";
            assertThat(new ResponseParser(8).parse(RawResponse.of(prefix + line)))
                    .isNotNull();
        }
    }

    private static FetchedMessage fetched(String line) {
        return ((ImapResponse.Fetched) Raw.parsed(line)).message();
    }

    private static String text(FetchedMessage message, BodySection section) throws IOException {
        return new String(message.octets(section).toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
