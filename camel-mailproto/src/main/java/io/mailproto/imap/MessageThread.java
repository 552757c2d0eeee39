package io.mailproto.imap;

import java.util.ArrayList;
import java.util.List;

/**
 * Messages that answer each other (RFC 5256): a run of messages, each an answer to the one before, and what branches off
 * behind the last of them.
 *
 * @param uids may be empty where answers are known but not what they answer
 * @param answers in the order of the server
 */
public record MessageThread(List<Long> uids, List<MessageThread> answers) {
    public MessageThread {
        uids = List.copyOf(uids);
        answers = List.copyOf(answers);
    }

    /** The UIDs of all messages in it, in the order of reading. */
    public List<Long> all() {
        List<Long> all = new ArrayList<>(uids);
        for (MessageThread answer : answers) {
            all.addAll(answer.all());
        }
        return all;
    }
}
