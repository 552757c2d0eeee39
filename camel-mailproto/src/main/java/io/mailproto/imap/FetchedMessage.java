package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
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
    private OptionalLong modSeq = OptionalLong.empty();
    private Set<Flag> flags;
    private OffsetDateTime internalDate;
    private ImapValue envelope;
    private ImapValue bodyStructure;
    private List<String> labels;
    private Map<String, String> ids = Map.of();
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

    /** The mod-sequence of its last change (RFC 7162). */
    public OptionalLong modSeq() {
        return modSeq;
    }

    /** ENVELOPE, by its shape only. */
    public Optional<ImapValue> envelope() {
        return Optional.ofNullable(envelope);
    }

    /** BODYSTRUCTURE, by its shape only. */
    public Optional<ImapValue> bodyStructure() {
        return Optional.ofNullable(bodyStructure);
    }

    /** Gmail's labels; those that begin with a backslash are the system's. */
    public Optional<List<String>> labels() {
        return Optional.ofNullable(labels);
    }

    /** One of the names of the message or of its discussion that were asked for; empty if it has none. */
    public Optional<String> id(FetchItems.Attribute which) {
        return Optional.ofNullable(ids.get(which.item())).filter(id -> !id.isEmpty());
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

    /**
     * The structure of the message, from BODYSTRUCTURE.
     */
    public Optional<MessageStructure> structure() {
        return bodyStructure().map(MessageStructure::of);
    }

    /** Were the octets of this section sent, as asked for or with all others around them? */
    public boolean holds(BodySection section) {
        return has(section) || (section.length() > 0 && has(section.entire()));
    }

    /**
     * A new stream of the octets of a section that {@link #holds} says is there. Deviation: some servers (hMailServer,
     * Exchange at times) answer a range with everything; then only what was asked for is given.
     *
     * @throws IOException as {@link #octets}
     */
    public InputStream open(BodySection section) throws IOException {
        if (has(section) || section.length() == 0) {
            Octets all = octets(section);
            return section.length() == 0 ? all.open() : all.open(0, Math.min(section.length(), all.size()));
        }
        Octets all = octets(section.entire());
        long from = Math.min(section.origin(), all.size());
        return all.open(from, Math.min(section.length(), all.size() - from));
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
            if (!holds(section)) {
                return false;
            }
        }
        for (FetchItems.Attribute attribute : items.attributes()) {
            boolean has =
                    switch (attribute) {
                        case FLAGS -> flags != null;
                        case INTERNAL_DATE -> internalDate != null;
                        case SIZE -> size >= 0;
                        case MOD_SEQ -> modSeq.isPresent();
                        case ENVELOPE -> envelope != null;
                        case BODY_STRUCTURE -> bodyStructure != null;
                        case GMAIL_LABELS -> labels != null;
                        case EMAIL_ID, THREAD_ID, GMAIL_MESSAGE_ID, GMAIL_THREAD_ID ->
                            ids.containsKey(attribute.item());
                    };
            if (!has) {
                return false;
            }
        }
        return true;
    }

    /** Does it bring anything beside UID and flags, which servers also send unasked? */
    boolean bringsMoreThanFlags() {
        return !sections.isEmpty()
                || size >= 0
                || internalDate != null
                || envelope != null
                || bodyStructure != null
                || labels != null
                || !ids.isEmpty();
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
        modSeq = later.modSeq.isEmpty() ? modSeq : later.modSeq;
        internalDate = later.internalDate == null ? internalDate : later.internalDate;
        envelope = later.envelope == null ? envelope : later.envelope;
        bodyStructure = later.bodyStructure == null ? bodyStructure : later.bodyStructure;
        labels = later.labels == null ? labels : later.labels;
        later.ids.forEach(this::id);
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

    void modSeq(OptionalLong value) {
        modSeq = value;
    }

    void envelope(ImapValue value) {
        envelope = value;
    }

    void bodyStructure(ImapValue value) {
        bodyStructure = value;
    }

    void labels(List<String> value) {
        labels = List.copyOf(value);
    }

    /** @param item in capitals */
    void id(String item, String value) {
        if (ids.isEmpty()) {
            ids = new LinkedHashMap<>(4);
        }
        ids.put(item, value);
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
