package io.mailproto.smtp.server;

import io.mailproto.address.Envelope;
import io.mailproto.spool.Octets;
import java.time.Instant;

/**
 * A message that has been received whole, with our Received field on top, and has not been answered yet.
 *
 * @param id names it in the Received field, in logs and in the reply; letters, digits and a hyphen
 * @param session the client as it was when the message came
 * @param envelope at least one recipient
 * @param octets belong to the handler, which may release them as soon as nobody reads them any more
 * @param isUtf8 true if the client gave SMTPUTF8 (RFC 6531)
 * @param receivedAt when the final dot was read
 */
public record ReceivedMessage(
        String id, SessionFacts session, Envelope envelope, Octets octets, boolean isUtf8, Instant receivedAt) {}
