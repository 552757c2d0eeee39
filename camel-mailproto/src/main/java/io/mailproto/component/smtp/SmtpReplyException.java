package io.mailproto.component.smtp;

import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.smtp.Reply;

/**
 * Thrown in a route that begins with an SMTP consumer, tells the client why its mail is not taken. Found anywhere in the
 * chain of causes. The text goes to the client, so nothing secret may be in it.
 *
 * <pre>{@code
 * .throwException(new SmtpReplyException(550, "5.1.1", "no such user"))
 * }</pre>
 */
public class SmtpReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_TEXT = 400;

    private final int code;
    private final String enhancedStatus;
    private final String text;

    /**
     * A refusal.
     *
     * @param code 400..499: the client tries again later; 500..599: it gives up; 421 also ends its session
     * @param enhancedStatus such as {@code 5.1.1} (RFC 3463), of the same class as the code
     * @param text one line of up to 400 printable ASCII characters
     * @throws IllegalArgumentException if a value is none of these
     */
    public SmtpReplyException(int code, String enhancedStatus, String text) {
        this(code, enhancedStatus, text, null);
    }

    /** As the other, with a cause for the log; the client is not told of it. */
    public SmtpReplyException(int code, String enhancedStatus, String text, Throwable cause) {
        super(code + " " + enhancedStatus + " " + text, cause);
        if (code < 400 || code > 599) {
            throw new IllegalArgumentException("the code of a refusal is 400 to 599, not " + code);
        }
        if (EnhancedStatusCode.parse(enhancedStatus).statusClass() != code / 100) {
            throw new IllegalArgumentException(enhancedStatus + " contradicts the reply code " + code);
        }
        if (!isText(text)) {
            throw new IllegalArgumentException(
                    "the text of a reply is one line of up to " + MAX_TEXT + " printable ASCII characters");
        }
        this.code = code;
        this.enhancedStatus = enhancedStatus;
        this.text = text;
    }

    static boolean isText(String text) {
        return text.length() <= MAX_TEXT && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    }

    /** The reply code. */
    public int getCode() {
        return code;
    }

    /** The enhanced status code. */
    public String getEnhancedStatus() {
        return enhancedStatus;
    }

    Reply reply() {
        return Reply.of(code, enhancedStatus + " " + text);
    }
}
