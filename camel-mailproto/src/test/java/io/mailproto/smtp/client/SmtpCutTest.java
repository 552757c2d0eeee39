package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.login;
import static io.mailproto.smtp.client.Smtp.message;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mailproto.testing.ScriptedPeer;
import io.mailproto.wire.DeadlineExceeded;
import io.mailproto.wire.MailFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The connection breaks, or answers garbage, or falls silent, at every place; the error says which. */
class SmtpCutTest {
    private static final String ALL = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            S: 250 AUTH PLAIN
            C: AUTH PLAIN AGFubgBzZWNyZXQx
            S: 235 ok
            C: MAIL FROM:<ann@example.com>
            S: 250 ok
            C: RCPT TO:<bob@example.org>
            S: 250 ok
            C: DATA
            S: 354 ok
            C: x
            C: .
            S: 250 ok
            """;

    /** The transcript up to the n-th reply of the server, which does not come. */
    private static String upToReply(int replies) {
        StringBuilder played = new StringBuilder();
        int seen = 0;
        for (String line : ALL.split("\n")) {
            if (line.startsWith("S: ") && !line.startsWith("S: 250-") && ++seen > replies) {
                return played.toString().replace("S: 250-mx\n", replies == 1 ? "" : "S: 250-mx\n");
            }
            played.append(line).append('\n');
        }
        return played.toString();
    }

    private static Throwable converse(ScriptedPeer server, SmtpClientOptions options) {
        return catchThrowable(() -> {
            try (SmtpClient client = open(server, options.withLogin(login()))) {
                client.send(envelope("ann@example.com", "bob@example.org"), message("x\n"));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, waiting for the greeting, no message was sent",
        "1, waiting for the reply to EHLO, no message was sent",
        "2, authenticating, no message was sent",
        "3, waiting for the reply to MAIL, no message was sent",
        "4, waiting for the reply to RCPT, no message was sent",
        "5, waiting for the reply to DATA, no message was sent",
        "6, waiting for the reply to the final dot, the message may have been delivered"
    })
    void tellsTheStepAndTheFate(int replies, String awaited, String fate) throws IOException {
        for (String end : new String[] {"-- close\n", "-- reset\n", "S: \\x00\\xFFgarbage\n"}) {
            try (ScriptedPeer server = ScriptedPeer.serving(upToReply(replies) + end)) {
                Throwable failure = converse(server, options());
                assertThat(failure).isInstanceOf(MailFailure.class);
                MailFailure said = (MailFailure) failure;
                // A server that is quick to hang up does so before the client has its socket ready.
                String step = replies == 0 && said.step().equals("connecting") ? "connecting" : awaited;
                assertThat(said.step()).isEqualTo(step);
                assertThat(said.fate()).isEqualTo(fate);
                assertThat(said.peer()).isEqualTo(server.address().toString());
                assertThat(failure.getMessage())
                        .startsWith(server.address() + ": " + step + ": ")
                        .endsWith("; " + fate);
            }
        }
        try (ScriptedPeer server = ScriptedPeer.serving(upToReply(replies) + "-- closed\n")) {
            Throwable failure = converse(server, options().withTimeouts(SmtpTimeouts.all(Duration.ofMillis(300))));
            assertThat(failure).isInstanceOf(MailFailure.class).hasMessageContaining("no answer within");
            assertThat(((MailFailure) failure).step()).isEqualTo(awaited);
            boolean isLate = failure instanceof DeadlineExceeded || failure.getCause() instanceof DeadlineExceeded;
            assertThat(isLate).isTrue();
        }
    }

    @Test
    void readsWhatAServerSaidBeforeItClosedInTheMiddleOfTheMessage() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C: EHLO client.example.com
                S: 250 mx
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                -- C {1000}
                S: 552 5.3.4 too large for me
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                Throwable failure = catchThrowable(
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), new Endless()));
                assertThat(failure).isInstanceOf(SmtpRefused.class).hasMessageContaining("552 5.3.4 too large for me");
                assertThat(((SmtpRefused) failure).fate()).isEqualTo("no message was sent");
                assertThat(client.isUsable()).isFalse();
            }
        }
    }

    /** Writes until somebody stops it. */
    private static final class Endless implements MessageContent {
        @Override
        public long size() {
            return -1;
        }

        @Override
        public boolean isEightBit() {
            return false;
        }

        @Override
        public boolean needsSmtpUtf8() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] line = ("x".repeat(998) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            while (true) {
                out.write(line);
            }
        }
    }
}
