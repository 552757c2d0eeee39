package io.mailproto.component.smtp;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content type of a body or an attachment, and its charset: the type's own, else the exchange's CamelCharsetName, as
 * camel-mail has it.
 *
 * @param value type, subtype and parameters
 * @param charset empty if nobody says
 */
record BodyType(String value, Optional<Charset> charset) {

    /** camel-mail's header for it, which comes before Content-Type. */
    static final String HEADER = "contentType";

    private static final Logger LOG = LoggerFactory.getLogger(BodyType.class);
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]*))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile(
            ";\\s*name(?:\\*[0-9*]*)?\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^;\"]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPE = Pattern.compile("[\\w!#$&^.+-]+/[\\w!#$&^.+-]+");
    private static final String PLAIN = "text/plain";

    /**
     * The type of the body.
     *
     * @throws IllegalArgumentException if the charset is unknown and that is not to be ignored
     */
    static BodyType of(Exchange exchange, SmtpConfiguration configuration) {
        String type = null;
        for (String name : List.of(HEADER, Exchange.CONTENT_TYPE)) {
            String header = exchange.getMessage().getHeader(name, String.class);
            type = type == null && header != null && !header.isBlank() ? header : type;
        }
        if (type == null) {
            type = configuration.getContentType();
        }
        return parse(exchange, configuration, type == null || type.isBlank() ? PLAIN : type);
    }

    /** The type of an attachment, whose own charset may be unknown: it is not used then. */
    static BodyType ofAttachment(Exchange exchange, SmtpConfiguration configuration, String type) {
        String name = charsetName(type);
        return name != null && lookup(name) == null
                ? new BodyType(type, Optional.empty())
                : parse(exchange, configuration, type);
    }

    /**
     * A content type that can be written, of one that somebody else has: without the name, which the composer writes, and
     * without parameters if they are not in ASCII. Null if it is none.
     */
    static String cleaned(String type) {
        if (type == null) {
            return null;
        }
        String line = NAME.matcher(FieldText.oneLine(type)).replaceAll("");
        int semicolon = line.indexOf(';');
        String media = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (!TYPE.matcher(media).matches()) {
            return null;
        }
        return line.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~')) ? line : media;
    }

    private static BodyType parse(Exchange exchange, SmtpConfiguration configuration, String type) {
        String named = charsetName(type);
        String name = named == null ? ExchangeHelper.getCharsetName(exchange, false) : named;
        if (name == null) {
            return new BodyType(FieldText.oneLine(type), Optional.empty());
        }
        Charset charset = lookup(name);
        if (charset == null && !configuration.isIgnoreUnsupportedCharset()) {
            throw new IllegalArgumentException((named == null ? Exchange.CHARSET_NAME : "the content type")
                    + " names a charset that Java does not know; ignoreUnsupportedCharset=true takes UTF-8 instead");
        }
        if (charset == null) {
            LOG.warn("a charset that Java does not know is replaced by UTF-8, since ignoreUnsupportedCharset=true");
        }
        BodyType known = new BodyType(FieldText.oneLine(type), Optional.ofNullable(charset));
        return charset == null ? new BodyType(known.withoutCharset(), Optional.empty()) : known;
    }

    private static String charsetName(String type) {
        Matcher matcher = CHARSET.matcher(type);
        if (!matcher.find()) {
            return null;
        }
        String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return name.strip();
    }

    private static Charset lookup(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            // The answer to the question.
            return null;
        }
    }

    private String lower() {
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    boolean isHtml() {
        return lower().equals("text/html");
    }

    /** A multipart of a mail that this body was taken from says nothing about the body. */
    boolean isPlain() {
        return lower().equals(PLAIN) || lower().startsWith("multipart/");
    }

    boolean isText() {
        return lower().startsWith("text/");
    }

    /** The type for whoever adds the charset. */
    String withoutCharset() {
        return lower().startsWith("multipart/")
                ? PLAIN
                : CHARSET.matcher(value).replaceAll("").strip();
    }

    /** The type with the charset of a text that is written with {@link #charsetOrUtf8}. */
    BodyType withCharset() {
        return charsetName(value) != null
                ? this
                : new BodyType(value + "; charset=" + charsetOrUtf8().name(), charset);
    }

    Charset charsetOrUtf8() {
        return charset.orElse(StandardCharsets.UTF_8);
    }
}
