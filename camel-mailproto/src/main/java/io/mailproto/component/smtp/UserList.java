package io.mailproto.component.smtp;

import io.mailproto.sasl.Secret;
import java.util.HashMap;
import java.util.Map;

/**
 * The users of a server as an option has them:
 *
 * <pre>
 * users = user ":" password *( "," user ":" password )
 * </pre>
 *
 * A backslash in front of a comma, a colon or a backslash takes the meaning from it. A password may have colons anyway.
 */
final class UserList {
    private UserList() {}

    /**
     * The passwords by name.
     *
     * @throws IllegalArgumentException if the text is not like this; nothing of it is shown
     */
    static Map<String, Secret> parse(String text) {
        Map<String, Secret> users = new HashMap<>();
        StringBuilder word = new StringBuilder();
        String name = null;
        boolean isEscaped = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            boolean isEnd = i == text.length();
            if (isEscaped && (isEnd || (c != ',' && c != ':' && c != '\\'))) {
                // A backslash that stands in front of nothing special is one, as in Windows domains.
                word.append('\\');
                isEscaped = false;
            }
            if (isEscaped) {
                word.append(c);
                isEscaped = false;
            } else if (c == '\\') {
                isEscaped = true;
            } else if (c == ':' && name == null) {
                name = word.toString().strip();
                word.setLength(0);
            } else if (c == ',') {
                if (name == null || name.isEmpty() || word.isEmpty()) {
                    throw new IllegalArgumentException(
                            "users must be like ann:secret,bob:other, with a backslash in front"
                                    + " of a comma that belongs to a password");
                }
                users.put(name, Secret.of(word.toString()));
                name = null;
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        return users;
    }
}
