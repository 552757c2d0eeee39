package io.mailproto.component;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say how the parts of a received mail become attachments of a message. */
@UriParams
public class MailMappingConfiguration extends MailConnectionConfiguration {

    @UriParam(label = "consumer")
    private boolean decodeFilename;

    @UriParam(label = "consumer,advanced", enums = "never,uuid,part", defaultValue = "never")
    private String generateMissingAttachmentNames = "never";

    @UriParam(label = "consumer,advanced", enums = "never,uuidPrefix,uuidSuffix,number", defaultValue = "never")
    private String handleDuplicateAttachmentNames = "never";

    @UriParam(label = "consumer,advanced")
    private boolean failOnDuplicateFileAttachment;

    /**
     * The four options together.
     *
     * @throws IllegalArgumentException naming the option whose value is none of those it has
     */
    public AttachmentRules attachmentRules() {
        return new AttachmentRules(
                decodeFilename,
                AttachmentRules.Missing.of(generateMissingAttachmentNames),
                AttachmentRules.Duplicates.of(handleDuplicateAttachmentNames),
                failOnDuplicateFileAttachment);
    }

    public boolean isDecodeFilename() {
        return decodeFilename;
    }

    /**
     * Decodes encoded words (RFC 2047) in the names of attachments. RFC 2231 is always decoded.
     */
    public void setDecodeFilename(boolean decodeFilename) {
        this.decodeFilename = decodeFilename;
    }

    public String getGenerateMissingAttachmentNames() {
        return generateMissingAttachmentNames;
    }

    /**
     * What an attachment without a file name is called: uuid, a random name; part, part-2 for the second one and so on;
     * never, it is no attachment of the message at all, only of the mail.
     */
    public void setGenerateMissingAttachmentNames(String generateMissingAttachmentNames) {
        this.generateMissingAttachmentNames = generateMissingAttachmentNames;
    }

    public String getHandleDuplicateAttachmentNames() {
        return handleDuplicateAttachmentNames;
    }

    /**
     * What happens to an attachment with the name of an earlier one: uuidPrefix and uuidSuffix, both get a random name
     * before or behind theirs; number, the later one gets a number; never, the later one is left out with a WARN, or
     * fails the mail if failOnDuplicateFileAttachment is true.
     */
    public void setHandleDuplicateAttachmentNames(String handleDuplicateAttachmentNames) {
        this.handleDuplicateAttachmentNames = handleDuplicateAttachmentNames;
    }

    public boolean isFailOnDuplicateFileAttachment() {
        return failOnDuplicateFileAttachment;
    }

    /**
     * Fails a mail that has two attachments of one name, instead of leaving the later one out; it never reaches the
     * route.
     */
    public void setFailOnDuplicateFileAttachment(boolean failOnDuplicateFileAttachment) {
        this.failOnDuplicateFileAttachment = failOnDuplicateFileAttachment;
    }
}
