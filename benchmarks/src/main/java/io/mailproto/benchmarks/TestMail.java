package io.mailproto.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/** Messages to measure with; the same arguments give the same octets. */
final class TestMail {
    private static final String LINE = "The quick brown fox jumps over the lazy dog 0123456789 abcdef.\r\n";

    private TestMail() {}

    /** A text/plain message of about {@code size} octets. */
    static byte[] plain(int number, int size) {
        String head = head(number) + "Content-Type: text/plain; charset=us-ascii\r\n\r\n";
        return octets(head + text(size - head.length()));
    }

    /** A text and a base64 attachment, together about {@code size} octets. */
    static byte[] multipart(int number, int size) {
        return multipart(number, size / 3, size / 2);
    }

    /** A short text and a base64 attachment, together about {@code size} octets. */
    static byte[] attachment(int number, int size) {
        return multipart(number, 200, size - 600);
    }

    private static byte[] multipart(int number, int textSize, int base64Size) {
        byte[] attachment = new byte[base64Size / 78 * 57];
        new Random(number).nextBytes(attachment);
        String boundary = "part" + number;
        return octets(head(number) + "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary
                + "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + text(textSize) + "\r\n--" + boundary
                + "\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(attachment) + "\r\n--" + boundary + "--\r\n");
    }

    /** About {@code size} characters of text in lines. */
    static String text(int size) {
        return LINE.repeat(Math.max(1, size / LINE.length()));
    }

    private static String head(int number) {
        return String.format(
                Locale.ROOT,
                "From: Sender %1$d <s%1$d@example.com>\r\nTo: bench@example.org\r\nSubject: Message %2$d\r\n"
                        + "Date: Mon, 01 Jan 2024 %3$02d:%4$02d:%5$02d +0000\r\nMessage-ID: <m%2$d@example.com>\r\n"
                        + "MIME-Version: 1.0\r\n",
                number % 100,
                number,
                number / 3600 % 24,
                number / 60 % 60,
                number % 60);
    }

    static byte[] octets(String mail) {
        return mail.getBytes(StandardCharsets.US_ASCII);
    }
}
