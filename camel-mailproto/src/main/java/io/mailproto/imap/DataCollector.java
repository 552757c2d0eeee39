package io.mailproto.imap;

import java.util.ArrayList;
import java.util.List;

/** Collects untagged responses that are nothing but a name and values. */
final class DataCollector implements PendingCommand.Listener {
    private final List<String> names;
    private final List<ImapResponse.Data> all = new ArrayList<>();

    /** @param names in capitals */
    DataCollector(String... names) {
        this.names = List.of(names);
    }

    @Override
    public boolean take(ImapResponse response) {
        return response instanceof ImapResponse.Data data && names.contains(data.name()) && all.add(data);
    }

    List<ImapResponse.Data> all() {
        return all;
    }
}
