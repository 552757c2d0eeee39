package io.mailproto.component.mx;

import io.mailproto.component.outbound.ContentTypeResolver;
import io.mailproto.component.outbound.FieldChoice;
import io.mailproto.component.outbound.OutboundOptions;
import io.mailproto.component.outbound.RelayMode;
import io.mailproto.smtp.client.DsnRequest;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say who a mail is from and for, and how a message becomes one; the same as those of SMTP. */
@UriParams
public abstract class MxMailConfiguration implements OutboundOptions {

    @UriParam
    private String to;

    @UriParam
    private String cc;

    @UriParam
    private String bcc;

    @UriParam
    private String from;

    @UriParam
    private String subject;

    @UriParam
    private String replyTo;

    @UriParam
    private boolean useHeaderRecipients;

    @UriParam
    private boolean useHeaderFrom;

    @UriParam
    private boolean useHeaderSubject;

    @UriParam
    private boolean useHeaderReplyTo;

    @UriParam(label = "advanced", defaultValue = "text/plain")
    private String contentType = "text/plain";

    @UriParam(label = "advanced", defaultValue = "CamelMailAlternativeBody")
    private String alternativeBodyHeader = "CamelMailAlternativeBody";

    @UriParam(label = "advanced")
    private boolean useInlineAttachments;

    @UriParam(label = "advanced")
    private boolean ignoreUnsupportedCharset;

    @UriParam(label = "advanced")
    private ContentTypeResolver contentTypeResolver;

    @UriParam
    private String sendHeaders;

    @UriParam
    private String dropHeaders;

    @UriParam
    private String envelopeFrom;

    @UriParam(label = "advanced", enums = "changed,verbatim", defaultValue = "CHANGED")
    private RelayMode relay = RelayMode.CHANGED;

    @UriParam(label = "advanced", defaultValue = "true")
    private boolean convertEightBit = true;

    @UriParam(label = "advanced")
    private String dsnNotify;

    @UriParam(label = "advanced", enums = "FULL,HDRS")
    private DsnRequest.Return dsnReturn;

    @UriParam(label = "advanced")
    private boolean requireTls;

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
    public String getTo() {
        return to;
    }

    /**
     * Recipients, separated by commas or semicolons, with or without names of persons.
     */
    public void setTo(String to) {
        this.to = to;
    }

    @Override
    public String getCc() {
        return cc;
    }

    /**
     * Recipients that get a copy, separated by commas or semicolons.
     */
    public void setCc(String cc) {
        this.cc = cc;
    }

    @Override
    public String getBcc() {
        return bcc;
    }

    /**
     * Recipients that get a copy without being named in the mail, separated by commas or semicolons.
     */
    public void setBcc(String bcc) {
        this.bcc = bcc;
    }

    @Override
    public String getFrom() {
        return from;
    }

    /**
     * Author of the mail and sender of the envelope, unless useHeaderFrom is true and there is a header From. Without
     * either the sender of the envelope that a consumer received, else the user camel at localhost.
     */
    public void setFrom(String from) {
        this.from = from;
    }

    @Override
    public String getSubject() {
        return subject;
    }

    /**
     * Subject of the mail.
     */
    public void setSubject(String subject) {
        this.subject = subject;
    }

    @Override
    public String getReplyTo() {
        return replyTo;
    }

    /**
     * Addresses that answers go to, separated by commas or semicolons.
     */
    public void setReplyTo(String replyTo) {
        this.replyTo = replyTo;
    }

    @Override
    public boolean isUseHeaderRecipients() {
        return useHeaderRecipients;
    }

    /**
     * Whether the headers To, Cc and Bcc, if one is there, name the recipients instead of the options.
     */
    public void setUseHeaderRecipients(boolean useHeaderRecipients) {
        this.useHeaderRecipients = useHeaderRecipients;
    }

    @Override
    public boolean isUseHeaderFrom() {
        return useHeaderFrom;
    }

    /**
     * Whether the headers From and Sender, if they are there, name author and sender instead of the option.
     */
    public void setUseHeaderFrom(boolean useHeaderFrom) {
        this.useHeaderFrom = useHeaderFrom;
    }

    @Override
    public boolean isUseHeaderSubject() {
        return useHeaderSubject;
    }

    /**
     * Whether the header Subject is the subject; it comes before the option.
     */
    public void setUseHeaderSubject(boolean useHeaderSubject) {
        this.useHeaderSubject = useHeaderSubject;
    }

    @Override
    public boolean isUseHeaderReplyTo() {
        return useHeaderReplyTo;
    }

    /**
     * Whether the header Reply-To says where answers go; it comes before the option.
     */
    public void setUseHeaderReplyTo(boolean useHeaderReplyTo) {
        this.useHeaderReplyTo = useHeaderReplyTo;
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

    @Override
    public String getDsnNotify() {
        return dsnNotify;
    }

    /**
     * When delivery status notifications are wanted: never, or success, failure and delay, separated by commas. Asked for
     * when the server offers it. The header CamelMailDsnRecipients says it for single recipients.
     */
    public void setDsnNotify(String dsnNotify) {
        this.dsnNotify = dsnNotify;
    }

    @Override
    public DsnRequest.Return getDsnReturn() {
        return dsnReturn;
    }

    /**
     * How much of the mail a delivery status notification brings back: FULL or HDRS (its header only). The header
     * CamelMailDsnReturn comes before it.
     */
    public void setDsnReturn(DsnRequest.Return dsnReturn) {
        this.dsnReturn = dsnReturn;
    }

    @Override
    public boolean isRequireTls() {
        return requireTls;
    }

    /**
     * Whether the mail may travel over verified TLS only, on its whole way (REQUIRETLS); a server that cannot promise that
     * does not get it. The header CamelMailRequireTls asks for the same.
     */
    public void setRequireTls(boolean requireTls) {
        this.requireTls = requireTls;
    }
}
