package io.mailproto.imap;

import java.util.ArrayList;
import java.util.List;

/**
 * What UID STORE does to Gmail's labels of messages (X-GM-EXT-1).
 *
 * @param operation add, remove or replace
 * @param labels any Unicode; the system's begin with a backslash, such as {@code \Inbox}
 */
public record LabelChange(FlagChange.Operation operation, List<String> labels) {
    public LabelChange {
        labels = List.copyOf(labels);
        if (labels.isEmpty() && operation != FlagChange.Operation.REPLACE) {
            throw new IllegalArgumentException("a change of labels needs at least one label");
        }
        for (String label : labels) {
            if (label.isEmpty() || label.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("not a label: \"" + ImapText.shown(label) + "\"");
            }
        }
    }

    /** Adds labels. */
    public static LabelChange add(String... labels) {
        return new LabelChange(FlagChange.Operation.ADD, List.of(labels));
    }

    /** Takes labels away. */
    public static LabelChange remove(String... labels) {
        return new LabelChange(FlagChange.Operation.REMOVE, List.of(labels));
    }

    /** The data item and its value, {@code +X-GM-LABELS.SILENT ("a")}. */
    String item() {
        List<String> words = new ArrayList<>();
        for (String label : labels) {
            boolean isSystems = label.charAt(0) == '\\' && ImapText.isAtom(label.substring(1));
            words.add(isSystems ? label : ImapCommand.quoted(ModifiedUtf7.encode(label)));
        }
        String sign = operation == FlagChange.Operation.ADD ? "+" : operation == FlagChange.Operation.REMOVE ? "-" : "";
        return sign + "X-GM-LABELS.SILENT (" + String.join(" ", words) + ")";
    }
}
