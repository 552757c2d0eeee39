package io.mailproto.fuzz;

import io.mailproto.address.AddressFuzz;
import io.mailproto.imap.ImapConversationFuzz;
import io.mailproto.imap.ImapResponseFuzz;
import io.mailproto.smtp.ReplyFuzz;
import io.mailproto.smtp.server.SmtpServerFuzz;
import io.mailproto.wire.DotReaderFuzz;
import java.util.List;

/** All targets; a new one gets its line here. */
final class FuzzTargets {
    static final List<FuzzTarget> ALL = List.of(
            new SmtpServerFuzz(),
            new ReplyFuzz(),
            new DotReaderFuzz(),
            new AddressFuzz(),
            new ImapResponseFuzz(),
            new ImapConversationFuzz());

    private FuzzTargets() {}

    /** The target of that name. */
    static FuzzTarget named(String name) {
        return ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fuzz target is named " + name));
    }
}
