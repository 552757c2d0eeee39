package io.mailproto.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/** What the raw clients do with a mail: mime4j decodes all header fields, and all bodies to text. */
final class MailReading {
    private long characters;

    /** How many characters of text there were so far. */
    long characters() {
        return characters;
    }

    void read(byte[] octets, int length) {
        try {
            read(new ByteArrayInputStream(octets, 0, length));
        } catch (IOException | MimeException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(InputStream octets) throws IOException, MimeException {
        MimeTokenStream tokens = new MimeTokenStream(MimeConfig.PERMISSIVE);
        tokens.parse(octets);
        for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
            if (state == EntityState.T_FIELD) {
                characters += DecoderUtil.decodeEncodedWords(tokens.getField().getBody(), DecodeMonitor.SILENT)
                        .length();
            } else if (state == EntityState.T_BODY) {
                String charset = tokens.getBodyDescriptor().getCharset();
                byte[] body = tokens.getDecodedInputStream().readAllBytes();
                characters += new String(body, charset == null ? StandardCharsets.US_ASCII : Charset.forName(charset))
                        .length();
            }
        }
    }
}
