package io.mailproto.component.pop3;

import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.UidListing;
import java.io.IOException;

/** A producer's session with a maildrop, and what was learned in it. For one thread at a time. */
final class ProducerSession {
    private final Pop3Client client;
    /** Null until asked for. */
    private UidListing uids;

    private boolean isListed;

    ProducerSession(Pop3Client client) {
        this.client = client;
    }

    Pop3Client client() {
        return client;
    }

    /** Mail numbers of this session have been told to somebody. */
    void listed() {
        isListed = true;
    }

    boolean isListed() {
        return isListed;
    }

    /** Numbers stay the same within a session (RFC 1939 §5), so one listing will do to find one. */
    UidListing uids() throws IOException {
        return uids == null ? askForUids() : uids;
    }

    /** What is listed now, without the mails that are marked as deleted. */
    UidListing askForUids() throws IOException {
        uids = client.uidl();
        return uids;
    }
}
