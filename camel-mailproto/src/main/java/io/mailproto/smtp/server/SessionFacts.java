package io.mailproto.smtp.server;

import io.mailproto.wire.TlsFacts;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What is known of a client at a moment. Immutable.
 *
 * @param remoteAddress where the client connects from
 * @param localAddress where it connected to
 * @param heloName what it calls itself, unverified, printable ASCII; empty before EHLO
 * @param isExtended true if it said EHLO or LHLO, false for HELO or nothing
 * @param tls what was agreed; empty in clear
 * @param user who has logged in
 */
public record SessionFacts(
        InetSocketAddress remoteAddress,
        InetSocketAddress localAddress,
        Optional<String> heloName,
        boolean isExtended,
        Optional<TlsFacts> tls,
        Optional<String> user) {

    /**
     * The protocol as {@code with} in a Received field says it (RFC 3848, RFC 6531 §4.3): {@code SMTP}, {@code ESMTP},
     * {@code ESMTPS}, {@code ESMTPA}, {@code ESMTPSA}, {@code UTF8SMTP…}, and the same with {@code LMTP}.
     */
    public String protocol(boolean isLmtp, boolean isUtf8) {
        String suffix = (tls.isPresent() ? "S" : "") + (user.isPresent() ? "A" : "");
        if (isLmtp) {
            return (isUtf8 ? "UTF8LMTP" : "LMTP") + suffix;
        }
        if (!isUtf8 && !isExtended && suffix.isEmpty()) {
            return "SMTP";
        }
        return (isUtf8 ? "UTF8SMTP" : "ESMTP") + suffix;
    }
}
