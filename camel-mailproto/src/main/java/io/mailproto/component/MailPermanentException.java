package io.mailproto.component;

import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.MailFailure;

/** The mail was not sent, and no later attempt will succeed: a 5yz reply, a refused certificate, a requirement unmet. */
public final class MailPermanentException extends MailDeliveryException {

    private static final long serialVersionUID = 1L;

    /**
     * The protocol's failure as one that routes can catch.
     *
     * @param report null if there is none
     */
    public <F extends Exception & MailFailure> MailPermanentException(F cause, TransactionReport report) {
        super(cause, false, report);
    }
}
