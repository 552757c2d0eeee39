package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraceTest {
    private final Logger logger = (Logger) LogManager.getLogger("io.mailproto.wire.Trace");
    private final Memory memory = new Memory();
    private Level before;

    @BeforeEach
    void listen() {
        before = logger.getLevel();
        memory.start();
        logger.addAppender(memory);
        logger.setLevel(Level.TRACE);
    }

    @AfterEach
    void stopListening() {
        logger.setLevel(before);
        logger.removeAppender(memory);
        memory.stop();
    }

    @Test
    void showsLinesBothWaysButNoSecrets() throws Exception {
        Connection connection = FakeSocket.receiving("220 hello\r\n334 \r\nAUTH PLAIN AGFubgBnZWhlaW0=\r\n");
        connection.in().readLine();
        connection.out().send("EHLO client.example.com");
        connection.out().sendSecret("AUTH PLAIN AGFubgBnZWhlaW0=", "AUTH PLAIN ***");
        connection.out().writeSecret("AGFubgBnZWhlaW0=", "***");
        connection.in().readLine();
        connection.in().redactor(line -> line.startsWith("AUTH ") ? "AUTH ***" : line);
        connection.in().readLine();

        assertThat(memory.lines)
                .containsExactly(
                        "peer.example.org:25/49152 < 220 hello",
                        "peer.example.org:25/49152 > EHLO client.example.com",
                        "peer.example.org:25/49152 > AUTH PLAIN ***",
                        "peer.example.org:25/49152 > ***",
                        "peer.example.org:25/49152 < 334 ",
                        "peer.example.org:25/49152 < AUTH ***");
    }

    @Test
    void showsBodiesOnlyAsTheirSize() throws Exception {
        Connection connection = FakeSocket.receiving("Subject: private\r\n..\r\n.\r\nprivate!ok\r\n");
        byte[] buffer = new byte[100];
        DotReader body = connection.in().dotStuffed(EndOfData.STRICT);
        int count = body.read(buffer, 50, 50);
        while (count >= 0) {
            count = body.read(buffer, 50, 50);
        }
        connection.in().counted(8).drain();
        connection.in().readLine();

        assertThat(memory.lines)
                .containsExactly(
                        "peer.example.org:25/49152 < (21 octets)",
                        "peer.example.org:25/49152 < (8 octets)",
                        "peer.example.org:25/49152 < ok");
    }

    @Test
    void aPeerCannotForgeLogLines() throws Exception {
        Connection connection =
                FakeSocket.receiving("250 ok\rfake entry\u001b[2J\u0085\r\n" + "x".repeat(1000) + "\r\n");
        connection.in().readLine();
        connection.in().readLine();

        assertThat(memory.lines.get(0)).isEqualTo("peer.example.org:25/49152 < 250 ok\\rfake entry\\u001b[2J\\u0085");
        assertThat(memory.lines.get(1)).hasSizeLessThan(240).endsWith("x…");
    }

    @Test
    void isSilentAboveItsLevel() throws IOException {
        logger.setLevel(Level.DEBUG);
        FakeSocket.receiving("220 hello\r\n").in().readLine();
        assertThat(memory.lines).isEmpty();
    }

    private static final class Memory extends AbstractAppender {
        final List<String> lines = new CopyOnWriteArrayList<>();

        Memory() {
            super("memory", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
        }
    }
}
