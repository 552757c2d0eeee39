package io.mailproto.examples.inbox;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What has happened so far. Thread-safe. */
final class Tally {
    /** The stations of a mail on its way, in order. */
    enum Station {
        RECEIVED("received"),
        ATTACHMENTS("attachments saved"),
        SUMMARISED("summaries queued"),
        QUEUED("mails queued whole"),
        RELAYED("relayed"),
        DELIVERED("delivered"),
        FAILED("failures");

        private final String label;

        Station(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private final Map<Station, AtomicLong> counts = new EnumMap<>(Station.class);
    private final AtomicLong lastChange = new AtomicLong(System.nanoTime());

    Tally() {
        for (Station station : Station.values()) {
            counts.put(station, new AtomicLong());
        }
    }

    void add(Station station, long count) {
        counts.get(station).addAndGet(count);
        lastChange.set(System.nanoTime());
    }

    long get(Station station) {
        return counts.get(station).get();
    }

    /** Nanoseconds since the last {@link #add}. */
    long nanosSinceLastChange() {
        return System.nanoTime() - lastChange.get();
    }
}
