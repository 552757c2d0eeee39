package io.mailproto.wire;

/** When a client conversation becomes encrypted. */
public enum TlsMode {
    /** Never. An attacker on the way reads and changes everything. */
    NONE,
    /**
     * By STARTTLS or STLS if the server offers it, then verified; not towards loopback. An attacker on the way can take
     * the offer away.
     */
    AUTO,
    /** By STARTTLS or STLS, and not at all without: an attacker can only prevent the conversation. */
    STARTTLS,
    /** From the first octet. */
    IMPLICIT
}
