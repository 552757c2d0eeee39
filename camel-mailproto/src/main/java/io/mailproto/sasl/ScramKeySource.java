package io.mailproto.sasl;

import java.util.Optional;

/** Where a server finds the SCRAM keys of its users. Called by many sessions at once, on their threads; may block. */
@FunctionalInterface
public interface ScramKeySource {
    /**
     * The keys of a user; empty if there is no such user. An exception means "cannot tell just now".
     *
     * @param user as the client sent it: data from outside, not to be put into queries unescaped
     * @param mechanism {@code SCRAM-SHA-1} or {@code SCRAM-SHA-256}: the hash function the keys must be for
     */
    Optional<ScramKeys> keys(String user, String mechanism);
}
