package io.mailproto.component;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;

/**
 * A mail is there, and this poll could not fetch it: the spool could not keep it, or the server gave something that is no
 * mail. The conversation goes on, the mail stays on the server and the next poll tries again, until
 * {@code maxDeliveries}.
 */
public final class MailNotFetchedException extends IOException implements MailFailure {

    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;
    private final boolean isTransient;

    /** What was fetched could not be kept here. */
    public static MailNotFetchedException notKept(HostPort peer, Object mail, IOException cause) {
        return new MailNotFetchedException(peer, mail, "it cannot be kept: " + cause.getMessage(), cause, true);
    }

    /** The server's answer was no mail; {@code got} says what it was. */
    public static MailNotFetchedException notGiven(HostPort peer, Object mail, String got) {
        return new MailNotFetchedException(peer, mail, got, null, false);
    }

    private MailNotFetchedException(HostPort peer, Object mail, String what, IOException cause, boolean isTransient) {
        super(peer + ": fetching mail " + mail + ": " + what + "; it stays on the server", cause);
        this.peer = peer.toString();
        this.step = "fetching mail " + mail;
        this.isTransient = isTransient;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return step;
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    @Override
    public String fate() {
        return "it stays on the server";
    }
}
