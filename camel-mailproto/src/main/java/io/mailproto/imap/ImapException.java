package io.mailproto.imap;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;

/** A server was understood, but it would not do what was asked, or we would not do it with this server. */
public class ImapException extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;
    private final boolean isTransient;

    ImapException(HostPort peer, String step, String what, boolean isTransient) {
        super(peer + ": " + step + ": " + what);
        this.peer = peer.toString();
        this.step = step;
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

    /** Nothing: a mail is left on the server until it says OK to what removes it. */
    @Override
    public String fate() {
        return "";
    }
}
