package io.mailproto.wire;

import java.io.IOException;

/** The serving side of one inbound {@link Connection}. */
public interface ServerSession {

    /**
     * Converses until the end; called once, on the session's own thread. The {@link Listener} closes the connection
     * afterwards.
     */
    void serve() throws IOException;

    /**
     * Asks for an end, from another thread: a session that waits for its next command says farewell and closes at once;
     * a busy one finishes what it is doing first. Must not block for long.
     */
    void dismiss(String reason);
}
