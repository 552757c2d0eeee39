package io.mailproto.imap;

/** A response does not follow the grammar. Never leaves the package: the response is kept as raw text and skipped. */
final class ParseFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ParseFailure(String reason) {
        super(reason, null, false, false);
    }
}
