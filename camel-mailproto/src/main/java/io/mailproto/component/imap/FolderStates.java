package io.mailproto.component.imap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.StateRepository;

/** The {@link FolderState}s of a consumer, kept in a {@code StateRepository} with one entry per folder. Thread-safe. */
final class FolderStates {
    private final StateRepository<String, String> repository;
    private final Map<String, FolderState> states = new ConcurrentHashMap<>();

    FolderStates(StateRepository<String, String> repository) {
        this.repository = repository;
    }

    /** @param mailbox {@code user@host:port/folder} */
    FolderState of(String mailbox) {
        return states.computeIfAbsent(mailbox, this::load);
    }

    private FolderState load(String mailbox) {
        // Camel's repository in a file takes no equals sign in a key.
        String key = mailbox.replace("%", "%25").replace("=", "%3D");
        return new FolderState(mailbox, repository.getState(key), text -> repository.setState(key, text));
    }
}
