package io.mailproto.component;

import java.util.Optional;
import org.apache.camel.Message;

/** What a route wants done with a mail, told by headers. */
final class RouteOrders {
    private RouteOrders() {}

    /** @throws IllegalArgumentException if a header cannot be understood */
    static Settlement.Orders of(Message message) {
        if (message instanceof MailMessage mail && !mail.hasMadeHeaders()) {
            // Making them of the mail would be work for nothing: the mail gives no orders.
            return Settlement.Orders.NONE;
        }
        return new Settlement.Orders(
                wish(message, MailConstants.DELETE, Boolean.class),
                wish(message, MailConstants.COPY_TO, String.class),
                wish(message, MailConstants.MOVE_TO, String.class));
    }

    private static <T> Optional<T> wish(Message message, String header, Class<T> type) {
        Object value = message.getHeader(header);
        if (value == null) {
            return Optional.empty();
        }
        T wish = message.getHeader(header, type);
        if (wish == null) {
            throw new IllegalArgumentException(
                    "the header " + header + " is no " + type.getSimpleName() + ": " + value);
        }
        return Optional.of(wish);
    }
}
