package io.mailproto.smtp;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parameters behind the path of MAIL or RCPT (RFC 5321 §4.1.2):
 *
 * <pre>
 * esmtp-param   = esmtp-keyword ["=" esmtp-value]
 * esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
 * esmtp-value   = 1*(%d33-60 / %d62-126)              ; RFC 6531 adds UTF-8
 * </pre>
 *
 * Keywords are upper case here; a parameter without a value has the value {@code ""}, which no other can have.
 */
public record EsmtpParameters(Map<String, String> values) {

    private static final int MAX_XTEXT = 500;

    /** None at all. */
    public static final EsmtpParameters NONE = new EsmtpParameters(Map.of());

    public EsmtpParameters {
        values = Map.copyOf(values);
    }

    /**
     * Reads what stands behind the path. White space around and between is tolerated.
     *
     * @param text characters, not octets
     * @throws SmtpSyntaxException 501 5.5.4 if a keyword or value is malformed or a keyword comes twice
     */
    static EsmtpParameters parse(String text) throws SmtpSyntaxException {
        String trimmed = SmtpText.trim(text);
        if (trimmed.isEmpty()) {
            return NONE;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String parameter : trimmed.split("[ \t]+")) {
            int equals = parameter.indexOf('=');
            String keyword = (equals < 0 ? parameter : parameter.substring(0, equals)).toUpperCase(Locale.ROOT);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            if (!isKeyword(keyword) || (equals >= 0 && !isValue(value))) {
                throw SmtpSyntaxException.of(501, "5.5.4", "malformed parameter");
            }
            if (values.put(keyword, value) != null) {
                throw SmtpSyntaxException.of(501, "5.5.4", "parameter " + keyword + " given twice");
            }
        }
        return new EsmtpParameters(values);
    }

    /** The value of a parameter, {@code ""} if it was given without one. */
    public Optional<String> get(String keyword) {
        return Optional.ofNullable(values.get(keyword));
    }

    /** Whether there is a keyword that is not among these. */
    public boolean hasOtherThan(Set<String> known) {
        return !known.containsAll(values.keySet());
    }

    /**
     * The value of SIZE (RFC 1870 §6): up to twenty digits, so that it may exceed a {@code long}; it is then
     * {@link Long#MAX_VALUE}, more than anybody takes.
     *
     * @throws SmtpSyntaxException 501 5.5.4 if it is no such number
     */
    public Optional<Long> size() throws SmtpSyntaxException {
        String value = values.get("SIZE");
        if (value == null) {
            return Optional.empty();
        }
        if (value.isEmpty() || value.length() > 20 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw SmtpSyntaxException.of(501, "5.5.4", "SIZE must be a number of up to 20 digits");
        }
        return Optional.of(value.length() > 18 ? saturated(value) : Long.parseLong(value));
    }

    private static long saturated(String digits) {
        return new BigInteger(digits).min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    }

    /**
     * The value of a parameter that is xtext (RFC 3461 §4), decoded: {@code +2B} is a plus sign. No control character can
     * be in it, since the parser has refused those.
     */
    public Optional<String> xtext(String keyword) {
        String value = values.get(keyword);
        if (value == null || value.indexOf('+') < 0) {
            return Optional.ofNullable(value);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '+' && i + 2 < value.length()) {
                text.append((char) (hexDigit(value.charAt(i + 1)) * 16 + hexDigit(value.charAt(i + 2))));
                i += 2;
            } else {
                text.append(c);
            }
        }
        return Optional.of(text.toString());
    }

    /** As on the wire behind a path, without the space in front: {@code NOTIFY=NEVER ORCPT=rfc822;a@b}. */
    public String toWire() {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + (entry.getValue().isEmpty() ? "" : "=" + entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    /**
     * Checks the values of parameters whose grammar is known here, offered or not: BODY, SMTPUTF8, REQUIRETLS, AUTH, RET,
     * NOTIFY, and the xtext of ENVID and ORCPT, which must not decode to a control character (RFC 3461 §4).
     */
    void check() throws SmtpSyntaxException {
        size();
        String body = values.get("BODY");
        if (body != null && !Set.of("7BIT", "8BITMIME", "BINARYMIME").contains(body.toUpperCase(Locale.ROOT))) {
            throw SmtpSyntaxException.of(501, "5.5.4", "BODY must be 7BIT or 8BITMIME");
        }
        for (String flag : List.of("SMTPUTF8", "REQUIRETLS")) {
            if (!values.getOrDefault(flag, "").isEmpty()) {
                throw SmtpSyntaxException.of(501, "5.5.4", flag + " takes no value");
            }
        }
        String returned = values.get("RET");
        if (returned != null && !Set.of("FULL", "HDRS").contains(returned.toUpperCase(Locale.ROOT))) {
            throw SmtpSyntaxException.of(501, "5.5.4", "RET must be FULL or HDRS");
        }
        checkNotify(values.get("NOTIFY"));
        checkXtext("AUTH", values.get("AUTH"));
        checkXtext("ENVID", values.get("ENVID"));
        String originalRecipient = values.get("ORCPT");
        if (originalRecipient != null) {
            int semicolon = originalRecipient.indexOf(';');
            if (semicolon < 1) {
                throw SmtpSyntaxException.of(501, "5.5.4", "ORCPT must be type;address");
            }
            checkXtext("ORCPT", originalRecipient.substring(semicolon + 1));
        }
    }

    // RFC 3461 §4.1: "NEVER" / 1#("SUCCESS" / "FAILURE" / "DELAY")
    private static void checkNotify(String value) throws SmtpSyntaxException {
        if (value == null || value.equalsIgnoreCase("NEVER")) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (String condition : value.toUpperCase(Locale.ROOT).split(",", -1)) {
            if (!Set.of("SUCCESS", "FAILURE", "DELAY").contains(condition) || !seen.add(condition)) {
                throw SmtpSyntaxException.of(501, "5.5.4", "NOTIFY must be NEVER or some of SUCCESS, FAILURE, DELAY");
            }
        }
    }

    private static void checkXtext(String keyword, String value) throws SmtpSyntaxException {
        if (value == null) {
            return;
        }
        // RFC 3461 §4.2, §4.4: no more than 100 and 500 characters; the longer for both, since some count otherwise.
        boolean isValid = !value.isEmpty() && value.length() <= MAX_XTEXT;
        for (int i = 0; i < value.length() && isValid; i++) {
            // Only the utf-8 addresses of ORCPT may go beyond ASCII (RFC 6533 §3), and AUTH, which nobody passes on.
            isValid = value.charAt(i) < 0x7f || !keyword.equals("ENVID");
            if (value.charAt(i) == '+') {
                int high = i + 2 < value.length() ? hexDigit(value.charAt(i + 1)) : -1;
                int low = i + 2 < value.length() ? hexDigit(value.charAt(i + 2)) : -1;
                int decoded = high * 16 + low;
                isValid = high >= 0 && low >= 0 && decoded >= 0x20 && decoded < 0x7f;
                i += 2;
            }
        }
        if (!isValid) {
            throw SmtpSyntaxException.of(501, "5.5.4", "value of " + keyword + " is no valid xtext");
        }
    }

    // RFC 3461 §4 wants capitals: hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits.
    // Deviation: small ones are taken too, since they cannot mean anything else.
    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isKeyword(String keyword) {
        if (keyword.isEmpty() || keyword.charAt(0) == '-') {
            return false;
        }
        for (int i = 0; i < keyword.length(); i++) {
            char c = keyword.charAt(i);
            if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(String value) {
        // Deviation: '=' is allowed in a value, as Postfix and Exim take it; AUTH=<> and base64 values show up so.
        return !value.isEmpty() && value.chars().noneMatch(c -> c <= 0x20 || c == 0x7f);
    }
}
