package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A message, read on demand: its header fields, its readable text and its parts. Immutable to its users, thread-safe,
 * usable as long as the octets are.
 *
 * <p>The head is read when header fields are asked for, the boundaries of the parts when one of the other methods is
 * called, and a part's content each time it is. Nothing is copied: memory is needed for header fields and for texts only.
 * Methods may block on the disk and throw {@link IOException} if the spool fails, never for what the octets are: what
 * cannot be understood is left as it is and told in {@link #problems()}.
 *
 * <pre>{@code
 * ParsedMail mail = ParsedMail.of(octets);
 * mail.headers().decoded("Subject");
 * for (MimePart attachment : mail.attachments()) {
 *     attachment.open().transferTo(target);
 * }
 * }</pre>
 */
public final class ParsedMail {

    private static final List<String> TEXT_TYPES = List.of("text/plain", "text/", "multipart/");

    private final Octets octets;
    // Two threads may both read; the first result is kept. So no lock is held over the disk.
    private final AtomicReference<HeaderFields> headers = new AtomicReference<>();
    private final AtomicReference<StructureScanner.Structure> structure = new AtomicReference<>();
    private final AtomicReference<List<MimePart>> attachments = new AtomicReference<>();

    private ParsedMail(Octets octets) {
        this.octets = octets;
    }

    /** A message over its octets; reads nothing yet. The caller keeps the octets. */
    public static ParsedMail of(Octets message) {
        return new ParsedMail(message);
    }

    /** The header section; reads only the head of the octets. */
    public HeaderFields headers() throws IOException {
        HeaderFields known = headers.get();
        if (known == null) {
            headers.compareAndSet(null, HeaderFields.read(octets));
            known = headers.get();
        }
        return known;
    }

    /** The message as the outermost part. */
    public MimePart root() throws IOException {
        return structure().root();
    }

    /** What could not be understood, a sentence each; empty for a good message. */
    public List<String> problems() throws IOException {
        return structure().problems();
    }

    private StructureScanner.Structure structure() throws IOException {
        StructureScanner.Structure known = structure.get();
        if (known == null) {
            structure.compareAndSet(null, StructureScanner.scan(octets, headers()));
            known = structure.get();
        }
        return known;
    }

    /**
     * The readable text: the first {@code text/plain} part, else the first {@code text/*}, else a multipart without parts,
     * as it is; empty if there is none of these. Attached files count only if there is no other text.
     */
    public String text() throws IOException {
        Optional<MimePart> part = textPart();
        return part.isPresent() ? part.get().text() : "";
    }

    /** The part that {@link #text()} is the text of. */
    public Optional<MimePart> textPart() throws IOException {
        List<MimePart> leaves = leaves();
        for (String type : TEXT_TYPES) {
            Optional<MimePart> part = textPart(leaves, type, false);
            if (part.isPresent()) {
                return part;
            }
        }
        return textPart(leaves, "text/plain", true).or(() -> textPart(leaves, "text/", true));
    }

    /** What the Date field says; empty if there is none or it is no date. */
    public Optional<OffsetDateTime> date() throws IOException {
        return headers().value("Date").flatMap(MailDate::parse);
    }

    /** The first {@code text/plain} part that is no attachment. */
    public Optional<String> plainText() throws IOException {
        return textOf("text/plain");
    }

    /** The first {@code text/html} part that is no attachment. */
    public Optional<String> html() throws IOException {
        return textOf("text/html");
    }

    private Optional<String> textOf(String type) throws IOException {
        Optional<MimePart> part = textPart(leaves(), type, false);
        return part.isPresent() ? Optional.of(part.get().text()) : Optional.empty();
    }

    private static Optional<MimePart> textPart(List<MimePart> leaves, String typePrefix, boolean alsoAttached) {
        for (MimePart leaf : leaves) {
            if (leaf.contentType().startsWith(typePrefix) && (alsoAttached || !leaf.isAttachment())) {
                return Optional.of(leaf);
            }
        }
        return Optional.empty();
    }

    /**
     * The attachments in their order, see {@link MimePart#isAttachment()}; also the files that stand in the middle of a
     * text in uuencode.
     */
    public List<MimePart> attachments() throws IOException {
        List<MimePart> known = attachments.get();
        if (known == null) {
            attachments.compareAndSet(null, List.copyOf(findAttachments()));
            known = attachments.get();
        }
        return known;
    }

    private List<MimePart> findAttachments() throws IOException {
        List<MimePart> found = new ArrayList<>();
        for (MimePart leaf : leaves()) {
            if (leaf.isAttachment()) {
                found.add(leaf);
            } else {
                found.addAll(UuFiles.in(leaf));
            }
        }
        return found;
    }

    /** All parts that have no parts, in their order; the message itself if it is no multipart. */
    public List<MimePart> leaves() throws IOException {
        List<MimePart> leaves = new ArrayList<>();
        collect(root(), leaves);
        return leaves;
    }

    private static void collect(MimePart part, List<MimePart> leaves) {
        if (!part.isMultipart()) {
            leaves.add(part);
        }
        for (MimePart child : part.parts()) {
            collect(child, leaves);
        }
    }
}
