package io.mailproto.pop3;

import java.util.Arrays;

/**
 * What {@code LIST} listed: message numbers and sizes in octets (RFC 1939 §5). Sizes are what the server says, a hint:
 * some count lines with LF only, some are wrong altogether. Without an object per message. Immutable.
 */
public final class SizeListing {
    private final long[] sizes;
    /** Null while message i has the number i + 1. */
    private final int[] numbers;

    /** The indexes in the order of the numbers; null while the server lists in that order. */
    private final int[] byNumber;

    private final int count;

    private SizeListing(Builder builder) {
        sizes = builder.sizes;
        numbers = builder.numbers;
        count = builder.count;
        byNumber = builder.ascending ? null : byNumber(numbers, count);
    }

    /** Equal numbers stay in the server's order. */
    private static int[] byNumber(int[] numbers, int count) {
        long[] pairs = new long[count];
        for (int i = 0; i < count; i++) {
            pairs[i] = (long) numbers[i] << 32 | i;
        }
        Arrays.sort(pairs);
        int[] indexes = new int[count];
        for (int i = 0; i < count; i++) {
            indexes[i] = (int) pairs[i];
        }
        return indexes;
    }

    /** How many messages are listed. */
    public int count() {
        return count;
    }

    /**
     * The number of a message.
     *
     * @param index 0 up to {@link #count()}, exclusive
     */
    public int number(int index) {
        return numbers == null ? index + 1 : numbers[index];
    }

    /**
     * The size of a message.
     *
     * @param number the message number
     * @return -1 if it is not listed or its size cannot be read
     */
    public long sizeOf(int number) {
        if (numbers == null) {
            return number >= 1 && number <= count ? sizes[number - 1] : -1;
        }
        if (byNumber == null) {
            int index = Arrays.binarySearch(numbers, 0, count, number);
            return index < 0 ? -1 : sizes[index];
        }
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (numbers[byNumber[middle]] < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < count && numbers[byNumber[low]] == number ? sizes[byNumber[low]] : -1;
    }

    /** Collects the lines of a listing. */
    static final class Builder {
        private long[] sizes = new long[32];
        private int[] numbers;
        private boolean ascending = true;
        private int count;

        /** Takes a line; one that names no message is left out. */
        void add(String line) {
            Listing.parse(line, (number, text, from, to) -> add(number, Listing.number(text, from, to)));
        }

        private void add(int number, long size) {
            if (count == sizes.length) {
                sizes = Arrays.copyOf(sizes, count * 2);
            }
            if (numbers == null && number != count + 1) {
                numbers = new int[sizes.length];
                for (int i = 0; i < count; i++) {
                    numbers[i] = i + 1;
                }
            }
            if (numbers != null) {
                numbers = count < numbers.length ? numbers : Arrays.copyOf(numbers, sizes.length);
                ascending &= count == 0 || number > numbers[count - 1];
                numbers[count] = number;
            }
            sizes[count++] = size;
        }

        long heldOctets() {
            return 8L * count;
        }

        SizeListing build() {
            return new SizeListing(this);
        }
    }
}
