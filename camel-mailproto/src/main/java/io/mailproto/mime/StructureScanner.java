package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Finds the parts of a message in one pass over its boundary lines (RFC 2046 §5.1); nothing is decoded or copied.
 *
 * <pre>
 * line                        while             does
 * --b of an open multipart    anywhere          ends the part and all multiparts inside b, opens a head
 * --b--                       anywhere          ends the multipart; its epilogue is passed over
 * other                       in a head         field, or empty line: the part's content starts
 * other                       elsewhere         content, preamble or epilogue
 * </pre>
 */
final class StructureScanner {

    static final int MAX_DEPTH = 100;
    static final int MAX_PARTS = 10_000;
    /** Octets of all part heads together: many parts must not make many times the limit of one head. */
    static final int MAX_HEADS = 8 * 1024 * 1024;

    /** RFC 2046 §5.1.1 allows 70; some write more. */
    private static final int MAX_BOUNDARY = 998;

    private static final int NONE = -1;

    private final Octets octets;
    private final List<String> problems = new ArrayList<>();
    private final List<Node> open = new ArrayList<>();
    private int parts;
    private int headOctets;
    private boolean isClosing;
    private String supposed;
    /** Where the part starts that the last delimiter opened. */
    private long partStart;

    private StructureScanner(Octets octets) {
        this.octets = octets;
    }

    /** The root part and what was odd. */
    record Structure(MimePart root, List<String> problems) {}

    static Structure scan(Octets octets, HeaderFields head) throws IOException {
        StructureScanner scanner = new StructureScanner(octets);
        Node root = scanner.run(head, null);
        if (root.isMultipart && root.children.isEmpty() && scanner.supposed != null) {
            // The boundary that was announced never comes, but something that looks like one does.
            StructureScanner second = new StructureScanner(octets);
            second.problem("the boundary of the message never occurs; took \"" + scanner.supposed + "\" instead");
            root = second.run(head, scanner.supposed);
            scanner = second;
        }
        return new Structure(root.toPart(octets), List.copyOf(scanner.problems));
    }

    private Node run(HeaderFields head, String boundary) throws IOException {
        long bodyStart = head.bodyOffset() >= 0 ? head.bodyOffset() : findBody();
        Node root = new Node(head, 0, bodyStart, "text/plain", 0);
        root.bodyEnd = octets.size();
        describe(root);
        for (HeaderField field : head.all()) {
            if (field.hasUnknownWord()) {
                problem("the field " + field.name() + " has an encoded word in an unknown charset");
            }
        }
        if (boundary != null) {
            root.boundary = boundary.getBytes(StandardCharsets.ISO_8859_1);
        }
        if (root.isMultipart) {
            open.add(root);
            scanMultipart(OctetLines.of(octets, bodyStart, octets.size()));
        }
        return root;
    }

    /** Only when the head was longer than what is kept. */
    private long findBody() throws IOException {
        OctetLines lines = OctetLines.of(octets, 0, octets.size());
        while (lines.advance(0)) {
            if (lines.isBlank()) {
                return lines.nextOffset();
            }
        }
        return octets.size();
    }

    private void scanMultipart(OctetLines lines) throws IOException {
        HeadParser head = null;
        Node leaf = null;
        long contentStart = 0;
        int terminator = 0;
        boolean isAgain = false;
        while (!open.isEmpty() && (isAgain || lines.advance(head == null ? MAX_BOUNDARY : HeadParser.MAX_OCTETS))) {
            isAgain = false;
            int level = levelOfDelimiter(lines, head == null && leaf == null);
            if (level != NONE) {
                long end = Math.max(contentStart, lines.offset() - terminator);
                if (head != null) {
                    head.end(lines.offset());
                    leaf = begin(head, lines.offset());
                }
                if (leaf != null) {
                    leaf.bodyEnd = Math.max(leaf.bodyStart, end);
                    leaf = null;
                }
                closeInside(level, end);
                head = null;
                if (isClosing) {
                    open.remove(level).bodyEnd = lines.nextOffset();
                } else if (parts < MAX_PARTS) {
                    head = HeadParser.ofPart(MAX_HEADS - headOctets);
                    contentStart = lines.nextOffset();
                    partStart = contentStart;
                } else {
                    problem("more than " + MAX_PARTS + " parts; the rest was ignored");
                    return;
                }
            } else if (head != null && head.line(lines)) {
                leaf = begin(head, lines.offset());
                contentStart = leaf.bodyStart;
                head = null;
                if (leaf.isMultipart && leaf.depth <= MAX_DEPTH) {
                    open.add(leaf);
                    // Without an empty line behind the head, this very line may be the new multipart's boundary.
                    isAgain = leaf.bodyStart == lines.offset();
                    leaf = null;
                }
            }
            if (leaf != null && !leaf.hasBegin) {
                leaf.hasBegin = UuInput.isBegin(lines.buffer(), lines.start(), lines.end());
            }
            terminator = isAgain ? terminator : lines.terminator();
        }
        if (head != null) {
            head.end(octets.size());
            begin(head, octets.size());
        }
        for (Node multipart : open) {
            problem("the multipart at octet " + multipart.bodyStart + " does not end");
        }
    }

    /** The part whose head is complete, at a line, becomes the last child of the innermost open multipart. */
    private Node begin(HeadParser parser, long lineAt) {
        headOctets += parser.length();
        parts++;
        Node parent = open.get(open.size() - 1);
        HeaderFields head = new HeaderFields(parser);
        String defaultType = parent.type.value().equals("multipart/digest") ? "message/rfc822" : "text/plain";
        long bodyStart = head.bodyOffset() >= 0 ? head.bodyOffset() : octets.size();
        Node part = new Node(head, partStart, bodyStart, defaultType, parent.depth + 1);
        part.bodyEnd = octets.size();
        // Lines that were taken for a head are not looked at again.
        part.hasBegin = bodyStart < lineAt;
        describe(part);
        parent.children.add(part);
        return part;
    }

    private void describe(Node part) {
        String section = part.depth == 0 ? "the header section" : "the header section of a part";
        if (part.head.truncated()) {
            problem(section + " is too long; the rest of it was ignored");
        }
        if (part.head.hasOddLine()) {
            problem(section + " has a line that is no field");
        }
        if (part.isMultipart && part.boundary == null) {
            problem("a " + part.type.value() + " names no boundary");
        }
        if (part.isMultipart && part.depth > MAX_DEPTH) {
            problem("parts are nested deeper than " + MAX_DEPTH + "; the inner ones were left as they are");
        }
        if (part.hasBadType) {
            problem("a Content-Type cannot be understood; took " + part.type.value());
        }
        String label = part.type.parameters().get("charset");
        if (label != null && MailCharsets.lookup(label) == null) {
            problem("the charset \"" + printable(label) + "\" is unknown");
        }
        if (part.decoding == ContentDecoding.UNKNOWN) {
            problem("the transfer encoding \"" + printable(MimePart.transferEncoding(part.head)) + "\" is unknown");
        }
    }

    private void closeInside(int level, long end) {
        while (open.size() - 1 > level) {
            Node unclosed = open.remove(open.size() - 1);
            unclosed.bodyEnd = Math.max(unclosed.bodyStart, end);
            problem("the multipart at octet " + unclosed.bodyStart + " does not end");
        }
    }

    /**
     * Which of the open multiparts the line delimits, the innermost first; sets {@link #isClosing}.
     *
     * @param isBetween true in a preamble or epilogue, where a boundary that nobody named may be learned
     */
    private int levelOfDelimiter(OctetLines lines, boolean isBetween) {
        byte[] line = lines.buffer();
        int start = lines.start();
        int end = lines.end();
        if (lines.isCut() || end - start < 3 || line[start] != '-' || line[start + 1] != '-') {
            return NONE;
        }
        // RFC 2046 §5.1.1: white space behind the boundary is padding of the transport.
        while (line[end - 1] == ' ' || line[end - 1] == '\t') {
            end--;
        }
        for (int level = open.size() - 1; level >= 0; level--) {
            byte[] boundary = open.get(level).boundary;
            if (boundary != null && matches(line, start + 2, end, boundary)) {
                return level;
            }
        }
        if (isBetween) {
            Node innermost = open.get(open.size() - 1);
            if (innermost.children.isEmpty() && looksLikeBoundary(line, start + 2, end)) {
                String text = new String(line, start + 2, end - start - 2, StandardCharsets.ISO_8859_1);
                if (innermost.boundary == null) {
                    innermost.boundary = text.getBytes(StandardCharsets.ISO_8859_1);
                    isClosing = false;
                    return open.size() - 1;
                }
                supposed = supposed == null && open.size() == 1 ? text : supposed;
            }
        }
        return NONE;
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

    /** Something that is neither a signature mark nor a ruled line. */
    private static boolean looksLikeBoundary(byte[] line, int from, int to) {
        boolean hasLetterOrDigit = false;
        for (int i = from; i < to; i++) {
            byte octet = line[i];
            if (octet <= ' ') {
                return false;
            }
            hasLetterOrDigit |= Character.isLetterOrDigit(octet);
        }
        return hasLetterOrDigit;
    }

    private void problem(String text) {
        if (problems.size() < 100 && !problems.contains(text)) {
            problems.add(text);
        }
    }

    private static String printable(String text) {
        String cut = text.length() > 40 ? text.substring(0, 40) : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    /** A part while it is being found. */
    private static final class Node {
        final HeaderFields head;
        final long start;
        final long bodyStart;
        final ParameterizedValue type;
        final boolean hasBadType;
        final ContentDecoding decoding;
        final boolean isMultipart;
        final int depth;
        final List<Node> children = new ArrayList<>(0);
        long bodyEnd;
        byte[] boundary;
        /** Whether a line starts as a file in uuencode does; true where nobody has looked. */
        boolean hasBegin;

        Node(HeaderFields head, long start, long bodyStart, String defaultType, int depth) {
            this.head = head;
            this.start = start;
            this.bodyStart = bodyStart;
            this.depth = depth;
            ParameterizedValue declared =
                    head.value("Content-Type").map(ParameterizedValue::parse).orElse(null);
            this.hasBadType = declared != null && !MediaTypes.isMediaType(declared.value());
            if (declared == null) {
                this.type = new ParameterizedValue(defaultType, Map.of());
            } else {
                this.type = hasBadType ? new ParameterizedValue("text/plain", declared.parameters()) : declared;
            }
            this.isMultipart = type.value().startsWith("multipart/");
            this.decoding = ContentDecoding.of(MimePart.transferEncoding(head));
            this.hasBegin = depth == 0;
            String named = isMultipart ? type.parameters().get("boundary") : null;
            if (named != null && !named.isBlank()) {
                // RFC 2046 §5.1.1: a boundary does not end with white space.
                this.boundary = named.stripTrailing().getBytes(StandardCharsets.ISO_8859_1);
            }
        }

        MimePart toPart(Octets octets) {
            if (children.isEmpty()) {
                return toPart(octets, List.of());
            }
            List<MimePart> parts = new ArrayList<>(children.size());
            for (Node child : children) {
                parts.add(child.toPart(octets));
            }
            return toPart(octets, Collections.unmodifiableList(parts));
        }

        private MimePart toPart(Octets octets, List<MimePart> parts) {
            return new MimePart(
                    octets, head, type, decoding, new MimePart.Range(start, bodyStart, bodyEnd, hasBegin), parts);
        }
    }
}
