package io.mailproto.pop3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What {@code UIDL} listed: message numbers and unique ids (RFC 1939 §7), in the server's order. Maildrops with millions
 * of messages exist, so the ids lie one behind the other in one array and no object stands for a message. Immutable.
 *
 * <p>An id names one message here even if the server gives it to several (RFC 1939 allows that for equal messages; some
 * servers give all messages the same or an empty id): the second one is {@code id #2}, and so on.
 *
 * <pre>
 * octets  | w h q t s w O | Q R 9 8 | …
 * ends              ^7        ^11
 * table   seeded hash of (id, copy) → index + 1, open addressing
 * </pre>
 */
public final class UidListing {
    static final UidListing EMPTY = new Builder().build();

    private static final String COPY = " #";

    private final byte[] octets;
    private final int[] ends;
    /** Null while message i has the number i + 1, as it nearly always has. */
    private final int[] numbers;

    private final int count;
    private final int unreadable;
    private final int duplicateNumber;
    private final int[] table;
    private final int seed = ThreadLocalRandom.current().nextInt();
    /** Which copy of its id a message is, 0 for the first; null if there are no copies. */
    private int[] copies;

    private UidListing(Builder builder) {
        octets = builder.octets;
        ends = builder.ends;
        numbers = builder.numbers;
        count = builder.count;
        unreadable = builder.unreadable;
        duplicateNumber = numbers == null ? 0 : duplicateNumber(numbers, count);
        table = new int[Integer.highestOneBit(Math.max(count, 1)) * 4];
        index();
    }

    /**
     * Ids for the messages of a server that gives them none; they are the numbers, behind something.
     *
     * @param prefix what makes them differ from those of other sessions, where the same numbers may mean other messages
     */
    public static UidListing numbered(SizeListing listed, String prefix) {
        Builder ids = new Builder();
        for (int i = 0; i < listed.count(); i++) {
            ids.add(listed.number(i), prefix + listed.number(i));
        }
        return ids.build();
    }

    /** How many messages are listed. */
    public int count() {
        return count;
    }

    /** A message number that is listed twice, so that it is not known which mail it names; 0 if there is none. */
    int duplicateNumber() {
        return duplicateNumber;
    }

    private static int duplicateNumber(int[] numbers, int count) {
        boolean isAscending = true;
        for (int i = 1; i < count && isAscending; i++) {
            isAscending = numbers[i] > numbers[i - 1];
        }
        if (isAscending) {
            return 0;
        }
        int[] sorted = Arrays.copyOf(numbers, count);
        Arrays.sort(sorted);
        for (int i = 1; i < count; i++) {
            if (sorted[i] == sorted[i - 1]) {
                return sorted[i];
            }
        }
        return 0;
    }

    /** How many lines of the listing began with no message number. */
    public int unreadableLines() {
        return unreadable;
    }

    /**
     * The message number, valid in the session that made this listing.
     *
     * @param index 0 up to {@link #count()}, exclusive
     */
    public int number(int index) {
        return numbers == null ? index + 1 : numbers[index];
    }

    /**
     * The unique id, one char per octet, with the number of the copy if the server gave it before.
     *
     * @param index 0 up to {@link #count()}, exclusive
     */
    public String uid(int index) {
        int start = start(index);
        String uid = new String(octets, start, ends[index] - start, StandardCharsets.ISO_8859_1);
        return copy(index) == 0 ? uid : uid + COPY + (copy(index) + 1);
    }

    /**
     * Where an id is listed.
     *
     * @param uid as {@link #uid} returned it, now or in an earlier session
     * @return -1 if it is not listed
     */
    public int indexOf(String uid) {
        byte[] wanted = uid.getBytes(StandardCharsets.ISO_8859_1);
        int found = find(wanted, 0, wanted.length, 0);
        int suffix = uid.lastIndexOf(COPY);
        if (found >= 0 || suffix < 0 || copies == null) {
            return found;
        }
        long copy = Listing.number(uid, suffix + COPY.length(), uid.length()) - 1;
        return copy < 1 || copy > count ? -1 : find(wanted, 0, suffix, (int) copy);
    }

    /**
     * Whether the server gives the id to several messages of this listing, so that it names none of them for longer than
     * this session.
     *
     * @param uid as {@link #uid} returned it; false if it is not listed
     */
    public boolean isShared(String uid) {
        int index = copies == null ? -1 : indexOf(uid);
        return index >= 0 && (copies[index] > 0 || find(octets, start(index), ends[index], 1) >= 0);
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    private int copy(int index) {
        return copies == null ? 0 : copies[index];
    }

    private void index() {
        int[] seen = null;
        for (int i = 0; i < count; i++) {
            int first = find(octets, start(i), ends[i], 0);
            if (first >= 0) {
                if (copies == null) {
                    copies = new int[count];
                    seen = new int[count];
                }
                copies[i] = ++seen[first];
            }
            table[slot(octets, start(i), ends[i], copy(i))] = i + 1;
        }
    }

    private int find(byte[] uid, int from, int to, int copy) {
        return table[slot(uid, from, to, copy)] - 1;
    }

    /** Where the id is in the table, or the free place where it belongs. */
    private int slot(byte[] uid, int from, int to, int copy) {
        int hash = seed + copy * 0x9E3779B9;
        for (int i = from; i < to; i++) {
            // Seeded and mixed at every octet: the server chooses the ids and must not be able to make them collide.
            hash = (hash ^ uid[i]) * 0x85EBCA6B;
            hash ^= hash >>> 15;
        }
        hash ^= hash >>> 13;
        int slot = hash & (table.length - 1);
        while (table[slot] != 0 && !isAt(table[slot] - 1, uid, from, to, copy)) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private boolean isAt(int index, byte[] uid, int from, int to, int copy) {
        return copy(index) == copy && Arrays.equals(octets, start(index), ends[index], uid, from, to);
    }

    /** Collects the lines of a listing. */
    static final class Builder {
        private byte[] octets = new byte[1024];
        private int[] ends = new int[32];
        private int[] numbers;
        private int count;
        private int unreadable;

        /** Takes a line; one that names no message is counted only. */
        void add(String line) {
            if (!Listing.parse(line, this::add)) {
                unreadable++;
            }
        }

        private void add(int number, String line, int from, int to) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
            }
            rememberNumber(number);
            int start = used();
            if (octets.length - start < to - from) {
                octets = Arrays.copyOf(octets, Math.max(octets.length * 2, start + to - from));
            }
            for (int i = from; i < to; i++) {
                octets[start + i - from] = (byte) line.charAt(i);
            }
            ends[count++] = start + to - from;
        }

        private void rememberNumber(int number) {
            if (numbers == null && number != count + 1) {
                numbers = new int[ends.length];
                for (int i = 0; i < count; i++) {
                    numbers[i] = i + 1;
                }
            }
            if (numbers != null) {
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, ends.length);
                }
                numbers[count] = number;
            }
        }

        private int used() {
            return count == 0 ? 0 : ends[count - 1];
        }

        /** A mail that the server gives no id: this one does for it. */
        void add(int number, String uid) {
            add(number, uid, 0, uid.length());
        }

        /** What is held by now, all arrays together. */
        long heldOctets() {
            return used() + 4L * count;
        }

        UidListing build() {
            return new UidListing(this);
        }
    }
}
