package io.mailproto.component;

import java.util.Map;
import java.util.Optional;

/**
 * What fetching one mail brought.
 *
 * @param key the mail's key
 * @param mail the mail; empty if it could not be fetched
 * @param headers what the protocol knows, as {@code CamelMail…} headers
 * @param failure why it could not be fetched; empty also for a mail that has vanished meanwhile
 */
public record Fetched<K>(K key, Optional<Mail> mail, Map<String, Object> headers, Optional<Exception> failure) {

    /** A mail. */
    public static <K> Fetched<K> mail(K key, Mail mail, Map<String, Object> headers) {
        return new Fetched<>(key, Optional.of(mail), headers, Optional.empty());
    }

    /** A mail that is there and could not be fetched: reported, and tried again at the next poll. */
    public static <K> Fetched<K> failed(K key, Exception cause) {
        return new Fetched<>(key, Optional.empty(), Map.of(), Optional.of(cause));
    }

    /** A mail that is no longer there. */
    public static <K> Fetched<K> gone(K key) {
        return new Fetched<>(key, Optional.empty(), Map.of(), Optional.empty());
    }

    long octets() {
        return mail.isPresent() ? mail.get().size() : 0;
    }
}
