package io.mailproto.component.smtp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections of a component's producers, shared by those who would open the same: to the same host and port, with the
 * same TLS, identity and source address. So endpoints that differ in subject or recipients only, as dynamic ones do, use
 * each other's connections. Thread-safe.
 */
final class SmtpPools {

    /** Makes the connections of a key that nobody has used. */
    @FunctionalInterface
    interface Factory {
        SmtpConnections make() throws Exception;
    }

    private static final class Shared {
        private final SmtpConnections connections;
        private int users;

        private Shared(SmtpConnections connections) {
            this.connections = connections;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<List<Object>, Shared> pools = new HashMap<>();

    /** The connections of this key; to be given back by {@link #release}. */
    SmtpConnections acquire(List<Object> key, Factory factory) throws Exception {
        lock.lock();
        try {
            Shared shared = pools.get(key);
            if (shared == null) {
                shared = new Shared(factory.make());
                pools.put(key, shared);
            }
            shared.users++;
            return shared.connections;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the conversations when nobody is left who uses them. */
    void release(List<Object> key) {
        SmtpConnections unused = null;
        lock.lock();
        try {
            Shared shared = pools.get(key);
            if (shared != null && --shared.users == 0) {
                pools.remove(key);
                unused = shared.connections;
            }
        } finally {
            lock.unlock();
        }
        if (unused != null) {
            unused.close();
        }
    }
}
