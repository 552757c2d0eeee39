package io.mailproto.imap;

import java.util.List;
import java.util.PrimitiveIterator;

/**
 * UIDs of messages in one mailbox (RFC 3501 §2.3.1.1). Not sequence numbers: those are a {@link SequenceSet}.
 *
 * <p>Immutable and thread-safe. Normalised: ascending, without duplicates, neighbours joined to ranges
 * ({@code 1:3,7}); numbers are 1..4294967295. Written as {@code sequence-set} of RFC 3501 §9 without {@code *}.
 */
public final class UidSet {
    /** The greatest UID that there can be. */
    public static final long GREATEST = NumberRanges.MAX;

    private static final UidSet EMPTY = new UidSet(NumberRanges.EMPTY);

    private final NumberRanges ranges;

    private UidSet(NumberRanges ranges) {
        this.ranges = ranges;
    }

    /** The empty set; a command with it is never sent. */
    public static UidSet empty() {
        return EMPTY;
    }

    /** The given numbers, in any order. */
    public static UidSet of(long... numbers) {
        return new UidSet(NumberRanges.of(numbers));
    }

    /** All numbers from {@code low} to {@code high}, both included. */
    public static UidSet range(long low, long high) {
        return new UidSet(NumberRanges.range(low, high));
    }

    /**
     * Parses the text of a set, such as {@code 1:3,7}; ranges may come in any order and direction.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static UidSet parse(String text) {
        return new UidSet(NumberRanges.parse(text));
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
    public boolean intersects(UidSet other) {
        return ranges.intersects(other.ranges);
    }

    /** The union of both sets. */
    public UidSet plus(UidSet other) {
        return new UidSet(ranges.plus(other.ranges));
    }

    /** What is in this set and not in the other. */
    public UidSet minus(UidSet other) {
        return new UidSet(ranges.minus(other.ranges));
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
    public List<UidSet> split(int octets) {
        return ranges.split(octets).stream().map(UidSet::new).toList();
    }

    /**
     * Pieces of at most so many numbers, for servers that take no more at a time (RFC 9738).
     *
     * @param most from 1
     */
    public List<UidSet> splitByCount(long most) {
        if (count() <= most) {
            return List.of(this);
        }
        return ranges.splitByCount(most).stream().map(UidSet::new).toList();
    }

    /** The UID at a position, ascending from 0; pairs the two sets of COPYUID (RFC 4315 §3). */
    long at(long index) {
        return ranges.at(index);
    }

    static UidSet of(NumberRanges ranges) {
        return new UidSet(ranges);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet that && ranges.equals(that.ranges);
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
