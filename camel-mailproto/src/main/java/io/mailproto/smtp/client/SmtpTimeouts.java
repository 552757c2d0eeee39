package io.mailproto.smtp.client;

import java.time.Duration;

/**
 * How long each step may take, all positive. The defaults are those of RFC 5321 §4.5.3.2, where it has any.
 *
 * @param greeting from the connection to the end of the greeting
 * @param ehlo the reply to EHLO, LHLO or HELO
 * @param tls the reply to STARTTLS, and the handshake
 * @param auth the whole authentication dialogue
 * @param mail the reply to MAIL
 * @param rcpt the reply to each RCPT
 * @param data the reply to DATA
 * @param block each part of the message that the peer takes; a minimum rate comes on top
 * @param finalDot the reply to the final dot or the last chunk: servers scan before they answer
 * @param other the reply to RSET, NOOP, VRFY, EXPN, HELP
 * @param quit the reply to QUIT, which nobody needs
 */
public record SmtpTimeouts(
        Duration greeting,
        Duration ehlo,
        Duration tls,
        Duration auth,
        Duration mail,
        Duration rcpt,
        Duration data,
        Duration block,
        Duration finalDot,
        Duration other,
        Duration quit) {
    /** @throws IllegalArgumentException if one is zero or negative */
    public SmtpTimeouts {
        positive("greeting", greeting);
        positive("ehlo", ehlo);
        positive("tls", tls);
        positive("auth", auth);
        positive("mail", mail);
        positive("rcpt", rcpt);
        positive("data", data);
        positive("block", block);
        positive("finalDot", finalDot);
        positive("other", other);
        positive("quit", quit);
    }

    /** RFC 5321 §4.5.3.2: greeting, MAIL, RCPT 5 minutes; DATA 2; each block 3; the final dot 10. */
    public static SmtpTimeouts defaults() {
        Duration fiveMinutes = Duration.ofMinutes(5);
        return new SmtpTimeouts(
                fiveMinutes,
                fiveMinutes,
                Duration.ofSeconds(60),
                fiveMinutes,
                fiveMinutes,
                fiveMinutes,
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(2));
    }

    /** The same time for every step except QUIT, which never waits longer than by default. */
    public static SmtpTimeouts all(Duration time) {
        Duration quit = defaults().quit();
        return new SmtpTimeouts(
                time, time, time, time, time, time, time, time, time, time, time.compareTo(quit) < 0 ? time : quit);
    }

    /** The same with another limit for the reply to the final dot. */
    public SmtpTimeouts withFinalDot(Duration time) {
        return new SmtpTimeouts(greeting, ehlo, tls, auth, mail, rcpt, data, block, time, other, quit);
    }

    /** The same with another limit for the greeting. */
    public SmtpTimeouts withGreeting(Duration time) {
        return new SmtpTimeouts(time, ehlo, tls, auth, mail, rcpt, data, block, finalDot, other, quit);
    }

    Duration of(SmtpPhase phase) {
        return switch (phase) {
            case GREETING -> greeting;
            case EHLO, LHLO, HELO -> ehlo;
            case STARTTLS, TLS_HANDSHAKE -> tls;
            case AUTH -> auth;
            case MAIL -> mail;
            case RCPT -> rcpt;
            case DATA -> data;
            case BODY -> block;
            case FINAL_DOT, LAST_CHUNK -> finalDot;
            case RSET, NOOP, VRFY, EXPN, HELP -> other;
            case QUIT -> quit;
        };
    }

    private static void positive(String name, Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("the timeout " + name + " must be positive, not " + time);
        }
    }
}
