package io.mailproto.sasl;

/** Tells whether a password is right. Called by many sessions at once, on their threads; may block. */
@FunctionalInterface
public interface PasswordVerifier {
    /**
     * Is this the user's password? Compare in constant time where that matters.
     *
     * <p>An exception means "cannot tell just now": the client is told to try again later, not that it is wrong.
     *
     * @param user as the client sent it: data from outside, not to be put into queries unescaped
     * @param password never empty
     */
    boolean verify(String user, Secret password);
}
