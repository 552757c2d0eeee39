package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageStructureTest {
    private static MessageStructure of(String text) {
        ImapResponse.Fetched fetched =
                (ImapResponse.Fetched) Raw.parsed("* 1 FETCH (UID 1 BODYSTRUCTURE " + text + ")");
        return fetched.message().structure().orElseThrow();
    }

    /** The parts without own parts: number, type, encoding, octets, disposition, name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)                       | 1 text/plain 7bit 1152 - -
            (("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME" "cc.diff") "<9@cac>" "Compiler diff" "BASE64" 4554 73) "MIXED") | 1 text/plain 7bit 1152 - -; 2 text/plain base64 4554 - cc.diff
            ((("TEXT" "HTML" NIL NIL NIL "8bit" 5 1) "ALTERNATIVE")("APPLICATION" "PDF" NIL NIL NIL "base64" 99 NIL ("ATTACHMENT" ("FILENAME" "a.pdf")) NIL) "MIXED" ("BOUNDARY" "x") NIL NIL) | 1.1 text/html 8bit 5 - -; 2 application/pdf base64 99 attachment a.pdf
            (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 200 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 2 1)("IMAGE" "PNG" NIL NIL NIL "BASE64" 3) "MIXED") 9) "MIXED") | 1 text/plain 7bit 1 - -; 2.1 text/plain 7bit 2 - -; 2.2 image/png base64 3 - -
            ("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 200 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 2 1) 9) | 1.1 text/plain 7bit 2 - -
            ("APPLICATION" "OCTET-STREAM" NIL NIL NIL "BASE64" -1 NIL "inline")                  | 1 application/octet-stream base64 -1 inline -
            (NIL NIL NIL NIL NIL "7BIT" 0 NIL NIL NIL NIL)                                       | 1 text/plain 7bit 0 - -
            ("ALTERNATIVE" ("BOUNDARY" "x") NIL NIL)                                             | 1 alternative/plain 7bit -1 - -
            NIL                                                                                  | 1 text/plain 7bit -1 - -
            ()                                                                                   | 1 text/plain 7bit -1 - -
            """)
    void tellsPartsWhateverServersLeaveOut(String text, String leaves) {
        assertThat(of(text).leaves().stream()
                        .map(part -> part.number() + " " + part.contentType() + " " + part.encoding() + " "
                                + part.octets() + " "
                                + (part.disposition().isEmpty() ? "-" : part.disposition()) + " "
                                + part.fileName().orElse("-"))
                        .collect(Collectors.joining("; ")))
                .isEqualTo(leaves);
    }
}
