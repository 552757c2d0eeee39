package io.mailproto.mime;

import java.util.Arrays;

/**
 * Finds the fields of a header section, fed line by line, and where the body starts. Pure.
 *
 * <p>Lenient where mail is: a byte order mark of UTF-8 before a field, white space before the colon, an mbox {@code From } line at the top, lines that are neither
 * field nor continuation. Such a line is passed over if a field follows; else the body starts with it, because somebody
 * forgot the empty line (or there is no head at all) and its text must not be lost.
 */
final class HeadParser {

    static final int MAX_FIELDS = 10_000;
    static final int MAX_OCTETS = 1024 * 1024;

    private static final int START = 0;
    private static final int NAME_END = 1;
    private static final int BODY_START = 2;
    private static final int END = 3;
    private static final int COLUMNS = 4;

    private final int maxFields;
    private final int maxOctets;

    private byte[] octets;
    private int length;
    private int[] table;
    /** Where in the message each field starts. */
    private long[] offsets;

    private int count;
    private boolean truncated;
    private boolean eightBit;
    private boolean hasOddLine;
    private boolean fieldIsOpen;
    private long oddLineAt = -1;
    private long bodyOffset = -1;

    private HeadParser(int maxFields, int maxOctets, int fields) {
        this.maxFields = maxFields;
        this.maxOctets = maxOctets;
        this.octets = new byte[fields * 64];
        this.table = new int[COLUMNS * fields];
        this.offsets = new long[fields];
    }

    /** For a message, which has many fields. */
    static HeadParser ofMessage() {
        return new HeadParser(MAX_FIELDS, MAX_OCTETS, 16);
    }

    /** For a part, which has few. */
    static HeadParser ofPart(int maxOctets) {
        return new HeadParser(MAX_FIELDS, Math.min(MAX_OCTETS, maxOctets), 4);
    }

    /** Takes the current line; true if the section is over and {@link #bodyOffset()} is known. */
    boolean line(OctetLines lines) {
        if (lines.isBlank()) {
            bodyOffset = oddLineAt >= 0 ? oddLineAt : lines.nextOffset();
            return true;
        }
        if (truncated) {
            return false;
        }
        byte[] line = lines.buffer();
        int start = startOfField(lines);
        boolean isContinuation = start == lines.start() && (line[start] == ' ' || line[start] == '\t');
        int colon = isContinuation ? -1 : colon(line, start, lines.end());
        if (isContinuation && fieldIsOpen && oddLineAt < 0) {
            append(lines, start);
            return false;
        }
        if (colon < 0) {
            return oddLine(lines);
        }
        if (oddLineAt >= 0) {
            oddLineAt = -1;
            hasOddLine = true;
        }
        open(lines, start, colon);
        return false;
    }

    /**
     * Behind the mark that editors put before a text (U+FEFF in UTF-8). It precedes a message made by a script, and stands
     * in the middle of a head once servers have put their own fields on top.
     */
    private static int startOfField(OctetLines lines) {
        byte[] line = lines.buffer();
        int start = lines.start();
        boolean hasMark = lines.end() - start > 3
                && line[start] == (byte) 0xef
                && line[start + 1] == (byte) 0xbb
                && line[start + 2] == (byte) 0xbf;
        return hasMark ? start + 3 : start;
    }

    /** The octets are at their end. */
    void end(long at) {
        if (bodyOffset < 0 && !truncated) {
            bodyOffset = oddLineAt >= 0 ? oddLineAt : at;
        }
    }

    private boolean oddLine(OctetLines lines) {
        if (oddLineAt >= 0) {
            bodyOffset = oddLineAt;
            return true;
        }
        if (isBoundaryLine(lines)) {
            // Nothing else looks so; fields behind it belong to the first part.
            bodyOffset = lines.offset();
            return true;
        }
        oddLineAt = lines.offset();
        fieldIsOpen = false;
        if (count == 0 && isMboxLine(lines)) {
            // Known from mailbox files cut into messages; it is no part of the message.
            oddLineAt = -1;
        }
        return false;
    }

    private static boolean isBoundaryLine(OctetLines lines) {
        int start = lines.start();
        return lines.end() - start > 2 && lines.buffer()[start] == '-' && lines.buffer()[start + 1] == '-';
    }

    private static boolean isMboxLine(OctetLines lines) {
        byte[] line = lines.buffer();
        int start = startOfField(lines);
        return lines.offset() == 0
                && lines.end() - start > 5
                && line[start] == 'F'
                && line[start + 1] == 'r'
                && line[start + 2] == 'o'
                && line[start + 3] == 'm'
                && line[start + 4] == ' ';
    }

    /** Index of the colon behind a valid name, or -1. */
    private static int colon(byte[] line, int start, int end) {
        int i = start;
        // RFC 5322 §2.2: ftext = %d33-57 / %d59-126
        while (i < end && line[i] > ' ' && line[i] < 0x7f && line[i] != ':') {
            i++;
        }
        int nameEnd = i;
        // RFC 5322 §4.5: obsolete syntax allows white space before the colon.
        while (i < end && (line[i] == ' ' || line[i] == '\t')) {
            i++;
        }
        return nameEnd > start && i < end && line[i] == ':' ? i : -1;
    }

    private void open(OctetLines lines, int lineStart, int colon) {
        fieldIsOpen = false;
        if (count == maxFields) {
            truncated = true;
            return;
        }
        int fieldStart = length;
        if (!append(lines, lineStart)) {
            return;
        }
        fieldIsOpen = true;
        int nameEnd = colon;
        byte[] line = lines.buffer();
        while (line[nameEnd - 1] == ' ' || line[nameEnd - 1] == '\t') {
            nameEnd--;
        }
        int row = count * COLUMNS;
        if (row == table.length) {
            table = Arrays.copyOf(table, table.length * 2);
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        offsets[count] = lines.offset() + lineStart - lines.start();
        table[row + START] = fieldStart;
        table[row + NAME_END] = fieldStart + nameEnd - lineStart;
        table[row + BODY_START] = fieldStart + colon + 1 - lineStart;
        table[row + END] = length;
        count++;
    }

    private boolean append(OctetLines lines, int start) {
        int size = lines.next() - start;
        if (truncated || lines.isCut() || length + size > maxOctets) {
            truncated = true;
            return false;
        }
        if (length + size > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(length + size, octets.length * 2));
        }
        System.arraycopy(lines.buffer(), start, octets, length, size);
        eightBit |= !MailCharsets.isAscii(octets, length, size);
        length += size;
        if (fieldIsOpen) {
            table[(count - 1) * COLUMNS + END] = length;
        }
        return true;
    }

    /** Shared, not copied; nothing is written to it once the section is over. */
    byte[] octets() {
        return octets;
    }

    int length() {
        return length;
    }

    int count() {
        return count;
    }

    int start(int field) {
        return table[field * COLUMNS + START];
    }

    int nameEnd(int field) {
        return table[field * COLUMNS + NAME_END];
    }

    int bodyStart(int field) {
        return table[field * COLUMNS + BODY_START];
    }

    int end(int field) {
        return table[field * COLUMNS + END];
    }

    /** Where in the message a field starts; its octets follow without a gap. */
    long offset(int field) {
        return offsets[field];
    }

    boolean truncated() {
        return truncated;
    }

    boolean hasEightBit() {
        return eightBit;
    }

    /** True if a line was passed over that is no field. */
    boolean hasOddLine() {
        return hasOddLine;
    }

    long bodyOffset() {
        return bodyOffset;
    }
}
