package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A message to be put into a mailbox.
 *
 * @param octets of RFC 5322, lines ending with CRLF; stay with whoever made them
 * @param flags it gets; the server leaves out those it does not know
 * @param internalDate when it is to have arrived; empty for now
 */
public record NewMessage(Octets octets, Set<Flag> flags, Optional<OffsetDateTime> internalDate) {
    public NewMessage {
        for (Flag flag : flags) {
            if (!flag.isStorable()) {
                throw new IllegalArgumentException("a client cannot store the flag " + ImapText.shown(flag.name()));
            }
        }
        flags = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(flags));
    }

    /** With these flags, arriving now. */
    public static NewMessage of(Octets octets, Flag... flags) {
        return new NewMessage(octets, new LinkedHashSet<>(java.util.List.of(flags)), Optional.empty());
    }
}
