package io.mailproto.imap;

import java.util.List;
import java.util.PrimitiveIterator;

/**
 * Sequence numbers of messages in the selected mailbox (RFC 3501 §2.3.1.2). They shift with every EXPUNGE;
 * prefer a {@link UidSet}.
 *
 * <p>Immutable and thread-safe. Normalised: ascending, without duplicates, neighbours joined to ranges
 * ({@code 1:3,7}); numbers are 1..4294967295. Written as {@code sequence-set} of RFC 3501 §9 without {@code *}.
 */
public final class SequenceSet {
    private static final SequenceSet EMPTY = new SequenceSet(NumberRanges.EMPTY);

    private final NumberRanges ranges;

    private SequenceSet(NumberRanges ranges) {
        this.ranges = ranges;
    }

    /** The empty set; a command with it is never sent. */
    public static SequenceSet empty() {
        return EMPTY;
    }

    /** The given numbers, in any order. */
    public static SequenceSet of(long... numbers) {
        return new SequenceSet(NumberRanges.of(numbers));
    }

    /** All numbers from {@code low} to {@code high}, both included. */
    public static SequenceSet range(long low, long high) {
        return new SequenceSet(NumberRanges.range(low, high));
    }

    /**
     * Parses the text of a set, such as {@code 1:3,7}; ranges may come in any order and direction.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SequenceSet parse(String text) {
        return new SequenceSet(NumberRanges.parse(text));
    }

    /** Is there nothing in it? */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many numbers are in it. */
    public long count() {
        return ranges.count();
    }

    /** The smallest number; {@link java.util.NoSuchElementException} if the set is empty. */
    public long first() {
        return ranges.first();
    }

    /** The greatest number; {@link java.util.NoSuchElementException} if the set is empty. */
    public long last() {
        return ranges.last();
    }

    /** Is this number in it? */
    public boolean contains(long number) {
        return ranges.contains(number);
    }

    /** Is any number in both sets? */
    public boolean intersects(SequenceSet other) {
        return ranges.intersects(other.ranges);
    }

    /** The union of both sets. */
    public SequenceSet plus(SequenceSet other) {
        return new SequenceSet(ranges.plus(other.ranges));
    }

    /** The numbers, ascending, without an object for each. */
    public PrimitiveIterator.OfLong iterator() {
        return ranges.iterator();
    }

    /**
     * Pieces whose text is at most {@code octets} long, so that a command stays within the line length a server takes.
     *
     * @param octets at least 21, the length of the longest range
     */
    public List<SequenceSet> split(int octets) {
        return ranges.split(octets).stream().map(SequenceSet::new).toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceSet that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** As on the wire, for example {@code 1:3,7}. */
    @Override
    public String toString() {
        return ranges.toString();
    }
}
