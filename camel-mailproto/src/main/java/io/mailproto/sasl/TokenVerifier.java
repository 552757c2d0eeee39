package io.mailproto.sasl;

import java.util.Optional;

/** Tells whom an OAuth 2.0 access token stands for. Called by many sessions at once, on their threads; may block. */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * The user the token was issued for; empty if it is not good (any more).
     *
     * <p>An exception means "cannot tell just now": the client is told to try again later, not that it is wrong.
     *
     * @param user who the client says it is, as it came: data from outside; empty if it does not say
     * @param token never empty
     */
    Optional<String> verify(String user, Secret token);
}
