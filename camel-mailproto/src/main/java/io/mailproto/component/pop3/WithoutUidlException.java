package io.mailproto.component.pop3;

import io.mailproto.pop3.Pop3Refused;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;

/** The server has no UIDL, and mails that stay in the maildrop could not be told apart from one poll to the next. */
final class WithoutUidlException extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    private static final String STEP = "listing the mails";

    private final String peer;

    WithoutUidlException(HostPort peer, Pop3Refused refusal) {
        super(
                peer + ": " + STEP + ": the server has no UIDL (\"" + refusal.replyText()
                        + "\"), so mails that stay in the maildrop cannot be told from new ones; set delete=true, or fetch"
                        + " single mails by the producer's operations list and retr; no mail was fetched",
                refusal);
        this.peer = peer.toString();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return STEP;
    }

    @Override
    public boolean isTransient() {
        return false;
    }

    @Override
    public String fate() {
        return "no mail was fetched";
    }
}
