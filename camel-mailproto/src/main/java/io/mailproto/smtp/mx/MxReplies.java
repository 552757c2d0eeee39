package io.mailproto.smtp.mx;

import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.smtp.Reply;
import io.mailproto.wire.Excerpt;

/** Replies that no server has given: this side's own judgement, in the words that a server would have used. */
public final class MxReplies {

    private MxReplies() {}

    /**
     * A reply.
     *
     * @param status the enhanced status code, such as {@code 5.1.2}
     * @param why what a person should know; cut, and freed of what could not stand in a reply
     */
    public static Reply of(int code, String status, String why) {
        return Reply.of(code, EnhancedStatusCode.parse(status), Excerpt.of(why));
    }
}
