package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What FETCH told about one message (RFC 3501 §7.4.2). Servers leave items out, so every question may have no answer.
 * Belongs to whom it is given; whoever gets it releases the octets when done.
 */
public final class FetchedMessage {
    private final long sequence;
    private final Map<BodySection, Literal> sections = new LinkedHashMap<>(4);
    private long uid = -1;
    private long size = -1;
    private Set<Flag> flags;
    private OffsetDateTime internalDate;
    private ImapValue envelope;
    private ImapValue bodyStructure;
    private String damage;

    FetchedMessage(long sequence) {
        this.sequence = sequence;
    }

    /** Its sequence number at the moment of the answer. */
    public long sequence() {
        return sequence;
    }

    /** Its UID. */
    public OptionalLong uid() {
        return uid < 1 ? OptionalLong.empty() : OptionalLong.of(uid);
    }

    /** Its flags. */
    public Optional<Set<Flag>> flags() {
        return Optional.ofNullable(flags);
    }

    /** When the server got it. */
    public Optional<OffsetDateTime> internalDate() {
        return Optional.ofNullable(internalDate);
    }

    /** Its size in octets as announced. A hint: servers are known to announce wrong sizes. */
    public OptionalLong size() {
        return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /** ENVELOPE, by its shape only. */
    public Optional<ImapValue> envelope() {
        return Optional.ofNullable(envelope);
    }

    /** BODYSTRUCTURE, by its shape only. */
    public Optional<ImapValue> bodyStructure() {
        return Optional.ofNullable(bodyStructure);
    }

    /** Was this section sent, and was it more than NIL? */
    public boolean has(BodySection section) {
        return sections.containsKey(section);
    }

    /**
     * The octets of a section that {@link #has(BodySection)} says is there.
     *
     * @throws IOException if they were sent but could not be kept (disk full, for example)
     */
    public Octets octets(BodySection section) throws IOException {
        Literal literal = sections.get(section);
        if (literal == null) {
            throw new IOException("the server did not send BODY[" + section.spec() + "]");
        }
        if (literal.failure() != null) {
            throw literal.failure();
        }
        return literal.octets();
    }

    /** If the response broke off or made no sense at some point: where. What came before that point is here. */
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Frees the octets of all sections. */
    public void release() {
        for (Literal literal : sections.values()) {
            literal.release();
        }
    }

    boolean hasAllOf(FetchItems items) {
        for (BodySection section : items.sections()) {
            if (!sections.containsKey(section)) {
                return false;
            }
        }
        for (FetchItems.Attribute attribute : items.attributes()) {
            boolean has =
                    switch (attribute) {
                        case FLAGS -> flags != null;
                        case INTERNAL_DATE -> internalDate != null;
                        case SIZE -> size >= 0;
                        case ENVELOPE -> envelope != null;
                        case BODY_STRUCTURE -> bodyStructure != null;
                    };
            if (!has) {
                return false;
            }
        }
        return true;
    }

    /** Does it bring anything beside UID and flags, which servers also send unasked? */
    boolean bringsMoreThanFlags() {
        return !sections.isEmpty() || size >= 0 || internalDate != null || envelope != null || bodyStructure != null;
    }

    /** Takes over what another response told about the same message (Q12). */
    void merge(FetchedMessage later) {
        for (Map.Entry<BodySection, Literal> section : later.sections.entrySet()) {
            Literal doubled = sections.putIfAbsent(section.getKey(), section.getValue());
            if (doubled != null) {
                section.getValue().release();
            }
        }
        uid = uid < 1 ? later.uid : uid;
        size = later.size < 0 ? size : later.size;
        flags = later.flags == null ? flags : later.flags;
        internalDate = later.internalDate == null ? internalDate : later.internalDate;
        envelope = later.envelope == null ? envelope : later.envelope;
        bodyStructure = later.bodyStructure == null ? bodyStructure : later.bodyStructure;
        damage = damage == null ? later.damage : damage;
    }

    void uid(long value) {
        uid = value > NumberRanges.MAX ? -1 : value;
    }

    void size(long value) {
        size = value;
    }

    void flags(Set<Flag> value) {
        flags = Set.copyOf(value);
    }

    void internalDate(OffsetDateTime value) {
        internalDate = value;
    }

    void envelope(ImapValue value) {
        envelope = value;
    }

    void bodyStructure(ImapValue value) {
        bodyStructure = value;
    }

    void damage(String reason) {
        damage = reason;
    }

    void section(BodySection section, Literal literal) {
        Literal doubled = sections.putIfAbsent(section, literal);
        if (doubled != null) {
            literal.release();
        }
    }

    @Override
    public String toString() {
        return "message " + sequence + (uid < 1 ? "" : ", UID " + uid) + (flags == null ? "" : ", " + flags)
                + (size < 0 ? "" : ", " + size + " octets") + (damage == null ? "" : ", damaged: " + damage);
    }
}
