package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GreenMailPeerTest {
    @RegisterExtension
    static final GreenMailPeer greenMail = GreenMailPeer.extension();

    @Test
    void takesAndGivesMessages() throws Exception {
        byte[] message = "Subject: hi\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);

        greenMail.deliver(DovecotPeer.ALICE, message);

        assertThat(greenMail.messages(DovecotPeer.ALICE)).singleElement().satisfies(octets -> assertThat(
                        new String(octets, StandardCharsets.US_ASCII))
                .contains("Subject: hi\r\n")
                .endsWith("\r\n\r\nbody\r\n"));
        String pop3 = "S~ \\+OK .*\nC: USER alice@example.test\nS~ \\+OK.*\nC: PASS secret1\nS~ \\+OK.*\n"
                + "C: LIST\nS~ \\+OK.*\nS~ 1 \\d+\nS: .";
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, greenMail.pop3(), pop3)) {
            client.play();
        }
        greenMail.purge();
        assertThat(greenMail.messages(DovecotPeer.ALICE)).isEmpty();
    }

    @Test
    void twoRunAtOnce() throws Exception {
        try (GreenMailPeer other = GreenMailPeer.start()) {
            assertThat(other.smtp()).isNotEqualTo(greenMail.smtp());
            assertThat(other.imap().port()).isPositive();
        }
    }
}
