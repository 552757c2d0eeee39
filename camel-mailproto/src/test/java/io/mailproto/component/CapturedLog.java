package io.mailproto.component;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** The WARN lines of a class while it is open. */
public final class CapturedLog implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final Memory memory = new Memory();

    private static final class Memory extends AbstractAppender {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Memory() {
            super("memory", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
                lines.add(event.getMessage().getFormattedMessage());
            }
        }
    }

    public CapturedLog(Class<?> source) {
        logger = (Logger) LogManager.getLogger(source);
        before = logger.getLevel();
        memory.start();
        logger.addAppender(memory);
        logger.setLevel(Level.WARN);
    }

    public List<String> warnings() {
        return memory.lines;
    }

    @Override
    public void close() {
        logger.setLevel(before);
        logger.removeAppender(memory);
        memory.stop();
    }
}
