package io.mailproto.component.smtp;

import io.mailproto.component.outbound.ContentTypeResolver;
import io.mailproto.component.outbound.FieldChoice;
import io.mailproto.component.outbound.OutboundOptions;
import io.mailproto.component.outbound.RelayMode;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say how a message becomes a mail. */
@UriParams
public abstract class SmtpMailConfiguration extends SmtpDeliveryConfiguration implements OutboundOptions {

    @UriParam(label = "producer,advanced", defaultValue = "text/plain")
    private String contentType = "text/plain";

    @UriParam(label = "producer,advanced", defaultValue = "CamelMailAlternativeBody")
    private String alternativeBodyHeader = "CamelMailAlternativeBody";

    @UriParam(label = "producer,advanced")
    private boolean useInlineAttachments;

    @UriParam(label = "producer,advanced")
    private boolean ignoreUnsupportedCharset;

    @UriParam(label = "producer,advanced")
    private ContentTypeResolver contentTypeResolver;

    @UriParam(label = "producer")
    private String sendHeaders;

    @UriParam(label = "producer")
    private String dropHeaders;

    @UriParam(label = "producer")
    private String envelopeFrom;

    @UriParam(label = "producer,advanced", enums = "changed,verbatim", defaultValue = "CHANGED")
    private RelayMode relay = RelayMode.CHANGED;

    @UriParam(label = "producer,advanced", defaultValue = "true")
    private boolean convertEightBit = true;

    /** Made of sendHeaders and dropHeaders when first needed; two threads may make the same. */
    private FieldChoice fieldChoice;

    @Override
    public FieldChoice fieldChoice() {
        FieldChoice known = fieldChoice;
        if (known == null) {
            known = new FieldChoice(sendHeaders, dropHeaders);
            fieldChoice = known;
        }
        return known;
    }

    @Override
    public String getContentType() {
        return contentType;
    }

    /**
     * Content type of a body that is not relayed; the headers contentType and Content-Type come before it.
     */
    public void setContentType(String contentType) {
        this.contentType = contentType;
    }

    @Override
    public String getAlternativeBodyHeader() {
        return alternativeBodyHeader;
    }

    /**
     * Name of the header that holds the plain text of a mail whose body is HTML.
     */
    public void setAlternativeBodyHeader(String alternativeBodyHeader) {
        this.alternativeBodyHeader = alternativeBodyHeader;
    }

    @Override
    public boolean isUseInlineAttachments() {
        return useInlineAttachments;
    }

    /**
     * Whether attachments are to be shown with the text (disposition inline) rather than offered as files. Attachments
     * whose name begins with cid: always are.
     */
    public void setUseInlineAttachments(boolean useInlineAttachments) {
        this.useInlineAttachments = useInlineAttachments;
    }

    @Override
    public boolean isIgnoreUnsupportedCharset() {
        return ignoreUnsupportedCharset;
    }

    /**
     * Whether a charset in the content type that Java does not know is replaced by UTF-8 instead of failing.
     */
    public void setIgnoreUnsupportedCharset(boolean ignoreUnsupportedCharset) {
        this.ignoreUnsupportedCharset = ignoreUnsupportedCharset;
    }

    @Override
    public ContentTypeResolver getContentTypeResolver() {
        return contentTypeResolver;
    }

    /**
     * Names the content type of attachments by their file names.
     */
    public void setContentTypeResolver(ContentTypeResolver contentTypeResolver) {
        this.contentTypeResolver = contentTypeResolver;
    }

    public String getSendHeaders() {
        return sendHeaders;
    }

    /**
     * Names of further headers that become fields of a mail, separated by commas, each perhaps with an asterisk at its
     * end: X-Ticket,X-Acme-*. Without it only headers that are meant for mail do; * for all but Camel's.
     */
    public void setSendHeaders(String sendHeaders) {
        this.sendHeaders = sendHeaders;
        this.fieldChoice = null;
    }

    public String getDropHeaders() {
        return dropHeaders;
    }

    /**
     * Names of headers that never become fields of a mail, and of fields that are taken out of a mail that is relayed;
     * separated by commas, each perhaps with an asterisk at its end.
     */
    public void setDropHeaders(String dropHeaders) {
        this.dropHeaders = dropHeaders;
        this.fieldChoice = null;
    }

    @Override
    public String getEnvelopeFrom() {
        return envelopeFrom;
    }

    /**
     * Sender of the envelope, where bounces go; empty brackets for none. By default the author's address, or that of the
     * envelope which a consumer received.
     */
    public void setEnvelopeFrom(String envelopeFrom) {
        this.envelopeFrom = envelopeFrom;
    }

    @Override
    public RelayMode getRelay() {
        return relay;
    }

    /**
     * What becomes of a mail that goes on as it came: changed (a header that the route has changed is rewritten,
     * that field alone) or verbatim (not an octet is changed).
     */
    public void setRelay(RelayMode relay) {
        this.relay = relay;
    }

    @Override
    public boolean isConvertEightBit() {
        return convertEightBit;
    }

    /**
     * Whether parts of a mail with octets beyond ASCII are encoded for a server that does not offer 8BITMIME. Otherwise,
     * and with relay=verbatim, such a mail is not sent there; nor is one that is signed.
     */
    public void setConvertEightBit(boolean convertEightBit) {
        this.convertEightBit = convertEightBit;
    }
}
