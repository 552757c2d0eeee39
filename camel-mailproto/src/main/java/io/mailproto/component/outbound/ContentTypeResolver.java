package io.mailproto.component.outbound;

/** Names the content type of attachments by their file names, as camel-mail's interface of this name does. Thread-safe. */
@FunctionalInterface
public interface ContentTypeResolver {

    /**
     * The content type of a file, such as {@code image/jpeg}.
     *
     * @return null to leave it to the attachment itself
     */
    String resolveContentType(String fileName);
}
