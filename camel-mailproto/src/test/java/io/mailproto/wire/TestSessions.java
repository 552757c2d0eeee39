package io.mailproto.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sessions that do what a test says; idle ones say farewell when they are dismissed. */
final class TestSessions implements Listener.SessionFactory {
    /** The conversation. */
    interface Script {
        void converse(Connection connection) throws IOException;
    }

    private final Script script;
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final List<String> dismissals = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isBusy = new AtomicBoolean();

    TestSessions(Script script) {
        this.script = script;
    }

    /** While a session is busy it does not react to a dismissal. */
    void busy(boolean busy) {
        isBusy.set(busy);
    }

    List<String> refusals() {
        return refusals;
    }

    List<String> dismissals() {
        return dismissals;
    }

    @Override
    public ServerSession open(Connection connection) {
        return new ServerSession() {
            @Override
            public void serve() throws IOException {
                script.converse(connection);
            }

            @Override
            public void dismiss(String reason) {
                dismissals.add(reason);
                if (!isBusy.get() && connection.isOpen()) {
                    try {
                        connection.out().send("421 " + reason);
                    } catch (WireException gone) {
                        // The client hung up at the same moment; there is nobody to tell.
                    }
                    connection.abort(reason);
                }
            }
        };
    }

    @Override
    public void refuse(Connection connection, String why) {
        refusals.add(why);
        say(connection, "421 " + why);
    }

    private static void say(Connection connection, String line) {
        try {
            connection.out().send(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
