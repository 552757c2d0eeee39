package io.mailproto.smtp.client;

import java.util.Objects;

/**
 * What is asked of the server for one message, beside its envelope.
 *
 * @param dsn which notifications
 * @param requiresTls whether every hop must be encrypted and verified, or else give the message back (RFC 8689)
 */
public record DeliveryRequest(DsnRequest dsn, boolean requiresTls) {
    /** Nothing in particular. */
    public static final DeliveryRequest USUAL = new DeliveryRequest(DsnRequest.NONE, false);

    public DeliveryRequest {
        Objects.requireNonNull(dsn, "dsn");
    }
}
