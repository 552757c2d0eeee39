package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a response out of a text, literals as {@code {n}\r\n}. */
final class Raw {
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\+?}\r\n");

    private Raw() {}

    static ImapResponse parsed(String text) {
        return new ResponseParser(64).parse(of(text));
    }

    static RawResponse of(String text) {
        String octets = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        List<String> texts = new ArrayList<>();
        List<Literal> literals = new ArrayList<>();
        Matcher matcher = LITERAL.matcher(octets);
        int at = 0;
        while (matcher.find(at)) {
            texts.add(octets.substring(at, matcher.start()));
            int end = matcher.end() + Integer.parseInt(matcher.group(1));
            byte[] body = octets.substring(matcher.end(), end).getBytes(StandardCharsets.ISO_8859_1);
            literals.add(Literal.of(Octets.of(body)));
            at = end;
        }
        texts.add(octets.substring(at));
        return new RawResponse(texts, literals);
    }
}
