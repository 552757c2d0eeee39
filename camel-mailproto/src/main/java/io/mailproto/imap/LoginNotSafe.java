package io.mailproto.imap;

import io.mailproto.wire.HostPort;

/** We did not send a password, because everybody on the way could have read it. Nothing was sent. */
public final class LoginNotSafe extends ImapException {
    private static final long serialVersionUID = 1L;

    LoginNotSafe(HostPort peer, String why) {
        super(peer, "before logging in", why, false);
    }
}
