package io.mailproto.testing;

/** How a scripted peer puts its octets on the wire. The other side must not notice the difference. */
public enum Pace {
    /** Lines that follow one another leave in one write, so they usually arrive in one segment. */
    WHOLE,

    /** Every octet leaves in a write of its own, with Nagle's algorithm off, so most arrive alone. */
    OCTETS
}
