package io.mailproto.wire;

import io.mailproto.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any octets as a dot-stuffed text, in any segments and read in any pieces: the end and the text are those of a reader
 * that is too simple to be wrong, and what follows the end is left for the next command.
 */
public final class DotReaderFuzz implements FuzzTarget {
    private static final String END = "\r\n.\r\n";

    /** The first octet says how it is cut into segments, the second into how many octets a read may bring. */
    @Override
    public void run(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        byte[] sent = Arrays.copyOfRange(input, 2, input.length);
        List<byte[]> segments = segments(sent, 1 + (input[0] & 0x3f));
        int piece = 1 + (input[1] & 0x3f);
        String all = "\r\n" + FakeSocket.text(sent);
        int end = all.indexOf(END);
        for (BareLineEnding policy : BareLineEnding.values()) {
            Connection connection = FakeSocket.receiving(segments);
            DotReader reader = connection.in().dotStuffed(EndOfData.STRICT, policy);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            byte[] buffer = new byte[piece];
            try {
                int read;
                while ((read = reader.read(buffer, 0, piece)) >= 0) {
                    content.write(buffer, 0, read);
                }
            } catch (ConnectionLost lost) {
                require(end < 0, "the end was not seen");
                continue;
            }
            require(end >= 0, "an end was seen where none is");
            String expected = all.substring(0, end + 2).replace("\r\n.", "\r\n").substring(2);
            String got = FakeSocket.text(content.toByteArray());
            if (policy == BareLineEnding.NORMALIZE) {
                require(!got.replace("\r\n", "").matches("(?s).*[\r\n].*"), "a bare line ending is left");
            } else {
                require(got.equals(expected), "another text: " + got + " instead of " + expected);
            }
            require(reader.octets() == content.size(), "miscounted");
            String rest = rest(connection.in());
            require(rest.equals(all.substring(end + END.length())), "out of step, left is " + rest);
        }
    }

    private static String rest(LineReader in) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        byte[] buffer = new byte[100];
        try {
            while (true) {
                CountedInput one = in.counted(1);
                int read = one.read(buffer, 0, 1);
                if (read < 0) {
                    return FakeSocket.text(rest.toByteArray());
                }
                rest.write(buffer, 0, read);
            }
        } catch (ConnectionLost end) {
            return FakeSocket.text(rest.toByteArray());
        }
    }

    private static List<byte[]> segments(byte[] sent, int length) {
        List<byte[]> segments = new ArrayList<>();
        for (int from = 0; from < sent.length; from += length) {
            segments.add(Arrays.copyOfRange(sent, from, Math.min(sent.length, from + length)));
        }
        return segments;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (SmugglingVector vector : SmugglingVector.all()) {
            seeds.add(FakeSocket.octets("??" + vector.sent()));
            seeds.add(FakeSocket.octets("\0\1" + vector.sent()));
        }
        return seeds;
    }
}
