package io.mailproto.mime;

import io.mailproto.mime.SevenBitMessage.Plan;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One way through a message, part by part and line by line, either to plan what must be encoded or to write it so. Both
 * take the same turns. For one thread, once.
 */
final class SevenBitWalk {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_HEAD = 1024 * 1024;
    private static final int MAX_LEAVES = 10_000;
    private static final byte[] CRLF = {'\r', '\n'};

    private final LinePieces lines;
    /** Null while planning. */
    private final OutputStream out;
    /** One for each part that has no parts, in their order. */
    private final List<Plan> plans;

    private int nextPlan;
    /** Of the multiparts that are open, the outermost first. */
    private final List<byte[]> boundaries = new ArrayList<>();

    private boolean hasMore;
    private boolean isClosing;

    SevenBitWalk(InputStream message, OutputStream out, List<Plan> plans) {
        this.lines = new LinePieces(message);
        this.out = out;
        this.plans = plans;
    }

    void run() throws IOException {
        hasMore = lines.advance();
        EntityHead head = head();
        for (String signature : List.of("dkim-signature", "arc-message-signature", "x-google-dkim-signature")) {
            if (out == null && head.has(signature)) {
                throw new CannotBeSevenBit("its signature (" + signature + ") would break");
            }
        }
        entity(head, "text/plain", true, false, 0);
    }

    /**
     * Goes over the body of a message or part, up to a delimiter of a multipart around it or to the end.
     *
     * @param isSealed whether it is within something signed, which must stay as it is
     */
    private void entity(EntityHead head, String defaultType, boolean isMessage, boolean isSealed, int depth)
            throws IOException {
        if (isSealed && !head.isAscii()) {
            throw sealed();
        }
        head.requireConvertible();
        ParameterizedValue type = head.type(defaultType);
        String media = type.value();
        String boundary = media.startsWith("multipart/") ? type.parameters().get("boundary") : null;
        boolean hasParts = (boundary != null && !boundary.isBlank()) || media.equals("message/rfc822");
        if (!hasParts || !head.isIdentity() || depth >= MAX_DEPTH) {
            leaf(head, media, isMessage, isSealed);
            return;
        }
        boolean isSealedInside = isSealed || media.equals("multipart/signed") || media.equals("multipart/encrypted");
        if (out != null) {
            if (isSealedInside || head.encoding().equals("7bit")) {
                head.write(out);
            } else {
                head.write(out, "7bit", isMessage);
            }
        }
        if (boundary == null) {
            entity(head(), "text/plain", true, isSealedInside, depth + 1);
        } else {
            String ofParts = media.equals("multipart/digest") ? "message/rfc822" : "text/plain";
            multipart(boundary.stripTrailing(), ofParts, isSealedInside, depth);
        }
    }

    private void multipart(String boundary, String ofParts, boolean isSealed, int depth) throws IOException {
        int level = boundaries.size();
        boundaries.add(boundary.getBytes(StandardCharsets.ISO_8859_1));
        between(isSealed);
        while (hasMore && delimiter() == level && !isClosing) {
            copyLine();
            entity(head(), ofParts, false, isSealed, depth + 1);
        }
        boolean isClosed = hasMore && delimiter() == level;
        boundaries.remove(level);
        if (isClosed) {
            copyLine();
            between(isSealed);
        }
    }

    /** What stands before the first part and behind the last, which nobody reads (RFC 2046 §5.1.1). */
    private void between(boolean isSealed) throws IOException {
        while (hasMore && delimiter() < 0) {
            if (isSealed && eightBit() > 0) {
                throw sealed();
            }
            if (out != null) {
                for (int i = lines.start(); i < lines.end(); i++) {
                    out.write(lines.buffer()[i] < 0 ? '?' : lines.buffer()[i]);
                }
                out.write(lines.buffer(), lines.end(), lines.terminator());
            }
            hasMore = lines.advance();
        }
    }

    /** A line and what is left of it. */
    private void copyLine() throws IOException {
        do {
            copy();
            hasMore = lines.advance();
        } while (hasMore && !lines.isLineStart());
    }

    private void copy() throws IOException {
        if (out != null) {
            out.write(lines.buffer(), lines.start(), lines.end() - lines.start() + lines.terminator());
        }
    }

    /** Reads a header section up to its empty line, or to a delimiter or the end. */
    private EntityHead head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (hasMore && (boundaries.isEmpty() || delimiter() < 0)) {
            if (lines.isBlankLine()) {
                String separator = text(lines.start());
                hasMore = lines.advance();
                return new EntityHead(text.toString(), separator);
            }
            text.append(text(lines.start()));
            if (text.length() > MAX_HEAD) {
                throw new CannotBeSevenBit("it has a header section of more than " + MAX_HEAD + " octets");
            }
            hasMore = lines.advance();
        }
        return new EntityHead(text.toString(), "");
    }

    private String text(int from) {
        return new String(lines.buffer(), from, lines.end() - from + lines.terminator(), StandardCharsets.ISO_8859_1);
    }

    // ---- bodies

    private void leaf(EntityHead head, String media, boolean isMessage, boolean isSealed) throws IOException {
        if (out == null) {
            plan(head, media, isSealed);
            return;
        }
        Plan plan = plans.get(nextPlan++);
        switch (plan) {
            case AS_IT_IS -> {
                head.write(out);
                while (hasMore && delimiter() < 0) {
                    copy();
                    hasMore = lines.advance();
                }
            }
            case QUOTED_PRINTABLE -> {
                head.write(out, "quoted-printable", isMessage);
                encode(new QuotedPrintableOutput(out), true);
            }
            case BASE64_TEXT, BASE64 -> {
                head.write(out, "base64", isMessage);
                boolean isEnd = encode(Base64.getMimeEncoder().wrap(new Unclosed(out)), plan == Plan.BASE64_TEXT);
                if (isEnd) {
                    out.write(CRLF);
                }
            }
        }
    }

    /** Encodes up to a delimiter, whose line end in front is not encoded, or to the end: then true. */
    private boolean encode(OutputStream encoder, boolean isText) throws IOException {
        int pending = 0;
        while (hasMore && delimiter() < 0) {
            end(encoder, pending, isText);
            encoder.write(lines.buffer(), lines.start(), lines.end() - lines.start());
            pending = lines.terminator();
            hasMore = lines.advance();
        }
        if (!hasMore) {
            end(encoder, pending, isText);
        }
        encoder.close();
        if (hasMore && pending > 0) {
            out.write(CRLF);
        }
        return !hasMore;
    }

    private static void end(OutputStream encoder, int terminator, boolean isText) throws IOException {
        if (terminator == 1 && !isText) {
            encoder.write('\n');
        } else if (terminator > 0) {
            encoder.write(CRLF);
        }
    }

    private void plan(EntityHead head, String media, boolean isSealed) throws IOException {
        long eightBit = 0;
        long octets = 0;
        boolean hasNul = false;
        while (hasMore && delimiter() < 0) {
            eightBit += eightBit();
            octets += lines.end() - lines.start() + lines.terminator();
            for (int i = lines.start(); i < lines.end() && !hasNul; i++) {
                hasNul = lines.buffer()[i] == 0;
            }
            hasMore = lines.advance();
        }
        if (plans.size() >= MAX_LEAVES) {
            throw new CannotBeSevenBit("it has more than " + MAX_LEAVES + " parts");
        }
        if (eightBit == 0) {
            plans.add(Plan.AS_IT_IS);
            return;
        }
        if (isSealed) {
            throw sealed();
        }
        if (!head.isIdentity()) {
            throw new CannotBeSevenBit("a part has octets beyond ASCII although it claims to be encoded");
        }
        if (media.startsWith("multipart/") || media.startsWith("message/")) {
            // RFC 2046 §5.2: no encoding is allowed for these.
            throw new CannotBeSevenBit("a part of type " + media + " has octets beyond ASCII");
        }
        if (!media.startsWith("text/") || hasNul) {
            plans.add(Plan.BASE64);
        } else {
            // Mostly ASCII stays readable; of other scripts, base64 makes less.
            plans.add(eightBit * 4 <= octets ? Plan.QUOTED_PRINTABLE : Plan.BASE64_TEXT);
        }
    }

    private int eightBit() {
        int count = 0;
        byte[] octets = lines.buffer();
        for (int i = lines.start(); i < lines.end(); i++) {
            count += octets[i] < 0 ? 1 : 0;
        }
        return count;
    }

    private static CannotBeSevenBit sealed() {
        return new CannotBeSevenBit("it has octets beyond ASCII within a signed or encrypted part");
    }

    // ---- delimiters

    /** Which of the open multiparts the current line delimits, the innermost first, or -1; sets {@link #isClosing}. */
    private int delimiter() {
        byte[] line = lines.buffer();
        int start = lines.start();
        int end = lines.end();
        if (boundaries.isEmpty()
                || !lines.isLineStart()
                || end - start < 3
                || line[start] != '-'
                || line[start + 1] != '-') {
            return -1;
        }
        while (line[end - 1] == ' ' || line[end - 1] == '\t') {
            end--;
        }
        for (int level = boundaries.size() - 1; level >= 0; level--) {
            if (matches(line, start + 2, end, boundaries.get(level))) {
                return level;
            }
        }
        return -1;
    }

    private boolean matches(byte[] line, int from, int to, byte[] boundary) {
        int length = to - from;
        if (length != boundary.length && length != boundary.length + 2) {
            return false;
        }
        for (int i = 0; i < boundary.length; i++) {
            if (line[from + i] != boundary[i]) {
                return false;
            }
        }
        isClosing = length > boundary.length;
        return !isClosing || (line[to - 1] == '-' && line[to - 2] == '-');
    }

    /** Base64's stream closes what is below it. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
