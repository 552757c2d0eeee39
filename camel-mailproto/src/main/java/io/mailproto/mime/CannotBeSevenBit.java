package io.mailproto.mime;

import java.io.IOException;

/** A message cannot, or must not, be rewritten without octets beyond ASCII; the text says what is in the way. */
public final class CannotBeSevenBit extends IOException {
    private static final long serialVersionUID = 1L;

    CannotBeSevenBit(String why) {
        super(why);
    }
}
