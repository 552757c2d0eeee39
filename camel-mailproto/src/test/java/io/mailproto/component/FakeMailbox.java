package io.mailproto.component;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A mailbox in memory that behaves as a server does: sessions open, list, fetch, settle, end, and break on demand. */
final class FakeMailbox {

    private final TreeMap<Long, Octets> mails = new TreeMap<>();
    final Set<Long> unsettled = new ConcurrentSkipListSet<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final Set<Long> broken = new ConcurrentSkipListSet<>();
    volatile boolean abortBreaks;
    private volatile boolean aborted;
    volatile int window = 100;
    volatile boolean settlesAtEnd;
    volatile String breaksAt = "";
    /** What {@link #breaksAt} throws instead of an IOException; null for that. */
    volatile Throwable breaksWith;

    /** If not null: {@link #breaksAt} does not break but waits, until this latch opens or the session is aborted. */
    volatile CountDownLatch waitsFor;

    volatile long breaksAtUid = -1;

    FakeMailbox(int count) {
        for (long uid = 1; uid <= count; uid++) {
            String text = "Subject: mail " + uid + "\r\n\r\ntext " + uid + "\r\n";
            mails.put(uid, Octets.of(text.getBytes(StandardCharsets.US_ASCII)));
            unsettled.add(uid);
        }
    }

    /** Puts a mail in the place of another one, or adds it. */
    void put(long uid, byte[] mail) {
        mails.put(uid, Octets.of(mail));
        unsettled.add(uid);
    }

    PollSession<Long> open() throws IOException {
        note("open");
        return new Session();
    }

    /** How often a command has been given, by its first word. */
    long count(String command) {
        return commands.stream().filter(c -> c.startsWith(command)).count();
    }

    private void note(String command) throws IOException {
        commands.add(command);
        if (!breaksAt.isEmpty() && command.startsWith(breaksAt)) {
            if (waitsFor != null) {
                await(waitsFor);
                return;
            }
            if (breaksWith instanceof RuntimeException e) {
                throw e;
            }
            if (breaksWith instanceof Error e) {
                throw e;
            }
            throw new IOException("fake.example:143: " + command + ": the connection broke");
        }
    }

    private void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody has aborted the session");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (aborted) {
            throw new IOException("the session was aborted");
        }
    }

    private final class Session implements PollSession<Long> {

        private final List<Settlement<Long>> uncommitted = new ArrayList<>();

        @Override
        public List<Long> candidates(int max, Predicate<Long> isExcluded) throws IOException {
            note("list");
            return unsettled.stream().filter(isExcluded.negate()).limit(max).toList();
        }

        @Override
        public int windowSize(List<Long> rest, int room) {
            return Math.min(window, room);
        }

        @Override
        public void fetch(List<Long> keys, Consumer<Fetched<Long>> sink) throws IOException {
            note("fetch " + keys.get(0) + ":" + keys.get(keys.size() - 1));
            for (long uid : keys) {
                if (uid == breaksAtUid) {
                    throw new IOException("fake.example:143: fetching " + uid + ": the connection broke");
                }
                if (broken.contains(uid)) {
                    sink.accept(Fetched.failed(uid, new IOException("mail " + uid + " cannot be read")));
                } else {
                    sink.accept(Fetched.mail(uid, Mail.of(mails.get(uid)), Map.of(MailConstants.UID, "" + uid)));
                }
            }
        }

        @Override
        public void settle(List<Settlement<Long>> settlements) throws IOException {
            note("settle " + settlements.stream().map(s -> s.key().toString()).toList());
            if (settlesAtEnd) {
                uncommitted.addAll(settlements);
            } else {
                settlements.forEach(FakeMailbox.this::carryOut);
            }
        }

        @Override
        public boolean settlesAtEnd() {
            return settlesAtEnd;
        }

        @Override
        public void keepAlive() throws IOException {
            note("keepAlive");
        }

        @Override
        public void end() throws IOException {
            note("end");
            uncommitted.forEach(FakeMailbox.this::carryOut);
        }

        @Override
        public void abort(String reason) {
            commands.add("abort");
            aborted = true;
            if (waitsFor != null) {
                waitsFor.countDown();
            }
            if (abortBreaks) {
                throw new IllegalStateException("abort fails, too");
            }
        }
    }

    private void carryOut(Settlement<Long> settlement) {
        if (settlement.outcome() == Settlement.Outcome.ACCEPTED) {
            unsettled.remove(settlement.key());
        }
    }
}
