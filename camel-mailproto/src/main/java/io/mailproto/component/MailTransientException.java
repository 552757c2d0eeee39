package io.mailproto.component;

import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.MailFailure;

/** The mail was not sent, and a later attempt may succeed: no connection, a timeout, a 4yz reply. */
public final class MailTransientException extends MailDeliveryException {

    private static final long serialVersionUID = 1L;

    /**
     * The protocol's failure as one that routes can catch.
     *
     * @param report null if there is none
     */
    public <F extends Exception & MailFailure> MailTransientException(F cause, TransactionReport report) {
        super(cause, true, report);
    }
}
