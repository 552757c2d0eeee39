package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;

/** The way back to the client whose message is being handled. Thread-safe. */
public interface ReplyPath {

    /**
     * Whether each recipient gets a reply of its own (LMTP, RFC 2033 §4.2). Else {@link #reply} changes nothing.
     */
    boolean isPerRecipient();

    /**
     * Answers for one recipient, in place of what the handler will return for all. To be called before the handler
     * returns.
     *
     * @param recipient its place in the envelope, from 0
     * @param reply 2yz, 4yz or 5yz, printable ASCII
     */
    void reply(int recipient, Reply reply);

    /**
     * Answers now, from any thread, although the handler has not returned, and hangs up; what the handler returns then is
     * lost. Blocks for three seconds at most.
     *
     * @return false if the client has been answered already
     */
    boolean replyEarly(Reply reply);

    /**
     * What to do if the client does not learn what the handler returns, so that it will probably send the message again:
     * it is gone, or was answered early. Runs once, on the session's thread, after the handler has returned. To be called
     * by the handler's thread; the last call counts.
     */
    void onReplyLost(Runnable action);
}
