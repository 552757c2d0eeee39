package io.mailproto.smtp.client;

import io.mailproto.smtp.Reply;
import io.mailproto.smtp.ReplyReader;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.net.InetSocketAddress;

/**
 * Commands out, replies in: what every part of the client does with the connection. Nothing else in this package writes
 * commands.
 */
final class SmtpDialogue {
    /** RFC 5321 §4.5.3.1.4 has 512 octets, extensions add to that; whatever is longer than this is no sane argument. */
    static final int MAX_COMMAND = 2048;

    private final Connection connection;
    private final ReplyReader replies;
    private final SmtpTimeouts timeouts;
    private final ChunkBuffer chunk = new ChunkBuffer();
    private final String remoteAddress;

    SmtpDialogue(Connection connection, SmtpTimeouts timeouts) {
        this.connection = connection;
        this.replies = new ReplyReader(connection);
        this.timeouts = timeouts;
        InetSocketAddress address = connection.remoteAddress();
        this.remoteAddress = new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
    }

    /** Where the other end is, as {@code 192.0.2.1:25}. */
    String remoteAddress() {
        return remoteAddress;
    }

    Connection connection() {
        return connection;
    }

    /** For messages that go out as chunks; one for all of them. */
    ChunkBuffer chunk() {
        return chunk;
    }

    /** Gives the phase its time and its words. */
    void begin(SmtpPhase phase) {
        begin(phase, phase.step());
    }

    /** Gives the phase its time, with other words. */
    void begin(SmtpPhase phase, Step step) {
        connection.within(Deadline.in(timeouts.of(phase)), step);
    }

    /**
     * Buffers a command.
     *
     * @throws IllegalArgumentException if it may not be sent; nothing of it is buffered and the dialogue is in step
     */
    void write(String command) throws WireException {
        connection.out().write(checkedLength(command));
    }

    static String checkedLength(String command) {
        if (command.length() > MAX_COMMAND) {
            throw new IllegalArgumentException("a command of " + command.length() + " characters is not sent; at most "
                    + MAX_COMMAND + " are allowed");
        }
        return command;
    }

    void flush() throws WireException {
        connection.out().flush();
    }

    /** Begins the phase, sends the command and waits for its reply. */
    Reply ask(SmtpPhase phase, String command) throws WireException {
        begin(phase);
        write(command);
        flush();
        return read();
    }

    /** Begins the phase and waits for a reply. */
    Reply await(SmtpPhase phase) throws WireException {
        begin(phase);
        return read();
    }

    /** Waits for a reply within the phase that has been begun. Closes the connection if the reply says that it is over. */
    Reply read() throws WireException {
        Reply reply = replies.readReply();
        if (endsConversation(reply)) {
            connection.close();
        }
        return reply;
    }

    /** Has a line of a reply come already? */
    boolean hasReply() {
        return connection.in().hasBufferedLine();
    }

    /** 421 (RFC 5321 §3.8) and 521 (RFC 7504), which Postfix sends as it closes. */
    static boolean endsConversation(Reply reply) {
        return reply.isClosing() || reply.code() == 521;
    }

    /** Closes the connection and makes the exception to throw when a reply makes no sense here. */
    WireException unexpected(String expected, Reply reply) {
        return connection.violation(expected, reply.toString());
    }

    /** The exception of somebody who waits in a phase for what a closed connection cannot bring. */
    WireException closedAt(SmtpPhase phase) {
        begin(phase);
        try {
            connection.in().readLine();
        } catch (WireException closed) {
            return closed;
        }
        return connection.violation("nothing more", "a line");
    }

    SmtpRefused refused(SmtpPhase phase, Reply reply) {
        return new SmtpRefused(connection.peer(), phase, phase.step(), "refused", reply, null);
    }
}
