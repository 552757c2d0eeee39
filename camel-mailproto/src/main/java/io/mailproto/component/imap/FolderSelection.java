package io.mailproto.component.imap;

import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxInfo;
import io.mailproto.imap.MailboxName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the option {@code folderName} says: names and patterns, separated by commas. A pattern holds {@code *}, which
 * stands for anything, or {@code %}, for anything within one level. What is in double quotes is a name as it is.
 */
final class FolderSelection {
    /**
     * @param text without quotes
     * @param isPattern is it to be looked up?
     */
    private record Entry(String text, boolean isPattern) {}

    private final List<Entry> entries;

    private FolderSelection(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Understands the option.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static FolderSelection parse(String option) {
        List<Entry> entries = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean isQuoted = false;
        boolean inQuotes = false;
        for (int i = 0; i <= option.length(); i++) {
            boolean isEnd = i == option.length();
            if (isEnd && inQuotes) {
                throw new IllegalArgumentException("folderName: a double quote is not closed: " + option);
            }
            char c = isEnd ? ',' : option.charAt(i);
            if (c == '"') {
                inQuotes = !inQuotes;
                isQuoted = true;
            } else if (c == ',' && !inQuotes) {
                entries.add(entry(text.toString(), isQuoted, option));
                text.setLength(0);
                isQuoted = false;
            } else {
                text.append(c);
            }
        }
        return new FolderSelection(entries);
    }

    private static Entry entry(String text, boolean isQuoted, String option) {
        String name = isQuoted ? text : text.strip();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("folderName holds an empty name: " + option);
        }
        // Refuses what can be no name.
        MailboxName.of(name);
        return new Entry(name, !isQuoted && (name.indexOf('*') >= 0 || name.indexOf('%') >= 0));
    }

    /** Is it one folder, known by its name? */
    boolean isSingle() {
        return entries.size() == 1 && !entries.get(0).isPattern();
    }

    /** The folders that there are now, each once, in the order of the option; patterns are looked up (LIST). */
    List<MailboxName> resolve(ImapClient client) throws IOException {
        Set<MailboxName> names = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (!entry.isPattern()) {
                names.add(MailboxName.of(entry.text()));
                continue;
            }
            for (MailboxInfo info : client.list("", entry.text())) {
                if (info.isSelectable()) {
                    names.add(info.name());
                }
            }
        }
        return List.copyOf(names);
    }
}
