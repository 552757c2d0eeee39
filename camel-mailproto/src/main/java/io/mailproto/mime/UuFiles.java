package io.mailproto.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the files that old programs have put into the middle of a text: from {@code begin 644 name} to {@code end}, with
 * nothing but uuencode between. A begin without an end is text.
 */
final class UuFiles {

    private static final int MAX_FILES = 100;
    /** The longest begin line that is looked at. */
    private static final int MAX_LINE = 512;

    private UuFiles() {}

    /** The files in a text, in their order; empty for a part that is encoded in another way. */
    static List<MimePart> in(MimePart text) throws IOException {
        if (text.decoding() != ContentDecoding.NONE || !text.isText() || !text.mayHaveFiles()) {
            return List.of();
        }
        List<MimePart> found = new ArrayList<>(0);
        long end = text.from() + text.encodedSize();
        OctetLines lines = OctetLines.of(text.octets(), text.from(), end);
        String name = null;
        long start = 0;
        boolean hasData = false;
        while (found.size() < MAX_FILES && lines.advance(MAX_LINE)) {
            byte[] octets = lines.buffer();
            if (!lines.isCut() && UuInput.isBegin(octets, lines.start(), lines.end())) {
                name = nameOf(octets, lines.start() + "begin ".length(), lines.end());
                start = lines.offset();
                hasData = false;
            } else if (name != null && isEnd(octets, lines.start(), lines.end())) {
                if (hasData) {
                    found.add(text.uuencoded(start, lines.nextOffset(), name));
                }
                name = null;
            } else if (name != null && !lines.isBlank()) {
                hasData = !lines.isCut() && UuInput.isData(octets, lines.start(), lines.end());
                name = hasData ? name : null;
            }
        }
        return found;
    }

    private static boolean isEnd(byte[] octets, int from, int to) {
        return to - from == 3 && octets[from] == 'e' && octets[from + 1] == 'n' && octets[from + 2] == 'd';
    }

    private static String nameOf(byte[] octets, int modeAt, int to) {
        int at = modeAt;
        while (octets[at] != ' ') {
            at++;
        }
        return MailCharsets.decode(octets, at + 1, to - at - 1, null);
    }
}
