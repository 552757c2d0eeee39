package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One command, ready to be written: text, literal, text, … Everything is checked while it is put together, so that
 * nothing that could end a line early ever reaches the wire (RFC 3501 §9: CHAR, without CR, LF and NUL).
 */
final class ImapCommand {
    /** Longer strings go as literals, which no server's line limit counts. */
    private static final int LONGEST_QUOTED = 1_000;

    private final ImapVerb verb;
    private final List<Part> parts = new ArrayList<>(1);
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder shown = new StringBuilder();
    private UidSet uids;
    private boolean isTight;

    /**
     * @param text what goes over the wire, printable US-ASCII
     * @param shown what a trace may show of it
     * @param literal what follows it; null behind the last text
     * @param isBinary is it a literal8 (RFC 3516), which may hold NUL?
     */
    record Part(String text, String shown, Octets literal, boolean isBinary) {}

    private ImapCommand(ImapVerb verb) {
        this.verb = verb;
        append(verb.word());
    }

    static ImapCommand of(ImapVerb verb) {
        return new ImapCommand(verb);
    }

    ImapVerb verb() {
        return verb;
    }

    /** Words that need no quotes, as they are. */
    ImapCommand raw(String words) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (c < 0x20 || c > 0x7E) {
                throw new IllegalArgumentException(
                        "an IMAP command must be printable US-ASCII: " + ImapText.shown(words));
            }
        }
        space();
        append(words);
        return this;
    }

    /** The messages it is about. */
    ImapCommand uids(UidSet set) {
        if (set.isEmpty()) {
            throw new IllegalArgumentException(verb + " needs at least one message");
        }
        uids = set;
        return raw(set.toString());
    }

    ImapCommand mailbox(MailboxName name) {
        return name.equals(MailboxName.INBOX)
                ? raw("INBOX")
                : string(name.wire().getBytes(StandardCharsets.ISO_8859_1), null);
    }

    /** A string, in quotes if that is possible, else as a literal in UTF-8. */
    ImapCommand string(String value) {
        return string(value.getBytes(StandardCharsets.UTF_8), null);
    }

    /** As {@link #string(String)}; no trace and no exception will show it. */
    ImapCommand secret(String value) {
        return string(value.getBytes(StandardCharsets.UTF_8), "***");
    }

    /** A word that no trace shows. */
    ImapCommand secretWord(String word) {
        space();
        text.append(word);
        shown.append("***");
        return this;
    }

    private ImapCommand string(byte[] octets, String instead) {
        space();
        if (isQuotable(octets)) {
            String quoted = quoted(new String(octets, StandardCharsets.US_ASCII));
            text.append(quoted);
            shown.append(instead == null ? quoted : instead);
        } else {
            literal(octets);
        }
        return this;
    }

    private static boolean isQuotable(byte[] octets) {
        if (octets.length > LONGEST_QUOTED) {
            return false;
        }
        for (byte octet : octets) {
            if (octet < 0x20 || octet == 0x7F) {
                return false;
            }
        }
        return true;
    }

    private void literal(byte[] octets) {
        for (byte octet : octets) {
            if (octet == 0) {
                throw new IllegalArgumentException("an IMAP literal must not hold NUL");
            }
        }
        add(Octets.of(octets), false);
    }

    private void add(Octets octets, boolean isBinary) {
        parts.add(new Part(text.toString(), shown.toString(), octets, isBinary));
        text.setLength(0);
        shown.setLength(0);
    }

    /** A whole message, as a literal in any case; read when it is sent. */
    ImapCommand message(Octets octets, boolean isBinary) {
        space();
        add(octets, isBinary);
        return this;
    }

    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    /** What comes next follows without a space. */
    ImapCommand tight() {
        isTight = true;
        return this;
    }

    private void space() {
        if (!isTight) {
            append(" ");
        }
        isTight = false;
    }

    private void append(String words) {
        text.append(words);
        shown.append(words);
    }

    List<Part> parts() {
        List<Part> all = new ArrayList<>(parts);
        all.add(new Part(text.toString(), shown.toString(), null, false));
        return all;
    }

    long length() {
        long length = text.length();
        for (Part part : parts) {
            length += part.text().length() + part.literal().size();
        }
        return length;
    }

    /** Without secrets, at most 200 characters. */
    String shown() {
        StringBuilder all = new StringBuilder();
        for (Part part : parts()) {
            all.append(part.shown());
            if (part.literal() != null) {
                all.append('{').append(part.literal().size()).append('}');
            }
        }
        return ImapText.shown(all.toString());
    }

    boolean mayRunBeside(ImapCommand other) {
        return verb.mayRunBeside(other.verb, uids == null || other.uids == null || uids.intersects(other.uids));
    }
}
