package io.mailproto.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * What secret has been sent over a connection, so that a peer that says it back ("unknown command: PASS hunter2") brings
 * it into no trace and no exception. For the thread that owns the conversation.
 */
final class SentSecrets {

    private static final String HIDDEN = "***";
    /** Logins have few steps; the last ones count. */
    private static final int MOST = 16;
    /** Shorter ones are hidden only together with their command: they are parts of ordinary words. */
    private static final int SHORTEST = 3;

    private final Deque<String> secrets = new ArrayDeque<>(0);

    /**
     * A line has been sent.
     *
     * @param shown the same with other text where the secret is
     */
    void add(String line, String shown) {
        int same = 0;
        while (same < line.length() && same < shown.length() && line.charAt(same) == shown.charAt(same)) {
            same++;
        }
        String secret = line.substring(same).strip();
        if (secret.isEmpty()) {
            return;
        }
        if (secret.length() < SHORTEST) {
            add(line);
            return;
        }
        keep(secret);
        if (secret.length() > 2 && secret.startsWith("\"") && secret.endsWith("\"")) {
            add(secret.substring(1, secret.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        addDecoded(secret);
    }

    /** A secret that has been sent in a way of its own. */
    void add(String secret) {
        if (secret.length() >= SHORTEST) {
            keep(secret);
        }
    }

    /** The parts of a SASL response (RFC 4616, RFC 7628), which some servers show decoded. */
    private void addDecoded(String base64) {
        try {
            String decoded = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            String[] parts = decoded.split("[\u0000\u0001]");
            for (int i = 1; i < parts.length; i++) {
                String part = parts[i].startsWith("auth=Bearer ") ? parts[i].substring(12) : parts[i];
                boolean isUser = i == 1 && parts.length == 3 && decoded.indexOf('\u0001') < 0;
                if (!isUser && !part.isBlank()) {
                    add(part);
                }
            }
        } catch (IllegalArgumentException plain) {
            // Not a SASL response, so there is nothing in it but itself.
        }
    }

    private void keep(String secret) {
        secrets.remove(secret);
        if (secrets.size() == MOST) {
            secrets.removeFirst();
        }
        secrets.addLast(secret);
    }

    /** The text without them. */
    String hide(String text) {
        if (secrets.isEmpty()) {
            return text;
        }
        String hidden = text;
        for (String secret : secrets) {
            hidden = hidden.replace(secret, HIDDEN);
        }
        return hidden;
    }
}
