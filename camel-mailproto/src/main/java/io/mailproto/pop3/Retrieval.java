package io.mailproto.pop3;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Step;
import java.io.IOException;
import java.util.function.IntFunction;

/** Reads messages off a conversation, and tells those of which only the beginning came. */
final class Retrieval {
    private final Conversation conversation;
    private final AnnouncedSizes announced;

    Retrieval(Conversation conversation, AnnouncedSizes announced) {
        this.conversation = conversation;
        this.announced = announced;
    }

    /** Reads what comes behind a good reply. */
    @FunctionalInterface
    interface MessageReader {
        Octets read(Pop3Reply reply) throws IOException;
    }

    /** The message behind the reply to {@code RETR}. */
    Octets wholeMessage(Pop3Reply reply, Spool spool) throws IOException {
        Connection connection = conversation.connection();
        Octets octets = conversation.readMessage(spool, AnnouncedSizes.of(reply));
        if (announced.isTruncated(reply, octets)) {
            long arrived = octets.size();
            octets.release();
            throw new Pop3Truncated(connection.peer(), connection.step(), AnnouncedSizes.of(reply), arrived);
        }
        return octets;
    }

    /** Fetches many messages; one that cannot be fetched or kept does not keep the others back. */
    void fetch(
            int[] numbers,
            IntFunction<String> command,
            IntFunction<Step> step,
            Pop3Window window,
            MessageReader reader,
            Pop3Client.RetrSink sink)
            throws IOException {
        Connection connection = conversation.connection();
        conversation.pipeline(numbers.length, command, step, window, (i, reply) -> {
            if (!reply.isOk()) {
                sink.failed(numbers[i], new Pop3Refused(connection.peer(), connection.step(), reply, false));
                return;
            }
            Octets octets;
            try {
                octets = reader.read(reply);
            } catch (SpoolException | Pop3Truncated e) {
                sink.failed(numbers[i], e);
                return;
            }
            sink.retrieved(numbers[i], octets);
        });
    }
}
