package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeAttachmentTest {

    private static final int SIZE = 100 * 1024 * 1024;
    /** So many octets are a whole number of lines, and so of quanta. */
    private static final int PIECE = 57 * 1024;

    @TempDir
    private Path directory;

    @Test
    void isReadInFlatMemoryWhateverItsSize() throws IOException {
        int pieces = SIZE / PIECE + 1;
        Octets octets = new Spool(new SpoolOptions(1024, directory)).copy(new Source(pieces));
        long[] total = new long[1];
        byte[] chunk = new byte[64 * 1024];

        assertThat(octets.isInMemory()).isFalse();
        assertThat(Allocation.of(() -> {
                    total[0] = 0;
                    MimePart attachment = ParsedMail.of(octets).attachments().get(0);
                    InputStream in = attachment.open();
                    int read;
                    while ((read = in.read(chunk, 0, chunk.length)) > 0) {
                        total[0] += read;
                    }
                    assertThat(attachment.encodedSize()).isGreaterThan(SIZE);
                }))
                .isLessThan(512 * 1024);
        assertThat(total[0]).isEqualTo((long) pieces * PIECE).isGreaterThan(SIZE);
    }

    /** Head, so many times the same piece in base64, end. */
    private static final class Source extends InputStream {

        private final byte[] piece;
        private int left;
        private byte[] current = ascii("""
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: application/x; name=big.bin
                Content-Transfer-Encoding: base64

                """);
        private int position;

        Source(int pieces) {
            byte[] content = new byte[PIECE];
            Arrays.fill(content, (byte) 'x');
            piece = ascii(Base64.getMimeEncoder().encodeToString(content) + "\n");
            left = pieces;
        }

        private static byte[] ascii(String text) {
            return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int read() {
            throw new AssertionError("a spool reads into its buffer");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == current.length) {
                if (left < 0) {
                    return -1;
                }
                current = left > 0 ? piece : ascii("--b--\n");
                left--;
                position = 0;
            }
            int count = Math.min(length, current.length - position);
            System.arraycopy(current, position, target, offset, count);
            position += count;
            return count;
        }
    }
}
