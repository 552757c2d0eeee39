package io.mailproto.examples.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OctetCheckTest {
    private static final String MAIL = "Received: from a\r\n\tby b\r\nSubject: x\r\n\r\ntext\r\n";

    @TempDir
    Path folder;

    private final OctetCheck check = new OctetCheck();

    @BeforeEach
    void expectTheMail() {
        check.expect(OctetCheck.sha256(octets(MAIL)), "the mail");
    }

    @Test
    void takesTheSameOctets() throws Exception {
        deliver("1.eml", MAIL);

        assertThat(check.faults(folder)).isEmpty();
    }

    @Test
    void takesTraceFieldsOnTop() throws Exception {
        deliver("1.eml", "Return-Path: <>\r\nReceived: from c\r\n by d\r\n" + MAIL);

        assertThat(check.faults(folder)).isEmpty();
    }

    @Test
    void noticesAChangedOctet() throws Exception {
        deliver("1.eml", "Received: from c\r\n" + MAIL.replace("text", "test"));

        assertThat(check.faults(folder))
                .containsExactly("1.eml is none of the messages that were sent", "the mail did not arrive unchanged");
    }

    @Test
    void noticesAnotherFieldOnTop() throws Exception {
        deliver("1.eml", "X-Spam: no\r\n" + MAIL);

        assertThat(check.faults(folder)).contains("the mail did not arrive unchanged");
    }

    @Test
    void noticesAMailThatIsMissing() throws Exception {
        assertThat(check.faults(folder)).containsExactly("the mail did not arrive unchanged");
    }

    @Test
    void noticesAMailThatArrivedTwice() throws Exception {
        deliver("1.eml", MAIL);
        deliver("2.eml", MAIL);

        assertThat(check.faults(folder)).containsExactly("the mail arrived 2 times instead of 1");
    }

    @Test
    void takesAMailTwiceThatWasSentTwice() throws Exception {
        check.expect(OctetCheck.sha256(octets(MAIL)), "the mail");
        deliver("1.eml", MAIL);
        deliver("2.eml", MAIL);

        assertThat(check.faults(folder)).isEmpty();
    }

    private void deliver(String name, String mail) throws IOException {
        Files.write(folder.resolve(name), octets(mail));
    }

    private static byte[] octets(String mail) {
        return mail.getBytes(StandardCharsets.ISO_8859_1);
    }
}
