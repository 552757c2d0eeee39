package io.mailproto.smtp.server;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.EsmtpParameters;
import io.mailproto.spool.Octets;
import java.time.Instant;
import java.util.List;

/**
 * A message that has been received whole, with our Received field on top, and has not been answered yet.
 *
 * @param id names it in the Received field, in logs and in the reply; letters, digits and a hyphen
 * @param session the client as it was when the message came
 * @param envelope at least one recipient
 * @param octets belong to the handler, which may release them as soon as nobody reads them any more
 * @param parameters what was said with MAIL: SIZE, BODY, SMTPUTF8, and if offered AUTH, RET, ENVID, REQUIRETLS
 * @param recipientParameters what was said with each recipient, in their order: if offered NOTIFY, ORCPT
 * @param receivedAt when the final dot was read
 */
public record ReceivedMessage(
        String id,
        SessionFacts session,
        Envelope envelope,
        Octets octets,
        EsmtpParameters parameters,
        List<EsmtpParameters> recipientParameters,
        Instant receivedAt) {

    public ReceivedMessage {
        recipientParameters = List.copyOf(recipientParameters);
    }

    /** Whether the client gave SMTPUTF8 (RFC 6531). */
    public boolean isUtf8() {
        return parameters.get("SMTPUTF8").isPresent();
    }
}
