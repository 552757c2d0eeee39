package io.mailproto.imap;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What UID STORE does to the flags of messages (RFC 3501 §6.4.6).
 *
 * @param operation add, remove or replace
 * @param flags in the order they are written
 */
public record FlagChange(Operation operation, Set<Flag> flags) {
    /** How the given flags change those of the message. */
    public enum Operation {
        ADD("+FLAGS"),
        REMOVE("-FLAGS"),
        REPLACE("FLAGS");

        private final String item;

        Operation(String item) {
            this.item = item;
        }
    }

    public FlagChange {
        if (flags.isEmpty() && operation != Operation.REPLACE) {
            throw new IllegalArgumentException("a change of flags needs at least one flag");
        }
        for (Flag flag : flags) {
            if (!flag.isStorable()) {
                throw new IllegalArgumentException("a client cannot store the flag " + ImapText.shown(flag.name()));
            }
        }
        flags = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(flags));
    }

    /** Sets these flags and leaves the others. */
    public static FlagChange add(Flag... flags) {
        return new FlagChange(Operation.ADD, new LinkedHashSet<>(List.of(flags)));
    }

    /** Clears these flags and leaves the others. */
    public static FlagChange remove(Flag... flags) {
        return new FlagChange(Operation.REMOVE, new LinkedHashSet<>(List.of(flags)));
    }

    /** The data item and its value, {@code +FLAGS.SILENT (\Seen)}. SILENT: we know what we asked for. */
    String item() {
        return operation.item + ".SILENT " + flags.stream().map(Flag::name).collect(Collectors.joining(" ", "(", ")"));
    }
}
