package io.mailproto.component;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a consumer or producer has done since it was made: how often it went well, how often not, and what went wrong last.
 * Thread-safe; nothing blocks.
 */
public final class MailActivity {

    private static final int MAX_TEXT = 1_000;

    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile Instant lastSuccess;
    private volatile Failure lastFailure;

    /**
     * Something that went wrong.
     *
     * @param when it did
     * @param text of the exception, cut after 1,000 characters
     */
    public record Failure(Instant when, String text) {}

    /** Something that either goes well or throws. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    /** Runs the step on the caller's thread and counts it. */
    public void watch(Step step) throws Exception {
        try {
            step.run();
        } catch (Exception e) {
            failed(e);
            throw e;
        }
        succeeded();
    }

    /** Counts a success. */
    public void succeeded() {
        succeeded.increment();
        lastSuccess = Instant.now();
    }

    /** Counts a failure. */
    public void failed(Throwable cause) {
        failed.increment();
        note(cause);
    }

    /** Counts a failure that is no exception. */
    public void failed(String text) {
        failed.increment();
        note(text);
    }

    /** Remembers what went wrong where it is no mail that has failed, such as a poll that found no server. */
    public void note(Throwable cause) {
        note(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private void note(String text) {
        lastFailure = new Failure(Instant.now(), text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }

    public long successes() {
        return succeeded.sum();
    }

    public long failures() {
        return failed.sum();
    }

    public Optional<Instant> lastSuccess() {
        return Optional.ofNullable(lastSuccess);
    }

    public Optional<Failure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** @throws IllegalStateException if the last thing that is known went wrong */
    public void requireSound() {
        Failure failure = lastFailure;
        Instant success = lastSuccess;
        if (failure != null && (success == null || success.isBefore(failure.when()))) {
            throw new IllegalStateException("the last attempt, at " + failure.when() + ", failed: " + failure.text());
        }
    }
}
