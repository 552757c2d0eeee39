package io.mailproto.wire;

import java.io.IOException;

/**
 * A message that was to be sent has a CR or LF that stands alone, and the policy is {@link BareLineEnding#REJECT}. Part
 * of the message may have been sent, without its end; the conversation must be aborted.
 */
public final class BareLineEndingFound extends IOException {

    private static final long serialVersionUID = 1L;

    BareLineEndingFound(String which, long position) {
        super("the message has a bare " + which + " at octet " + position + ", which must not be sent");
    }
}
