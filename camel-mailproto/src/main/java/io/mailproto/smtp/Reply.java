package io.mailproto.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the server answers to one command: a code and one or more lines of text (RFC 5321 §4.2). Immutable; used by both
 * roles.
 *
 * @param code 200..599
 * @param lines the text of each line without code and separator, as on the wire, so with the enhanced status code if
 *     there is one; at least one line, without control characters other than TAB
 */
public record Reply(int code, List<String> lines) {
    /** @throws IllegalArgumentException if the code is out of range, there is no line, or one holds control characters */
    public Reply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("an SMTP reply code is 200 to 599, not " + code);
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("an SMTP reply has at least one line");
        }
        lines = List.copyOf(lines);
        for (String line : lines) {
            for (int i = 0; i < line.length(); i++) {
                // A CR or LF in a reply's text would be another reply; RFC 5321 §4.2: textstring = 1*(HTAB / SP-~).
                if (Character.isISOControl(line.charAt(i)) && line.charAt(i) != '\t') {
                    throw new IllegalArgumentException(
                            "the text of an SMTP reply must not hold control characters (reply " + code + ")");
                }
            }
        }
    }

    /** A reply whose text is as given; an enhanced status code may be part of it. */
    public static Reply of(int code, String... lines) {
        return new Reply(code, List.of(lines));
    }

    /** A reply with an enhanced status code, which is put before the text of every line (RFC 2034 §4). */
    public static Reply of(int code, EnhancedStatusCode enhanced, String... lines) {
        List<String> texts = new ArrayList<>(lines.length);
        for (String line : lines) {
            texts.add(enhanced + " " + line);
        }
        return new Reply(code, texts);
    }

    /** 2yz: done. */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /** 3yz: go on. */
    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    /** 4yz: the same command may succeed later. */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /** 5yz: the same command will fail again. */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /** 421: whatever was asked, the server is about to close the connection (RFC 5321 §3.8). */
    public boolean isClosing() {
        return code == 421;
    }

    /**
     * The enhanced status code of this reply. Empty if there is none, and if its class contradicts the code: then the
     * code counts ({@code 550 4.2.2} is permanent).
     */
    public Optional<EnhancedStatusCode> enhanced() {
        return EnhancedStatusCode.leading(lines.get(0)).filter(status -> status.statusClass() == code / 100);
    }

    /** The last line's text, unchanged: after the final dot that is where servers write their queue id. */
    public String lastLine() {
        return lines.get(lines.size() - 1);
    }

    /** The lines as on the wire, without CRLF: {@code 250-first}, {@code 250 last}. */
    public List<String> toWireLines() {
        List<String> wire = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            wire.add(code + (i < lines.size() - 1 ? "-" : " ") + lines.get(i));
        }
        return wire;
    }

    /** One line for people: the code and the text of all lines. */
    @Override
    public String toString() {
        return code + " " + (lines.size() == 1 ? lines.get(0) : String.join(" ", lines));
    }
}
