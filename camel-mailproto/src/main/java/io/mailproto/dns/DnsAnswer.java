package io.mailproto.dns;

import java.util.List;
import java.util.Objects;

/**
 * What came of a question to the DNS. That a name does not exist, has no such record, or that nobody knows are three
 * different things to mail.
 *
 * @param kind which of them
 * @param records at least one for {@link Kind#FOUND}, else none
 * @param reason why nobody knows, in words; empty unless {@link Kind#FAILED}
 * @param <T> the kind of record
 */
public record DnsAnswer<T>(Kind kind, List<T> records, String reason) {

    /** The four ways a question can end. */
    public enum Kind {
        /** There are records. */
        FOUND,
        /** The name exists and has no record of this kind (NODATA). */
        NO_DATA,
        /** The name does not exist (NXDOMAIN). */
        NO_SUCH_NAME,
        /** No answer, or one that says nothing (SERVFAIL, REFUSED, a loop of aliases): later it may be another one. */
        FAILED
    }

    public DnsAnswer {
        Objects.requireNonNull(kind, "kind");
        records = List.copyOf(records);
        if (records.isEmpty() == (kind == Kind.FOUND)) {
            throw new IllegalArgumentException(kind + " with " + records.size() + " records");
        }
    }

    /** Records; {@link Kind#NO_DATA} if the list is empty. */
    public static <T> DnsAnswer<T> of(List<T> records) {
        return new DnsAnswer<>(records.isEmpty() ? Kind.NO_DATA : Kind.FOUND, records, "");
    }

    public static <T> DnsAnswer<T> noData() {
        return new DnsAnswer<>(Kind.NO_DATA, List.of(), "");
    }

    public static <T> DnsAnswer<T> noSuchName() {
        return new DnsAnswer<>(Kind.NO_SUCH_NAME, List.of(), "");
    }

    /** @param reason such as {@code no answer within 10 s} */
    public static <T> DnsAnswer<T> failed(String reason) {
        return new DnsAnswer<>(Kind.FAILED, List.of(), reason);
    }

    public boolean isFound() {
        return kind == Kind.FOUND;
    }
}
