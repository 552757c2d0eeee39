package io.mailproto.smtp.client;

import io.mailproto.wire.HostPort;

/**
 * The message could not be read, or not be sent as it is. Its end was not sent; the connection is closed if any of it was.
 * The cause tells why.
 */
public final class SmtpContentFailed extends SmtpException {
    private static final long serialVersionUID = 1L;

    SmtpContentFailed(HostPort peer, Throwable cause) {
        super(peer, SmtpPhase.BODY.step(), "the message's source failed: " + cause, false, cause);
    }
}
