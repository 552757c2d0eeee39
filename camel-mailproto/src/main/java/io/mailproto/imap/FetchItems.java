package io.mailproto.imap;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a FETCH shall tell about each message (RFC 3501 §6.4.5); the UID always.
 *
 * @param attributes what is known about the message
 * @param sections which of its octets
 * @param peek leave the flag {@code \Seen} alone? (without: fetching a section sets it)
 */
public record FetchItems(Set<Attribute> attributes, List<BodySection> sections, boolean peek) {
    /** Facts about a message, without its octets. */
    public enum Attribute {
        FLAGS("FLAGS"),
        INTERNAL_DATE("INTERNALDATE"),
        SIZE("RFC822.SIZE"),
        /** The mod-sequence of its last change; asking for it switches CONDSTORE on (RFC 7162). */
        MOD_SEQ("MODSEQ"),
        ENVELOPE("ENVELOPE"),
        BODY_STRUCTURE("BODYSTRUCTURE"),
        /** A name of the message that outlives moving (RFC 8474, OBJECTID). */
        EMAIL_ID("EMAILID"),
        /** A name of the discussion it is part of (RFC 8474, OBJECTID). */
        THREAD_ID("THREADID"),
        /** Gmail's labels (X-GM-EXT-1). */
        GMAIL_LABELS("X-GM-LABELS"),
        /** Gmail's name of the message (X-GM-EXT-1). */
        GMAIL_MESSAGE_ID("X-GM-MSGID"),
        /** Gmail's name of the discussion (X-GM-EXT-1). */
        GMAIL_THREAD_ID("X-GM-THRID");

        private final String item;

        Attribute(String item) {
            this.item = item;
        }

        /** What it is called in FETCH. */
        String item() {
            return item;
        }
    }

    public FetchItems {
        attributes = Set.copyOf(attributes);
        sections = List.copyOf(sections);
    }

    /** Only facts. */
    public static FetchItems of(Attribute... attributes) {
        return new FetchItems(Set.of(attributes), List.of(), true);
    }

    /** The same, and this section. */
    public FetchItems with(BodySection section) {
        List<BodySection> more = new java.util.ArrayList<>(sections);
        more.add(section);
        return new FetchItems(attributes, more, peek);
    }

    /** The same, but fetching marks the messages as seen. */
    public FetchItems marking() {
        return new FetchItems(attributes, sections, false);
    }

    /** The argument of FETCH, for example {@code (UID FLAGS BODY.PEEK[])}. UID first: answers are routed by it. */
    String text() {
        StringBuilder text = new StringBuilder("(UID");
        Set<Attribute> ordered = EnumSet.noneOf(Attribute.class);
        ordered.addAll(attributes);
        for (Attribute attribute : ordered) {
            text.append(' ').append(attribute.item);
        }
        for (BodySection section : sections) {
            text.append(' ').append(section.item(peek));
        }
        return text.append(')').toString();
    }
}
