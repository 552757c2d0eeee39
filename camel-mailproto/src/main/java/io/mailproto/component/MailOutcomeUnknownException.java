package io.mailproto.component;

import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.MailFailure;

/** The mail was sent, its acknowledgement never came: it may have been delivered. Sending it again may deliver it twice. */
public final class MailOutcomeUnknownException extends MailDeliveryException {

    private static final long serialVersionUID = 1L;

    /**
     * The protocol's failure as one that routes can catch.
     *
     * @param report null if there is none
     */
    public <F extends Exception & MailFailure> MailOutcomeUnknownException(F cause, TransactionReport report) {
        super(cause, false, report);
    }
}
