package io.mailproto.imap;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code thread-data = "THREAD" [SP 1*thread-list]}, {@code thread-list = "(" (thread-members / thread-nested) ")"} of RFC
 * 5256 §5. Pure.
 */
final class ThreadParser {
    /** Long discussions branch often, but this deep they do not; it bounds the stack. */
    private static final int MAX_DEPTH = 500;

    private ThreadParser() {}

    static List<MessageThread> parse(ResponseLexer in) throws ParseFailure {
        List<MessageThread> threads = new ArrayList<>();
        in.skipSpaces();
        while (in.skip('(')) {
            threads.add(thread(in, 1));
            in.skipSpaces();
        }
        if (!in.isAtEnd()) {
            throw in.unexpected("a thread");
        }
        return threads;
    }

    private static MessageThread thread(ResponseLexer in, int depth) throws ParseFailure {
        if (depth > MAX_DEPTH) {
            throw new ParseFailure("threads nested deeper than " + MAX_DEPTH);
        }
        List<Long> uids = new ArrayList<>();
        List<MessageThread> answers = new ArrayList<>();
        in.skipSpaces();
        while (!in.skip(')')) {
            if (in.skip('(')) {
                answers.add(thread(in, depth + 1));
            } else if (in.isAtEnd()) {
                throw new ParseFailure("a thread does not end");
            } else {
                uids.add(in.number());
            }
            in.skipSpaces();
        }
        return new MessageThread(uids, answers);
    }
}
