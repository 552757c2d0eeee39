package io.mailproto.sasl;

/**
 * Where OAuth 2.0 access tokens come from (RFC 6749 §1.4). Called before each login, by several threads at once; may
 * block, and should keep a token as long as it is good.
 */
@FunctionalInterface
public interface TokenSupplier {
    /**
     * An access token for the user the login is for.
     *
     * @param isRefused true if the server has just refused the token of the call before: a kept one must not come again
     * @return not null; without white space
     * @throws Exception if there is none; the login fails then, and may be tried again later
     */
    String token(boolean isRefused) throws Exception;
}
