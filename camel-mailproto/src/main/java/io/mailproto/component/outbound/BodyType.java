package io.mailproto.component.outbound;

import io.mailproto.component.MailMessage;
import io.mailproto.mime.MailCharsets;
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
    private static final Pattern CHARSET = Pattern.compile(
            ";\\s*charset(?:\\*[0-9*]*)?\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]*))", Pattern.CASE_INSENSITIVE);
    /** Up to the value, whose end is looked for by hand: a repeated group would need a stack as deep as the name is long. */
    private static final Pattern NAME = Pattern.compile(";\\s*name(?:\\*[0-9*]*)?\\s*=\\s*", Pattern.CASE_INSENSITIVE);

    private static final Pattern NEXT_PARAMETER = Pattern.compile("[\\w-]+\\s*=.*");
    private static final Pattern TYPE = Pattern.compile("[\\w!#$%&'*+.^`{|}~-]+/[\\w!#$%&'*+.^`{|}~-]+");
    private static final Pattern NO_SEMICOLON = Pattern.compile("^([^\\s;/]+/[^\\s;]+)\\s+(?=[\\w-]+\\s*=)");
    private static final Pattern COMMENT = Pattern.compile("\\([^()]*\\)");
    private static final Pattern SEMICOLONS = Pattern.compile(";[;\\s]*;");
    /** RFC 1556: the same characters in another order, which the charset's own name would say wrongly. */
    private static final Pattern OTHER_ORDER = Pattern.compile("iso-8859-[68]-[ie]", Pattern.CASE_INSENSITIVE);

    private static final String PLAIN = "text/plain";
    private static final String MULTIPART = "multipart/";
    /** What most bodies are, without looking at it again and again. */
    private static final BodyType PLAIN_TEXT = new BodyType(PLAIN, Optional.empty());

    /**
     * The type of the body.
     *
     * @throws IllegalArgumentException if the charset is unknown and that is not to be ignored
     */
    static BodyType of(Exchange exchange, OutboundOptions configuration) {
        String type = null;
        boolean isOfMail = false;
        for (String name : List.of(HEADER, Exchange.CONTENT_TYPE)) {
            String header = exchange.getMessage().getHeader(name, String.class);
            if (type == null && header != null && !header.isBlank()) {
                type = header;
                isOfMail = name.equals(Exchange.CONTENT_TYPE)
                        && exchange.getMessage() instanceof MailMessage message
                        && message.getMail() != null;
            }
        }
        if (type == null) {
            type = configuration.getContentType();
        }
        if ((type == null || type.equals(PLAIN))
                && !isOfMail
                && ExchangeHelper.getCharsetName(exchange, false) == null) {
            return PLAIN_TEXT;
        }
        String given = repaired(type == null || type.isBlank() ? PLAIN : type);
        return isOfMail ? ofMail(exchange, configuration, given) : parse(exchange, configuration, given);
    }

    /** The type that a received mail has for its body: it went through reading, so it must not keep it from going on. */
    private static BodyType ofMail(Exchange exchange, OutboundOptions configuration, String type) {
        String usable = type;
        if (type.toLowerCase(Locale.ROOT).startsWith(MULTIPART)) {
            // The mail's, which says nothing about the text that was taken from it.
            usable = PLAIN;
        } else if (!isWritable(type)) {
            String cleaned = cleaned(type);
            usable = cleaned == null ? PLAIN : cleaned;
        }
        String name = charsetName(usable);
        if (name == null || lookup(name) != null) {
            return parse(exchange, configuration, usable);
        }
        // Text has been decoded as well as it could be; octets go on with the label that they came with.
        BodyType unknown = new BodyType(usable, Optional.empty());
        return unknown.isText() ? new BodyType(unknown.withoutCharset(), Optional.empty()) : unknown;
    }

    /**
     * The type without the slips that others make and everybody reads over: comments, a semicolon too much or too few, a
     * charset in half or in wrong quotes or none behind its name.
     */
    static String repaired(String type) {
        String line = FieldText.oneLine(type);
        line = NO_SEMICOLON.matcher(line).replaceFirst("$1; ");
        Matcher charset = CHARSET.matcher(line);
        if (charset.find() && (charset.group(1) == null || charset.group(1).isBlank())) {
            String name = charsetName(line);
            String written = name == null ? "" : "; charset=" + name;
            line = line.substring(0, charset.start()) + written + withoutTail(line.substring(charset.end()));
        }
        // A name without quotes may have brackets of its own.
        if (line.indexOf('"') < 0 && !NAME.matcher(line).find()) {
            line = COMMENT.matcher(line).replaceAll("");
            line = SEMICOLONS.matcher(line).replaceAll(";");
        }
        return withoutLastSemicolons(line);
    }

    /** Of what comes behind a charset: not what was meant to be part of it, as in {@code ISO 8859-1}. */
    private static String withoutTail(String rest) {
        int semicolon = rest.indexOf(';');
        String tail = (semicolon < 0 ? rest : rest.substring(0, semicolon)).strip();
        if (NEXT_PARAMETER.matcher(tail).matches()) {
            return "; " + rest.stripLeading();
        }
        return semicolon < 0 ? "" : rest.substring(semicolon);
    }

    private static String withoutName(String line) {
        StringBuilder rest = new StringBuilder(line.length());
        Matcher name = NAME.matcher(line);
        int copied = 0;
        while (name.find(copied)) {
            rest.append(line, copied, name.start());
            copied = endOfValue(line, name.end());
        }
        return rest.append(line, copied, line.length()).toString();
    }

    private static int endOfValue(String line, int from) {
        int end = from;
        if (end < line.length() && line.charAt(end) == '"') {
            end++;
            while (end < line.length() && line.charAt(end) != '"') {
                end += line.charAt(end) == '\\' ? 2 : 1;
            }
            // Without the closing quote it is no value; what is left is refused for its single quote.
            return end < line.length() ? end + 1 : from;
        }
        while (end < line.length() && line.charAt(end) != ';' && line.charAt(end) != '"') {
            end++;
        }
        return end;
    }

    private static String withoutLastSemicolons(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ';' || line.charAt(end - 1) <= ' ')) {
            end--;
        }
        return line.substring(0, end);
    }

    private static String media(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    }

    private static boolean isWritable(String line) {
        return TYPE.matcher(media(line)).matches()
                && line.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))
                && line.chars().filter(c -> c == '"').count() % 2 == 0;
    }

    /** The type of an attachment, whose own charset may be unknown: it is not used then. */
    static BodyType ofAttachment(Exchange exchange, OutboundOptions configuration, String type) {
        String name = charsetName(type);
        return name != null && lookup(name) == null
                ? new BodyType(type, Optional.empty())
                : parse(exchange, configuration, type);
    }

    /**
     * A content type that can be written, of one that somebody else has: without the name, which the composer writes, and
     * without parameters if they are not in ASCII or a quote does not end. Null if it is none.
     */
    static String cleaned(String type) {
        if (type == null) {
            return null;
        }
        String whole = repaired(type);
        String media = media(whole);
        if (!TYPE.matcher(media).matches()) {
            return null;
        }
        String line = withoutName(whole);
        return isWritable(line) ? line : media;
    }

    private static BodyType parse(Exchange exchange, OutboundOptions configuration, String type) {
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
        String name = (matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                .replace("\"", "")
                .strip();
        // In quotes that are none, or behind the charset and language of RFC 2231.
        if (name.endsWith("'")) {
            name = name.substring(0, name.length() - 1);
        }
        name = name.substring(name.lastIndexOf('\'') + 1).strip();
        if (name.endsWith(",")) {
            name = name.substring(0, name.length() - 1).strip();
        }
        return name.isEmpty() ? null : name;
    }

    /** By Java's names, else by those that only mail has, such as x-gbk. */
    private static Charset lookup(String name) {
        Charset charset = ofJava(name);
        if (charset != null) {
            return charset;
        }
        return OTHER_ORDER.matcher(name).matches() ? StandardCharsets.UTF_8 : MailCharsets.lookup(name);
    }

    private static Charset ofJava(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            // The answer to the question.
            return null;
        }
    }

    private String lower() {
        return media(value).toLowerCase(Locale.ROOT);
    }

    boolean isHtml() {
        return lower().equals("text/html");
    }

    boolean isPlain() {
        return lower().equals(PLAIN);
    }

    boolean isMultipart() {
        return lower().startsWith(MULTIPART);
    }

    boolean isText() {
        return lower().startsWith("text/");
    }

    /** The type for whoever adds the charset. */
    String withoutCharset() {
        return bare(value);
    }

    private static String bare(String value) {
        return value.indexOf(';') < 0
                ? value
                : withoutLastSemicolons(CHARSET.matcher(value).replaceAll(""));
    }

    /**
     * The type for a string that is written in the charset given. Types other than text are UTF-8 (JSON) or say themselves
     * what they are, so they get a label only where somebody has named a charset, as camel-mail does it.
     */
    String labelled(Charset used) {
        String name = charsetName(value);
        boolean isSaid = name != null && used.equals(ofJava(name));
        boolean needsNone = name == null && charset.isEmpty() && !isText();
        return isSaid || needsNone ? value : bare(value) + "; charset=" + used.name();
    }

    Charset charsetOrUtf8() {
        return charset.orElse(StandardCharsets.UTF_8);
    }
}
