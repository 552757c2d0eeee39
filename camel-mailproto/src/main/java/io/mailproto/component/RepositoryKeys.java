package io.mailproto.component;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the idempotent repository of an endpoint, if there is one, is told about mails and asked about them. Thread-safe.
 *
 * @param <K> see {@link PollSession}
 */
final class RepositoryKeys<K> {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryKeys.class);

    private final MailPollEndpoint endpoint;
    /** The keys in the repository of the mails that are out. */
    private final Map<K, String> uids = new ConcurrentHashMap<>();

    RepositoryKeys(MailPollEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    private IdempotentRepository repository() {
        return endpoint.getConfiguration().getIdempotentRepository();
    }

    /** It stops with the context, not with the route: a route that is started again must remember. */
    void start() throws Exception {
        IdempotentRepository repository = repository();
        if (repository != null) {
            endpoint.getCamelContext().addService(repository, true, true);
            ServiceHelper.startService(repository);
        }
    }

    /** Whether keys are made of the mails themselves. */
    boolean isGenerated() {
        return repository() != null && endpoint.getConfiguration().getMailUidGenerator() != null;
    }

    /**
     * Whether a mail is known without fetching it.
     *
     * @param generated the key that was once made of the mail, or null
     */
    boolean contains(K key, String generated) {
        IdempotentRepository repository = repository();
        if (repository == null) {
            return false;
        }
        String uid = isGenerated() ? generated : key.toString();
        return uid != null && repository.contains(uid);
    }

    /** The key under which the repository knows a mail. */
    String uid(K key, Mail mail) throws IOException {
        MailUidGenerator generator = endpoint.getConfiguration().getMailUidGenerator();
        String uid = generator == null ? key.toString() : generator.generateUid(endpoint, mail);
        if (uid == null || uid.isEmpty()) {
            throw new IllegalStateException("mailUidGenerator gave no key: " + generator);
        }
        return uid;
    }

    /** As camel-mail: what the generator says, by default the Message-ID. */
    String messageId(String uid, Mail mail) {
        if (endpoint.getConfiguration().getMailUidGenerator() != null) {
            return uid;
        }
        try {
            return MessageIdUidGenerator.messageId(mail.headers()).orElse(uid);
        } catch (IOException e) {
            LOG.debug("{}: the header of mail {} cannot be read, as the route will find out", endpoint, uid, e);
            return uid;
        }
    }

    /** The mail goes out; false if it is known already. */
    boolean add(K key, String uid) {
        IdempotentRepository repository = repository();
        if (repository == null) {
            return true;
        }
        if (!repository.add(uid)) {
            return false;
        }
        uids.put(key, uid);
        return true;
    }

    /** The mail has been processed. */
    void processed(K key, String uid) {
        IdempotentRepository repository = repository();
        if (repository == null) {
            return;
        }
        if (endpoint.getConfiguration().isIdempotentRepositoryRemoveOnCommit()) {
            forget(key, uid);
            return;
        }
        uids.remove(key, uid);
        try {
            repository.confirm(uid);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    /** The mail that is out comes again. */
    void forget(K key) {
        forget(key, uids.getOrDefault(key, key.toString()));
    }

    /** As {@link #forget(Object)}, for one that is known under this key. */
    void forget(K key, String uid) {
        IdempotentRepository repository = repository();
        if (repository != null) {
            uids.remove(key, uid);
            try {
                repository.remove(uid);
            } catch (RuntimeException e) {
                failed(key, e);
            }
        }
    }

    /** No reason to leave the mail without a settlement. */
    private void failed(K key, RuntimeException e) {
        LOG.error("{}: the idempotent repository failed for mail {}, which is settled nevertheless", endpoint, key, e);
    }
}
