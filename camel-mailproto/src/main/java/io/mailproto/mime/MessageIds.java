package io.mailproto.mime;

import io.mailproto.address.Domain;
import java.util.UUID;

/** Identifiers in angle brackets (RFC 5322 §3.6.4) and boundaries. */
final class MessageIds {

    private static final int MAX_LENGTH = 900;

    private MessageIds() {}

    /** A new one in the domain of the sender, in angle brackets. */
    static String next(Domain domain) {
        String right = domain.isNone() ? "localhost" : domain.ascii();
        return "<" + UUID.randomUUID() + "@" + right + ">";
    }

    /** RFC 2045 §6.7 (5): {@code =_} cannot occur in quoted-printable, nor in base64. */
    static String nextBoundary() {
        return "----=_" + UUID.randomUUID().toString().replace("-", "");
    }

    /** As people name them: {@code cid:my logo.png} has a blank, which mail programs take. */
    static void requireContentId(String what, String id) {
        requireId(what, id.strip().length() == id.length() ? id.replace(' ', '_') : id);
    }

    /** @throws IllegalArgumentException if it is none, with brackets or without */
    static String inBrackets(String id) {
        String bare = id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
        requireId("a message id", bare);
        return "<" + bare + ">";
    }

    static void requireId(String what, String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(what + " must have 1 to " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c > '~' || c == '<' || c == '>') {
                throw new IllegalArgumentException(what + " has a character that is not allowed there");
            }
        }
    }
}
