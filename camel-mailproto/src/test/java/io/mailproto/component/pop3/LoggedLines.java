package io.mailproto.component.pop3;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What a class logs from INFO upwards while this is open: level, space, text. */
final class LoggedLines implements Closeable {
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level before;
    private final Recorder recorder = new Recorder();

    private LoggedLines(Class<?> from) {
        logger = (Logger) LogManager.getLogger(from);
        before = logger.getLevel();
        recorder.start();
        logger.addAppender(recorder);
        logger.setLevel(Level.INFO);
    }

    static LoggedLines of(Class<?> from) {
        return new LoggedLines(from);
    }

    @Override
    public void close() {
        logger.setLevel(before);
        logger.removeAppender(recorder);
        recorder.stop();
    }

    private final class Recorder extends AbstractAppender {
        Recorder() {
            super("recorder", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    }
}
