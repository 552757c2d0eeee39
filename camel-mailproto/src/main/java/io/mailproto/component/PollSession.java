package io.mailproto.component;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One visit to a mailbox, as a poll needs it. All methods but {@link #abort} are called by the fetcher's thread alone,
 * one after the other, and may block within the protocol's deadlines. After an {@link IOException} only {@link #abort}
 * is called.
 *
 * @param <K> what names a mail in this mailbox for as long as it is there, across sessions: with {@code equals} and a
 *     {@code toString} that is unique in the mailbox (folder, UIDVALIDITY and UID; or UIDL)
 */
public interface PollSession<K> {

    /**
     * What there is to fetch, in the order of processing.
     *
     * @param max most keys to return
     * @param isExcluded keys that are being worked on already, or have been
     */
    List<K> candidates(int max, Predicate<K> isExcluded) throws IOException;

    /**
     * How many of the next keys to fetch in one go; at least 1. The session keeps the announced octets of a window
     * bounded.
     *
     * @param rest the keys not yet fetched, never empty
     * @param room how many mails the queue still takes; at least 1
     */
    int windowSize(List<K> rest, int room);

    /** Fetches a window; gives each key's result to the sink exactly once, in any order. */
    void fetch(List<K> window, Consumer<Fetched<K>> sink) throws IOException;

    /**
     * Carries out what became of mails, in as few commands as possible. Keys may come from earlier sessions; those that
     * are no longer in the mailbox are passed over.
     */
    void settle(List<Settlement<K>> settlements) throws IOException;

    /** True if settlements count only after {@link #end} has returned, as POP3's deletions do. */
    boolean settlesAtEnd();

    /** Keeps the connection alive while the route works. */
    void keepAlive() throws IOException;

    /** The orderly end: LOGOUT, QUIT, or giving the connection back. */
    void end() throws IOException;

    /**
     * Is told the failure that ends this session, before {@link #abort}.
     *
     * @return whether it is unknown which mails the session has fetched, because one answer may have been taken for
     *     another: what became of them is not carried out then, and they come again
     */
    default boolean endsInDoubt(Exception failure) {
        return false;
    }

    /** Cuts the connection; from any thread; harmless when repeated. */
    void abort(String reason);
}
