package io.mailproto.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * A set of numbers 1..2^32-1 as sorted, disjoint, non-adjacent ranges. What {@link UidSet} and {@link SequenceSet} share.
 *
 * <p>Always ascending: there are servers that refuse or misread unsorted sets and descending ranges, so none is ever
 * written (RFC 3501 allows both).
 */
final class NumberRanges {
    static final long MAX = 0xFFFF_FFFFL;
    static final NumberRanges EMPTY = new NumberRanges(new long[0], 0);

    /** low0, high0, low1, high1, … */
    private final long[] bounds;

    private final int ranges;

    private NumberRanges(long[] bounds, int ranges) {
        this.bounds = bounds;
        this.ranges = ranges;
    }

    static NumberRanges of(long... numbers) {
        long[] sorted = numbers.clone();
        Arrays.sort(sorted);
        long[] pairs = new long[sorted.length * 2];
        for (int i = 0; i < sorted.length; i++) {
            pairs[2 * i] = sorted[i];
            pairs[2 * i + 1] = sorted[i];
        }
        return merged(pairs, sorted.length);
    }

    static NumberRanges range(long low, long high) {
        return merged(new long[] {Math.min(low, high), Math.max(low, high)}, 1);
    }

    /** Pairs need not be sorted; each low must not exceed its high. */
    static NumberRanges ofPairs(long[] pairs, int count) {
        boolean sorted = true;
        for (int i = 1; i < count && sorted; i++) {
            sorted = pairs[2 * i] >= pairs[2 * i - 2];
        }
        if (sorted) {
            return merged(pairs, count);
        }
        long[][] rows = new long[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = new long[] {pairs[2 * i], pairs[2 * i + 1]};
        }
        Arrays.sort(rows, (a, b) -> Long.compare(a[0], b[0]));
        long[] ordered = new long[count * 2];
        for (int i = 0; i < count; i++) {
            ordered[2 * i] = rows[i][0];
            ordered[2 * i + 1] = rows[i][1];
        }
        return merged(ordered, count);
    }

    private static NumberRanges merged(long[] sortedPairs, int count) {
        long[] merged = new long[count * 2];
        int used = 0;
        for (int i = 0; i < count; i++) {
            long low = checked(sortedPairs[2 * i]);
            long high = checked(sortedPairs[2 * i + 1]);
            if (used > 0 && low <= merged[2 * used - 1] + 1) {
                merged[2 * used - 1] = Math.max(merged[2 * used - 1], high);
            } else {
                merged[2 * used] = low;
                merged[2 * used + 1] = high;
                used++;
            }
        }
        return used == 0 ? EMPTY : new NumberRanges(Arrays.copyOf(merged, 2 * used), used);
    }

    private static long checked(long number) {
        if (number < 1 || number > MAX) {
            throw new IllegalArgumentException("a message number or UID must be 1..4294967295, not " + number);
        }
        return number;
    }

    /**
     * Parses {@code sequence-set} without {@code *} (RFC 3501 §9), in any order and direction.
     *
     * @throws IllegalArgumentException if it is none
     */
    static NumberRanges parse(String text) {
        long[] pairs = new long[16];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            int colon = at;
            while (colon < end && text.charAt(colon) != ':') {
                colon++;
            }
            long low;
            long high;
            if (colon < end) {
                low = number(text, at, colon);
                high = number(text, colon + 1, end);
            } else {
                low = number(text, at, end);
                high = low;
            }
            if (2 * count == pairs.length) {
                pairs = Arrays.copyOf(pairs, pairs.length * 2);
            }
            pairs[2 * count] = Math.min(low, high);
            pairs[2 * count + 1] = Math.max(low, high);
            count++;
            if (end == text.length() - 1) {
                throw new IllegalArgumentException("a set must not end with a comma: " + ImapText.shown(text));
            }
            at = end + 1;
        }
        return ofPairs(pairs, count);
    }

    private static long number(String text, int from, int to) {
        if (to <= from || to - from > 10) {
            throw new IllegalArgumentException("not a set of numbers: " + ImapText.shown(text));
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new IllegalArgumentException("not a set of numbers: " + ImapText.shown(text));
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    boolean isEmpty() {
        return ranges == 0;
    }

    long count() {
        long count = 0;
        for (int i = 0; i < ranges; i++) {
            count += bounds[2 * i + 1] - bounds[2 * i] + 1;
        }
        return count;
    }

    long first() {
        if (ranges == 0) {
            throw new NoSuchElementException("the set is empty");
        }
        return bounds[0];
    }

    long last() {
        if (ranges == 0) {
            throw new NoSuchElementException("the set is empty");
        }
        return bounds[2 * ranges - 1];
    }

    boolean contains(long number) {
        int low = 0;
        int high = ranges - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (number < bounds[2 * middle]) {
                high = middle - 1;
            } else if (number > bounds[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    boolean intersects(NumberRanges other) {
        int mine = 0;
        int theirs = 0;
        while (mine < ranges && theirs < other.ranges) {
            if (bounds[2 * mine + 1] < other.bounds[2 * theirs]) {
                mine++;
            } else if (other.bounds[2 * theirs + 1] < bounds[2 * mine]) {
                theirs++;
            } else {
                return true;
            }
        }
        return false;
    }

    NumberRanges plus(NumberRanges other) {
        long[] pairs = Arrays.copyOf(bounds, 2 * (ranges + other.ranges));
        System.arraycopy(other.bounds, 0, pairs, 2 * ranges, 2 * other.ranges);
        return ofPairs(pairs, ranges + other.ranges);
    }

    /** What is in this set and not in the other. */
    NumberRanges minus(NumberRanges other) {
        long[] pairs = new long[2 * (ranges + other.ranges)];
        int count = 0;
        int theirs = 0;
        for (int i = 0; i < ranges; i++) {
            long low = bounds[2 * i];
            long high = bounds[2 * i + 1];
            while (theirs < other.ranges && other.bounds[2 * theirs + 1] < low) {
                theirs++;
            }
            for (int j = theirs; j < other.ranges && other.bounds[2 * j] <= high; j++) {
                if (other.bounds[2 * j] > low) {
                    pairs[2 * count] = low;
                    pairs[2 * count + 1] = other.bounds[2 * j] - 1;
                    count++;
                }
                low = other.bounds[2 * j + 1] + 1;
            }
            if (low <= high) {
                pairs[2 * count] = low;
                pairs[2 * count + 1] = high;
                count++;
            }
        }
        return ofPairs(pairs, count);
    }

    /** The {@code index}-th number of the set, ascending; for pairing the two sets of COPYUID. */
    long at(long index) {
        long left = index;
        for (int i = 0; i < ranges; i++) {
            long length = bounds[2 * i + 1] - bounds[2 * i] + 1;
            if (left < length) {
                return bounds[2 * i] + left;
            }
            left -= length;
        }
        throw new NoSuchElementException("the set has only " + count() + " numbers");
    }

    PrimitiveIterator.OfLong iterator() {
        return new PrimitiveIterator.OfLong() {
            private int range;
            private long next = ranges == 0 ? 0 : bounds[0];

            @Override
            public boolean hasNext() {
                return range < ranges;
            }

            @Override
            public long nextLong() {
                if (range >= ranges) {
                    throw new NoSuchElementException("no more numbers");
                }
                long number = next;
                if (number < bounds[2 * range + 1]) {
                    next++;
                } else if (++range < ranges) {
                    next = bounds[2 * range];
                }
                return number;
            }
        };
    }

    /** Cuts between ranges, so that none of the pieces is longer than {@code octets} as text (a range may be 21). */
    List<NumberRanges> split(int octets) {
        if (octets < 21) {
            throw new IllegalArgumentException("a piece of a set needs room for one range (21 octets), not " + octets);
        }
        List<NumberRanges> pieces = new ArrayList<>();
        int from = 0;
        int length = 0;
        for (int i = 0; i < ranges; i++) {
            int add = rangeLength(i) + (i > from ? 1 : 0);
            if (length + add > octets) {
                pieces.add(slice(from, i));
                from = i;
                length = rangeLength(i);
            } else {
                length += add;
            }
        }
        if (ranges > from) {
            pieces.add(slice(from, ranges));
        }
        return pieces;
    }

    /** Pieces of at most so many numbers, in order. */
    List<NumberRanges> splitByCount(long most) {
        List<NumberRanges> pieces = new ArrayList<>();
        long[] pairs = new long[2 * ranges];
        int used = 0;
        long room = most;
        for (int i = 0; i < ranges; i++) {
            long low = bounds[2 * i];
            long high = bounds[2 * i + 1];
            while (low <= high) {
                long end = Math.min(high, low + room - 1);
                pairs[2 * used] = low;
                pairs[2 * used++ + 1] = end;
                room -= end - low + 1;
                low = end + 1;
                if (room == 0) {
                    pieces.add(ofPairs(Arrays.copyOf(pairs, 2 * used), used));
                    used = 0;
                    room = most;
                }
            }
        }
        if (used > 0) {
            pieces.add(ofPairs(Arrays.copyOf(pairs, 2 * used), used));
        }
        return pieces;
    }

    private NumberRanges slice(int from, int to) {
        return new NumberRanges(Arrays.copyOfRange(bounds, 2 * from, 2 * to), to - from);
    }

    private int rangeLength(int i) {
        long low = bounds[2 * i];
        long high = bounds[2 * i + 1];
        return low == high ? digits(low) : digits(low) + 1 + digits(high);
    }

    private static int digits(long number) {
        return Long.toString(number).length();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberRanges that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(ranges * 8);
        for (int i = 0; i < ranges; i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(bounds[2 * i]);
            if (bounds[2 * i + 1] > bounds[2 * i]) {
                text.append(':').append(bounds[2 * i + 1]);
            }
        }
        return text.toString();
    }
}
