package io.mailproto.mime;

/** {@code type/subtype} (RFC 2045 §5.1). */
final class MediaTypes {

    private MediaTypes() {}

    /** Both parts are tokens; lower case is expected. */
    static boolean isMediaType(String type) {
        int slash = type.indexOf('/');
        if (slash <= 0 || slash == type.length() - 1) {
            return false;
        }
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (c <= ' ' || c > '~' || (c == '/' && i != slash) || "\"(),:;<=>?@[\\]".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Refuses what is no content type to be written: something else than type/subtype before the parameters, characters
     * beyond ASCII, CR, LF or NUL.
     */
    static void require(String what, String contentType) {
        FieldBody.requireSafe(what, contentType);
        if (!MailText.isAscii(contentType)
                || !isMediaType(ParameterizedValue.parse(contentType).value())) {
            throw new IllegalArgumentException(what + " is not type/subtype");
        }
    }
}
