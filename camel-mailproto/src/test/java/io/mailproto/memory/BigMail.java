package io.mailproto.memory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * A message that is never in memory as a whole: a short text, with lines that begin with dots, and an attachment in base64
 * that makes it at least as large as wished.
 */
final class BigMail {

    static final String TEXT = "A text before the attachment.\r\n.\r\n..two dots";

    private static final String HEAD = """
            From: ann@example.org
            To: bob@example.com
            Subject: big
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=frontier

            --frontier
            Content-Type: text/plain

            """.replace("\n", "\r\n") + TEXT + """

            --frontier
            Content-Type: application/octet-stream
            Content-Disposition: attachment; filename=big.bin
            Content-Transfer-Encoding: base64

            """.replace("\n", "\r\n");
    private static final String TAIL = "--frontier--\r\n";
    private static final int LINE = 78;
    private static final int LINES = 800;

    private final byte[] block = block();
    private final long blocks;

    BigMail(long atLeast) {
        blocks = atLeast / block.length + 1;
    }

    private static byte[] block() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Random random = new Random(1);
        byte[] lines = new byte[LINE * LINES];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = (byte) alphabet.charAt(random.nextInt(64));
        }
        for (int i = 0; i < lines.length; i += LINE) {
            lines[i + LINE - 2] = '\r';
            lines[i + LINE - 1] = '\n';
        }
        return lines;
    }

    long size() {
        return HEAD.length() + blocks * block.length + TAIL.length();
    }

    /** Octets of the attachment, decoded. */
    long attachmentSize() {
        return blocks * LINES * (LINE - 2) / 4 * 3;
    }

    /** Writes it as it is. */
    void writeTo(OutputStream out) throws IOException {
        write(out, HEAD);
    }

    /** Writes it as it goes after DATA and RETR, without the dot at the end. */
    void writeStuffedTo(OutputStream out) throws IOException {
        write(out, HEAD.replace("\r\n.", "\r\n.."));
    }

    private void write(OutputStream out, String head) throws IOException {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] numbered = block.clone();
        for (long i = 0; i < blocks; i++) {
            // Blocks differ, so that none can be lost, doubled or exchanged without notice.
            byte[] number = String.format("%012d", i).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(number, 0, numbered, 0, number.length);
            out.write(numbered);
        }
        out.write(TAIL.getBytes(StandardCharsets.US_ASCII));
    }

    /** SHA-256 of the octets, as {@link #hex} shows it. */
    String digest() throws IOException {
        MessageDigest digest = sha256();
        writeTo(into(digest));
        return hex(digest);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static OutputStream into(MessageDigest digest) {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                digest.update((byte) octet);
            }

            @Override
            public void write(byte[] octets, int offset, int length) {
                digest.update(octets, offset, length);
            }
        };
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
