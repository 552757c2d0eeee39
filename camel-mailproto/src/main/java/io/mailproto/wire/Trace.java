package io.mailproto.wire;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transcript of a conversation, at TRACE of the logger {@code io.mailproto.wire.Trace}: lines as they go over the
 * wire with secrets replaced, bodies only as their number of octets.
 */
final class Trace {

    private static final Logger LOG = LoggerFactory.getLogger(Trace.class);

    private final String name;

    Trace(String name) {
        this.name = name;
    }

    boolean isOn() {
        return LOG.isTraceEnabled();
    }

    void sent(String line) {
        LOG.trace("{} > {}", name, Excerpt.of(line));
    }

    void received(String line) {
        LOG.trace("{} < {}", name, Excerpt.of(line));
    }

    void note(String what) {
        LOG.trace("{} - {}", name, Excerpt.of(what));
    }
}
