package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A part that writes itself: its Content fields, an empty line, its content. The tree:
 *
 * <pre>
 * multipart/mixed             if there are attachments
 *   multipart/alternative     if there are a plain body and a richer one
 *     text/plain
 *     multipart/related       if there are inline parts
 *       text/html             or another type
 *       inline parts
 *   attachments
 * </pre>
 */
abstract sealed class MimeBody permits MimeBody.Text, MimeBody.File, MimeBody.Made, MimeBody.Multipart {

    private static final int MAX_PARAMETER_PIECE = 60;

    /**
     * Writes fields and content; blocks on the target.
     *
     * @param isLast true to end with a line end; otherwise the line goes on with the boundary's
     */
    abstract void writeTo(OutputStream target, boolean isLast) throws IOException;

    /**
     * One content of any type, with attachments if there are some.
     *
     * @param plain the same as plain text, for readers that do not know the type; null for none
     */
    static MimeBody of(Attachment content, MimeBody plain, List<Attachment> attachments) {
        MimeBody core = new File(content, true);
        if (plain != null) {
            core = new Multipart("alternative", plain, List.of(core));
        }
        return withAttachments(core, attachments);
    }

    /** A multipart that somebody else has made, with attachments if there are some. */
    static MimeBody of(Made multipart, List<Attachment> attachments) {
        return withAttachments(multipart, attachments);
    }

    private static MimeBody withAttachments(MimeBody core, List<Attachment> attachments) {
        List<MimeBody> attached = new ArrayList<>();
        attachments.forEach(attachment -> attached.add(new File(attachment, false)));
        return attached.isEmpty() ? core : new Multipart("mixed", core, attached);
    }

    /** @param charset null for UTF-8, named US-ASCII where that is enough */
    static MimeBody of(
            String textType, String text, String htmlType, String html, Charset charset, List<Attachment> attachments) {
        List<MimeBody> inline = new ArrayList<>();
        List<MimeBody> attached = new ArrayList<>();
        for (Attachment attachment : attachments) {
            // Without HTML there is nothing that could refer to an inline part.
            boolean isReferred = attachment.contentId().isPresent() && html != null;
            (isReferred ? inline : attached).add(new File(attachment, false));
        }
        MimeBody markup = html == null ? null : new Text(htmlType, html, charset);
        if (markup != null && !inline.isEmpty()) {
            String root = ParameterizedValue.parse(htmlType).value();
            markup = new Multipart("related; type=\"" + root + "\"", markup, inline);
        }
        boolean needsPlain = text != null || (html == null && attached.isEmpty());
        MimeBody core = needsPlain ? new Text(textType, text == null ? "" : text, charset) : markup;
        if (needsPlain && markup != null) {
            core = new Multipart("alternative", core, List.of(markup));
        }
        return attached.isEmpty() ? core : new Multipart("mixed", core, attached);
    }

    static void writeAscii(OutputStream target, String text) throws IOException {
        MailText.writeOctets(target, text);
    }

    /** One of the two bodies. */
    static final class Text extends MimeBody {
        /** Charsets in which ASCII is what it is. */
        private static final Set<Charset> PLAIN_ASCII =
                Set.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1);

        private final String type;
        private final String label;
        /** What nearly all texts are; null for others. */
        private final String ascii;
        /** Null for what is ASCII. */
        private final byte[] octets;

        private final boolean needsBase64;

        Text(String type, String text, Charset wanted) {
            this.type = type;
            String lines = MailText.withCrlf(text);
            boolean isAscii = MailText.isAscii(lines);
            Charset usual = isAscii ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8;
            Charset charset = wanted == null ? usual : wanted;
            if (isAscii && PLAIN_ASCII.contains(charset)) {
                this.label = charset.name();
                this.ascii = lines;
                this.octets = null;
                this.needsBase64 = false;
                return;
            }
            this.ascii = null;
            Optional<byte[]> encoded = MailCharsets.encode(lines, charset);
            this.label = encoded.isEmpty() ? "UTF-8" : charset.name();
            this.octets = encoded.orElseGet(() -> lines.getBytes(StandardCharsets.UTF_8));
            // RFC 2045 §6.7: line ends of other than single octets exist in base64 only.
            this.needsBase64 = !hasAscii(charset);
        }

        private static boolean hasAscii(Charset charset) {
            return charset.canEncode() && Arrays.equals("\r\n=a".getBytes(charset), new byte[] {'\r', '\n', '=', 'a'});
        }

        @Override
        void writeTo(OutputStream target, boolean isLast) throws IOException {
            TransferEncoding encoding = encoding();
            writeAscii(target, "Content-Type: ");
            writeAscii(target, type);
            writeAscii(target, "; charset=");
            writeAscii(target, label);
            writeAscii(target, "\r\nContent-Transfer-Encoding: ");
            writeAscii(target, encoding.label());
            writeAscii(target, "\r\n\r\n");
            if (ascii == null || encoding != TransferEncoding.SEVEN_BIT) {
                byte[] content = ascii == null ? octets : ascii.getBytes(StandardCharsets.US_ASCII);
                encoding.write(new ByteArrayInputStream(content), target, isLast);
                return;
            }
            writeAscii(target, ascii);
            if (isLast && !ascii.isEmpty() && !ascii.endsWith("\n")) {
                writeAscii(target, "\r\n");
            }
        }

        private TransferEncoding encoding() throws IOException {
            if (needsBase64) {
                return TransferEncoding.BASE64;
            }
            return ascii != null
                    ? TransferEncoding.forAscii(ascii)
                    : TransferEncoding.forText(new ByteArrayInputStream(octets), false);
        }
    }

    /** An attachment, an inline part, or the message's only content. */
    static final class File extends MimeBody {
        private final Attachment attachment;
        private final boolean isBody;

        /** @param isBody true for the message's own content, which is an attachment only if it has a name */
        File(Attachment attachment, boolean isBody) {
            this.attachment = attachment;
            this.isBody = isBody;
        }

        @Override
        void writeTo(OutputStream target, boolean isLast) throws IOException {
            TransferEncoding encoding = encoding(isLast);
            writeAscii(target, head(encoding));
            try (InputStream content = attachment.source().open()) {
                encoding.write(content, target, isLast);
            }
        }

        private TransferEncoding encoding(boolean isLast) throws IOException {
            String type = attachment.mediaType();
            if (!type.startsWith("text/") && !type.equals("message/rfc822")) {
                return TransferEncoding.BASE64;
            }
            try (InputStream content = attachment.source().open()) {
                return TransferEncoding.forText(content, isLast);
            }
        }

        private String head(TransferEncoding encoding) {
            // RFC 2046 §5.2.1 and RFC 2045 §6.4: these types must not be encoded, so they travel as what they are not.
            boolean isComposite = attachment.mediaType().startsWith("multipart/")
                    || (attachment.mediaType().startsWith("message/") && encoding != TransferEncoding.SEVEN_BIT);
            FieldBody type = new FieldBody("Content-Type");
            String[] typeWords = (isComposite
                            ? "application/octet-stream"
                            : attachment.contentType().strip())
                    .split(" ");
            String name = attachment.fileName();
            for (int i = 0; i < typeWords.length; i++) {
                type.append(i + 1 < typeWords.length || name.isEmpty() ? typeWords[i] : typeWords[i] + ";");
            }
            FieldBody disposition = new FieldBody("Content-Disposition");
            disposition.append((attachment.inline() ? "inline" : "attachment") + (name.isEmpty() ? "" : ";"));
            if (!name.isEmpty()) {
                type.appendNameForOldReaders(name);
                appendFileName(disposition, name);
            }
            String id = attachment
                    .contentId()
                    .map(value -> "Content-ID: <" + value + ">\r\n")
                    .orElse("");
            StringBuilder head = new StringBuilder(256);
            head.append(type).append("Content-Transfer-Encoding: ").append(encoding.label());
            head.append("\r\n").append(id).append(isBody && name.isEmpty() ? "" : disposition);
            attachment.fields().forEach((field, value) -> head.append(FieldBody.text(field, value)));
            return head.append("\r\n").toString();
        }

        /** A quoted string if that can hold it in one line, else pieces of RFC 2231. */
        private static void appendFileName(FieldBody disposition, String name) {
            if (FieldBody.fitsQuoted(name)) {
                disposition.append("filename=" + FieldBody.quoted(name));
                return;
            }
            List<String> pieces = Rfc2231.pieces(name, MAX_PARAMETER_PIECE);
            if (pieces.size() == 1) {
                disposition.append("filename*=UTF-8''" + pieces.get(0));
                return;
            }
            for (int i = 0; i < pieces.size(); i++) {
                String separator = i + 1 < pieces.size() ? ";" : "";
                disposition.append("filename*" + i + "*=" + (i == 0 ? "UTF-8''" : "") + pieces.get(i) + separator);
            }
        }
    }

    /** A multipart as somebody else has made it. */
    static final class Made extends MimeBody {
        private final String type;
        private final Octets octets;

        Made(String type, Octets octets) {
            this.type = type;
            this.octets = octets;
        }

        /** Whether a line begins with two hyphens and the boundary. */
        static boolean hasDelimiter(Octets octets, String boundary) throws IOException {
            byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.UTF_8);
            try (InputStream in = new BufferedInputStream(octets.open())) {
                int matched = 0;
                boolean isLineStart = true;
                for (int octet = in.read(); octet >= 0; octet = in.read()) {
                    boolean isNext = (matched > 0 || isLineStart) && octet == (delimiter[matched] & 0xff);
                    matched = isNext ? matched + 1 : 0;
                    if (matched == delimiter.length) {
                        return true;
                    }
                    isLineStart = octet == '\n';
                }
            }
            return false;
        }

        @Override
        void writeTo(OutputStream target, boolean isLast) throws IOException {
            FieldBody field = new FieldBody("Content-Type");
            for (String word : type.split(" ")) {
                field.append(word);
            }
            writeAscii(target, field.toString());
            writeAscii(target, "Content-Transfer-Encoding: " + (isAscii() ? "7bit" : "8bit") + "\r\n\r\n");
            try (InputStream in = octets.open()) {
                TransferEncoding.SEVEN_BIT.write(in, target, isLast);
            }
        }

        private boolean isAscii() throws IOException {
            byte[] chunk = new byte[8 * 1024];
            try (InputStream in = octets.open()) {
                for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
                    for (int i = 0; i < read; i++) {
                        if (chunk[i] < 0) {
                            return false;
                        }
                    }
                }
            }
            return true;
        }
    }

    /** Parts between boundaries. */
    static final class Multipart extends MimeBody {
        private final String subtype;
        private final List<MimeBody> parts = new ArrayList<>();
        private final String boundary = MessageIds.nextBoundary();

        Multipart(String subtype, MimeBody first, List<MimeBody> rest) {
            this.subtype = subtype;
            Optional.ofNullable(first).ifPresent(parts::add);
            parts.addAll(rest);
        }

        @Override
        void writeTo(OutputStream target, boolean isLast) throws IOException {
            writeAscii(target, "Content-Type: multipart/" + subtype + ";\r\n boundary=\"" + boundary + "\"\r\n\r\n");
            for (MimeBody part : parts) {
                writeAscii(target, "--" + boundary + "\r\n");
                part.writeTo(target, false);
                writeAscii(target, "\r\n");
            }
            writeAscii(target, "--" + boundary + (isLast ? "--\r\n" : "--"));
        }
    }
}
