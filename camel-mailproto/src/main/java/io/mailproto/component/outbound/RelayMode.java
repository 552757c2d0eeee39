package io.mailproto.component.outbound;

/** What becomes of a mail that goes on as it came. */
public enum RelayMode {
    /** A header that the route has changed is rewritten, that field alone. */
    CHANGED,
    /** Not an octet is changed. */
    VERBATIM
}
