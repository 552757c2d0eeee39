package io.mailproto.component;

import java.util.Optional;

/**
 * What became of a mail and is to be done about it on the server.
 *
 * @param key the mail's key
 * @param outcome how the route ended
 * @param orders what the exchange itself asked for by headers
 */
public record Settlement<K>(K key, Outcome outcome, Orders orders) {

    /** How the route ended. */
    public enum Outcome {
        /** Success: flag, delete, move, as configured. */
        ACCEPTED,
        /** Failed as often as {@code maxDeliveries} allows: put it aside, as configured. */
        GIVEN_UP
    }

    /**
     * Per-mail wishes that go before the endpoint's options.
     *
     * @param delete from {@link MailConstants#DELETE}
     * @param copyTo from {@link MailConstants#COPY_TO}
     * @param moveTo from {@link MailConstants#MOVE_TO}
     */
    public record Orders(Optional<Boolean> delete, Optional<String> copyTo, Optional<String> moveTo) {

        /** No wishes. */
        public static final Orders NONE = new Orders(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
