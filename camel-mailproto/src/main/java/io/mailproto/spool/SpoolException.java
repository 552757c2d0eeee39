package io.mailproto.spool;

import java.io.IOException;
import java.nio.file.Path;

/** The spool could not keep or give back octets: disk full, directory missing or not writable, already released. */
public final class SpoolException extends IOException {

    private static final long serialVersionUID = 1L;

    SpoolException(String what) {
        super(what);
    }

    SpoolException(Path directory, String step, IOException cause) {
        super("spool " + directory + ": " + step + ": " + reason(cause), cause);
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + message;
    }
}
