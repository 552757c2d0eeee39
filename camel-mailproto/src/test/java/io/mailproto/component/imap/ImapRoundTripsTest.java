package io.mailproto.component.imap;

import static io.mailproto.testing.DovecotPeer.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.DovecotPeer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a poll of many mails says to the server. A command costs one round trip at most, so counting them does not depend on
 * how fast anything is. 60 round trips for 10,000 mails are some 5 to begin with and 11 for each 2,000.
 */
class ImapRoundTripsTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    private static final int MAILS = 2_000;

    /** The commands that go out while it is open, without their tags. */
    private static final class Commands extends AbstractAppender implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger trace = (Logger) LogManager.getLogger("io.mailproto.wire.Trace");
        private final Level before = trace.getLevel();

        Commands() {
            super("commands", null, null, true, Property.EMPTY_ARRAY);
            start();
            trace.addAppender(this);
            trace.setLevel(Level.TRACE);
            trace.setAdditive(false);
        }

        @Override
        public void append(LogEvent event) {
            String line = event.getMessage().getFormattedMessage();
            int command = line.indexOf("> a");
            if (command >= 0) {
                lines.add(line.substring(line.indexOf(' ', command + 2) + 1));
            }
        }

        long count(String verb) {
            return lines.stream().filter(line -> line.startsWith(verb)).count();
        }

        @Override
        public void close() {
            trace.setAdditive(true);
            trace.setLevel(before);
            trace.removeAppender(this);
            stop();
        }
    }

    @Test
    void aPollAsksInWindowsAndMarksInBatches() throws Exception {
        DOVECOT.preload(ALICE, "INBOX", MAILS, 500);
        try (Commands commands = new Commands();
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(ImapRoutes.polling(DOVECOT.imap(), "startScheduler=false"), exchange -> assertThat(
                            exchange.getMessage().getBody(String.class))
                    .isNotEmpty());
            routes.consumer().run();
            assertThat(routes.failures).isEmpty();
            assertThat(routes.delivered).hasSize(MAILS);
            assertThat(commands.count("UID FETCH"))
                    .as("sizes by the thousand, then windows of 256: %s", commands.lines)
                    .isBetween(8L, 11L);
            // STORE goes along with a FETCH that is under way; how many mails it has depends on how fast the route is.
            assertThat(commands.count("UID STORE")).isBetween(1L, 40L);
            assertThat(commands.lines.size() - commands.count("UID FETCH") - commands.count("UID STORE"))
                    .as("login, ID, SELECT, SEARCH, UNSELECT: %s", commands.lines)
                    .isLessThanOrEqualTo(5);
        }
    }
}
