package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.smtp.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a server says about itself: greeting, extensions (RFC 5321 §4.1.1.1), help. */
final class HelloReply {
    private final SmtpServerOptions options;

    HelloReply(SmtpServerOptions options) {
        this.options = options;
    }

    Reply greeting() {
        return Reply.of(220, name() + (options.dialect().isLmtp() ? " LMTP" : " ESMTP"));
    }

    /** RFC 2033 §4.1: LHLO in place of EHLO and HELO. */
    boolean isSpoken(Verb verb) {
        return options.dialect().isLmtp() ? verb != Verb.EHLO && verb != Verb.HELO : verb != Verb.LHLO;
    }

    Reply help() {
        return Reply.of(
                214,
                "2.0.0 see RFC " + (options.dialect().isLmtp() ? "2033" : "5321") + ": "
                        + Stream.of(Verb.values())
                                .filter(this::isSpoken)
                                .map(Verb::name)
                                .collect(Collectors.joining(" ")));
    }

    /** The reply to HELO. */
    Reply hello() {
        return Reply.of(250, name());
    }

    /**
     * The reply to EHLO and LHLO.
     *
     * @param isTls whether the connection is encrypted
     * @param mechanisms to log in with as things are; empty to not offer AUTH
     */
    Reply hello(boolean isTls, List<String> mechanisms) {
        ServerDialect dialect = options.dialect();
        ServerLimits limits = options.limits();
        List<String> lines = new ArrayList<>();
        lines.add(name());
        lines.add("PIPELINING");
        lines.add(limits.maxMessageSize() == 0 ? "SIZE" : "SIZE " + limits.maxMessageSize());
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        if (dialect.isChunkingOffered()) {
            lines.add("CHUNKING");
        }
        if (dialect.isDsnOffered()) {
            lines.add("DSN");
        }
        if (dialect.isRequireTlsOffered() && isTls) {
            lines.add("REQUIRETLS");
        }
        lines.add("LIMITS RCPTMAX=" + limits.maxRecipients()); // RFC 9422
        if (options.security().tls().isPresent() && !isTls) {
            lines.add("STARTTLS");
        }
        if (!mechanisms.isEmpty()) {
            lines.add("AUTH " + String.join(" ", mechanisms));
        }
        lines.add("HELP");
        return new Reply(250, lines);
    }

    private String name() {
        return options.serverName().ascii();
    }
}
