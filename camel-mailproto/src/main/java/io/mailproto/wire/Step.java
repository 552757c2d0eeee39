package io.mailproto.wire;

/**
 * What a conversation is doing, in words for the person who reads the error.
 *
 * @param phrase continues "host:port: ", such as {@code waiting for the reply to MAIL}
 * @param fate what a failure here means for the message, such as {@code the message may have been delivered}; may be
 *     empty
 */
public record Step(String phrase, String fate) {

    /** A step whose failure says nothing about a message. */
    public static Step of(String phrase) {
        return new Step(phrase, "");
    }

    /** The same step with the consequence of its failure. */
    public Step knowing(String consequence) {
        return new Step(phrase, consequence);
    }
}
