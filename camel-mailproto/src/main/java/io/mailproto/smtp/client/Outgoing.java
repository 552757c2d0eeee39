package io.mailproto.smtp.client;

import io.mailproto.address.Envelope;

/**
 * One message of several.
 *
 * @param envelope with at least one recipient
 * @param content its octets
 * @param request what else is asked of the server
 */
public record Outgoing(Envelope envelope, MessageContent content, DeliveryRequest request) {}
