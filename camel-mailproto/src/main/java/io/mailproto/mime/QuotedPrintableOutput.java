package io.mailproto.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Encodes as quoted-printable (RFC 2045 §6.7). CRLF pairs stay line ends, every other CR or LF is encoded, so that all
 * octets come back. Also encoded: white space at a line's end, a dot alone on a line, {@code From } at a line's start. For
 * one thread; {@link #close} writes what is pending and leaves the target open.
 */
final class QuotedPrintableOutput extends OutputStream {

    /** Without the CRLF, with room for the soft line break. */
    private static final int MAX_LINE = 76;

    private static final int NONE = -1;

    private final OutputStream target;
    private final byte[] line = new byte[MAX_LINE + 2];
    private int length;
    /** The octet whose form depends on the next one: CR, white space. */
    private int pending = NONE;

    private boolean closed;

    QuotedPrintableOutput(OutputStream target) {
        this.target = target;
    }

    @Override
    public void write(byte[] octets, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, octets.length);
        for (int i = offset; i < offset + count; i++) {
            write(octets[i]);
        }
    }

    @Override
    public void write(int value) throws IOException {
        int octet = value & 0xff;
        if (pending == '\r') {
            pending = NONE;
            if (octet == '\n') {
                endLine();
                return;
            }
            escape('\r');
        } else if (pending != NONE) {
            int blank = pending;
            pending = NONE;
            if (octet == '\r') {
                // Perhaps the line ends here; an escape is never wrong.
                escape(blank);
            } else {
                literal(blank);
            }
        }
        if (octet == '\r' || octet == ' ' || octet == '\t') {
            pending = octet;
        } else if (octet < ' ' || octet > '~' || octet == '=' || isRiskyAtStart(octet)) {
            escape(octet);
        } else {
            literal(octet);
        }
    }

    /** A dot or an F at the start of a line is what SMTP servers and mbox files stumble over. */
    private boolean isRiskyAtStart(int octet) {
        return length == 0 && (octet == '.' || octet == 'F');
    }

    private void literal(int octet) throws IOException {
        makeRoom(1);
        line[length++] = (byte) octet;
    }

    private void escape(int octet) throws IOException {
        makeRoom(3);
        line[length++] = '=';
        line[length++] = (byte) MailText.hex(octet >> 4);
        line[length++] = (byte) MailText.hex(octet);
    }

    private void makeRoom(int octets) throws IOException {
        if (length + octets > MAX_LINE - 1) {
            line[length++] = '=';
            endLine();
        }
    }

    private void endLine() throws IOException {
        line[length++] = '\r';
        line[length++] = '\n';
        target.write(line, 0, length);
        length = 0;
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (pending != NONE) {
            escape(pending);
            pending = NONE;
        }
        target.write(line, 0, length);
        length = 0;
    }
}
