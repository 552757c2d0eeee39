package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.ALICE;
import static io.mailproto.imap.ClientFixture.inClear;
import static io.mailproto.imap.ClientFixture.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.ScriptedPeer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;

/** The trace shows the conversation and no password, in whatever way it travels. */
class ImapTraceTest {
    private static final class Memory extends AbstractAppender {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Memory() {
            super("memory", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
        }
    }

    @Test
    void neverShowsAPassword() throws Exception {
        Logger logger = (Logger) LogManager.getLogger("io.mailproto.wire.Trace");
        Level before = logger.getLevel();
        Memory memory = new Memory();
        memory.start();
        logger.addAppender(memory);
        logger.setLevel(Level.TRACE);
        String ready = "S: * OK [CAPABILITY IMAP4rev1 %s] ready\n";
        String in = "S: a1 OK [CAPABILITY IMAP4rev1] in\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                ready.formatted("AUTH=PLAIN SASL-IR") + "C~ a1 AUTHENTICATE PLAIN .*\n" + in,
                ready.formatted("AUTH=PLAIN") + "C: a1 AUTHENTICATE PLAIN\nS: +\nC~ .*\n" + in,
                ready.formatted("AUTH=LOGIN")
                        + "C: a1 AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC~ .*\nS: + UGFzc3dvcmQ6\nC~ .*\n" + in,
                ready.formatted("") + "C: a1 LOGIN \"alice\" \"secret1\"\n" + in,
                ready.formatted("LITERAL+") + "C: a1 LOGIN \"alice\" {9+}\nC: secret1\u00fc\n" + in)) {
            for (int i = 0; i < 5; i++) {
                ImapClientOptions options = i == 2 ? inClear().withMechanisms("LOGIN") : inClear();
                try (ImapClient client = open(server, options)) {
                    client.login(i == 4 ? new Credentials("alice", Secret.of("secret1\u00fc")) : ALICE);
                }
            }
        } finally {
            logger.setLevel(before);
            logger.removeAppender(memory);
            memory.stop();
        }
        assertThat(memory.lines)
                .anySatisfy(line -> assertThat(line).endsWith("> a1 AUTHENTICATE PLAIN ***"))
                .anySatisfy(line -> assertThat(line).endsWith("> a1 LOGIN \"alice\" ***"))
                .allSatisfy(line -> assertThat(line)
                        .doesNotContain("secret1")
                        .doesNotContain("AGFsaWNl")
                        .doesNotContain("c2VjcmV0"));
    }
}
