package io.mailproto.smtp.server;

/**
 * Which protocol a server speaks and what it offers beyond what it always does.
 *
 * @param isLmtp true for LMTP (RFC 2033): LHLO, and one reply per recipient behind the message
 * @param isChunkingOffered whether BDAT is taken (RFC 3030)
 * @param isDsnOffered whether delivery status notifications can be asked for (RFC 3461); whoever offers it must see to it
 *     that the wishes are passed on or fulfilled
 * @param isRequireTlsOffered whether clients may demand TLS for the rest of the way (RFC 8689), which they can under TLS;
 *     whoever offers it must see to that
 */
public record ServerDialect(
        boolean isLmtp, boolean isChunkingOffered, boolean isDsnOffered, boolean isRequireTlsOffered) {

    /** SMTP with chunks. */
    public static final ServerDialect SMTP = new ServerDialect(false, true, false, false);

    /** LMTP with chunks. */
    public static final ServerDialect LMTP = new ServerDialect(true, true, false, false);
}
