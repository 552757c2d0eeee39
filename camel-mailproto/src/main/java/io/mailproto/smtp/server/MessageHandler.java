package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;

/** Takes the messages that a server receives. Called by many sessions at once, each on its own thread. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Takes over a message; may block, and the client waits for so long (RFC 5321 §4.5.3.2.6 makes it wait ten minutes).
     * With a positive reply the responsibility for the message passes to this side (§6.1), so it must be safe then.
     *
     * @param path the way back to the client, for what does not go as usual
     * @return the reply to the final dot: 2yz, 4yz or 5yz, printable ASCII; 421 also ends the session. Anything else, and
     *     any exception, becomes {@code 451 4.3.0}
     */
    Reply accept(ReceivedMessage message, ReplyPath path);
}
