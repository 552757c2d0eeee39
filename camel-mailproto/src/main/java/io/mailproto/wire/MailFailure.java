package io.mailproto.wire;

/** What every failure of a conversation can tell, whatever its class. */
public interface MailFailure {

    /** {@code host:port} of the other side. */
    String peer();

    /** What was being done, such as {@code waiting for the reply to MAIL}. */
    String step();

    /** True if the same thing may succeed later. */
    boolean isTransient();

    /** What is known about the message, such as {@code the message may have been delivered}; empty if nothing is. */
    String fate();
}
