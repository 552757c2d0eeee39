package io.mailproto.smtp.client;

import io.mailproto.wire.WireException;

/**
 * The end of the message was sent, the reply to it did not come: nobody here knows whether the server took the message. Sending it again
 * may deliver it twice, so this is not called transient. The cause tells how the connection ended; it is closed.
 */
public final class SmtpOutcomeUnknown extends SmtpException {
    private static final long serialVersionUID = 1L;

    private final transient TransactionReport report;

    SmtpOutcomeUnknown(WireException cause, TransactionReport report) {
        super(cause, cause.getMessage(), cause);
        this.report = report;
    }

    SmtpOutcomeUnknown(SmtpOutcomeUnknown cause, TransactionReport report) {
        super(cause, cause.getMessage(), cause);
        this.report = report;
    }

    /** What the server said to each RCPT: those accepted are the ones who may have got it; null after serialization. */
    public TransactionReport report() {
        return report;
    }
}
