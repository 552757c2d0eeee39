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

    private final boolean ascending;
    private final int count;

    private SizeListing(Builder builder) {
        sizes = builder.sizes;
        numbers = builder.numbers;
        ascending = builder.ascending;
        count = builder.count;
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
        if (ascending) {
            int index = Arrays.binarySearch(numbers, 0, count, number);
            return index < 0 ? -1 : sizes[index];
        }
        for (int i = 0; i < count; i++) {
            if (numbers[i] == number) {
                return sizes[i];
            }
        }
        return -1;
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
