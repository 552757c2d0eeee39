package io.mailproto.component.outbound;

import io.mailproto.smtp.client.DsnRequest;

/** What an endpoint that sends mail is told about the making of it; the setters of each family tell what each means. */
public interface OutboundOptions {

    String getTo();

    String getCc();

    String getBcc();

    String getFrom();

    String getSubject();

    String getReplyTo();

    boolean isUseHeaderRecipients();

    boolean isUseHeaderFrom();

    boolean isUseHeaderSubject();

    boolean isUseHeaderReplyTo();

    String getEnvelopeFrom();

    String getContentType();

    String getAlternativeBodyHeader();

    boolean isUseInlineAttachments();

    boolean isIgnoreUnsupportedCharset();

    ContentTypeResolver getContentTypeResolver();

    RelayMode getRelay();

    boolean isConvertEightBit();

    /**
     * Which headers become fields, by sendHeaders and dropHeaders.
     *
     * @throws IllegalArgumentException naming the option
     */
    FieldChoice fieldChoice();

    String getDsnNotify();

    DsnRequest.Return getDsnReturn();

    boolean isRequireTls();
}
