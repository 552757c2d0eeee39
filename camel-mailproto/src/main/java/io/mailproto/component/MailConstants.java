package io.mailproto.component;

import org.apache.camel.spi.Metadata;

/**
 * Names of the headers and exchange properties that the mail endpoints set or obey. Headers that report something and
 * headers that ask for something have different names, so that one hop's answer never becomes the next hop's order.
 */
public final class MailConstants {

    // ---- what a received mail is, set by all consumers

    @Metadata(label = "consumer", javaType = "java.lang.Long", description = "Number of octets of the received mail.")
    public static final String SIZE = "CamelMailSize";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "What could not be understood of the received mail and is given as it is, in sentences with"
                    + " semicolons between; absent for a good one, and where the body is the mail itself.")
    public static final String PROBLEMS = "CamelMailProblems";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.Integer",
            description = "How many attachments of the mail are no attachments of the message, since they have no name;"
                    + " absent if there are none. The option generateMissingAttachmentNames gives them one.")
    public static final String UNNAMED_ATTACHMENTS = "CamelMailUnnamedAttachments";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "The key of the attachment that SplitAttachmentsExpression has made a message of.")
    public static final String SPLIT_ATTACHMENT_ID = "CamelSplitAttachmentId";

    // ---- imap and pop3

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "The mail's key in its mailbox: the UID of IMAP or the UIDL of POP3.")
    public static final String UID = "CamelMailUid";

    @Metadata(label = "consumer", javaType = "java.lang.Long", description = "IMAP: the folder's UIDVALIDITY.")
    public static final String UID_VALIDITY = "CamelMailUidValidity";

    @Metadata(label = "consumer", javaType = "java.lang.String", description = "IMAP: the folder of the mail.")
    public static final String FOLDER = "CamelMailFolder";

    @Metadata(
            label = "consumer",
            javaType = "java.util.Set<String>",
            description = "IMAP: the flags of the mail when it was fetched, such as \\Flagged.")
    public static final String FLAGS = "CamelMailFlags";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            enums = "new,flags,expunged,rebuilt",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "With changes=true: what has happened to the mail, or rebuilt for all UIDs of the folder.")
    public static final String CHANGE = "CamelMailChange";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.Long",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "With changes=true: the mod-sequence of the change (RFC 7162), if the server counts.")
    public static final String MOD_SEQ = "CamelMailModSeq";

    @Metadata(
            label = "consumer",
            javaType = "java.time.Instant",
            description = "IMAP: when the mail arrived at the server.")
    public static final String INTERNAL_DATE = "CamelMailInternalDate";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "Asks the IMAP consumer to copy this mail to a folder after the route, instead of the option"
                    + " copyTo.")
    public static final String COPY_TO = "CamelMailCopyTo";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "Asks the IMAP consumer to move this mail to a folder after the route, instead of the option"
                    + " moveTo.")
    public static final String MOVE_TO = "CamelMailMoveTo";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.Boolean",
            description = "Asks the consumer to delete this mail after the route, or not to, instead of the option"
                    + " delete.")
    public static final String DELETE = "CamelMailDelete";

    // ---- what to do with a maildrop, read by the pop3 producer

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"pop3", "pop3s", "mailproto-pop3", "mailproto-pop3s"},
            description =
                    "What the pop3 producer does, instead of the option operation: stat, list, uidl, retr, top, dele,"
                            + " rset, noop, capa or quit.")
    public static final String POP3_OPERATION = "CamelMailPop3Operation";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Integer",
            applicableFor = {"pop3", "pop3s", "mailproto-pop3", "mailproto-pop3s"},
            description =
                    "The number of the mail that the pop3 producer is about, from 1. Numbers hold within one session;"
                            + " the header CamelMailUid goes before.")
    public static final String POP3_NUMBER = "CamelMailPop3Number";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Integer",
            applicableFor = {"pop3", "pop3s", "mailproto-pop3", "mailproto-pop3s"},
            description =
                    "How many lines of the body the operation top fetches after the header; 0 without this header.")
    public static final String POP3_TOP_LINES = "CamelMailPop3TopLines";

    // ---- what to do with a mailbox, read by the imap producer

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "What the imap producer does, instead of the option operation: append, fetch, search, sort, "
                    + "thread, store, copy, move, delete, expunge, create, rename, remove, list, status, subscribe, "
                    + "unsubscribe, quota, acl, namespace, id, capability, noop or logout.")
    public static final String IMAP_OPERATION = "CamelMailImapOperation";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "The folder that the imap producer works in or on, instead of the option folderName.")
    public static final String IMAP_FOLDER = "CamelMailImapFolder";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "Where the imap producer copies or moves mails to, or the new name of a folder, instead of "
                    + "the option targetFolder.")
    public static final String IMAP_TARGET_FOLDER = "CamelMailImapTargetFolder";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Object",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "The mails that the imap producer is about: a number, a list of numbers, or a text such as "
                    + "1:3,7. Without it the header CamelMailUid, with CamelMailFolder and CamelMailUidValidity.")
    public static final String IMAP_UIDS = "CamelMailImapUids";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "What the imap producer looks for, in IMAP's own words, instead of the option search.")
    public static final String IMAP_SEARCH = "CamelMailImapSearch";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "Which of the mails found the operation search gives, counted from 1 in the order of their "
                    + "UIDs, such as 1-100.")
    public static final String IMAP_PAGE = "CamelMailImapPage";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "In which order the operation sort gives mails, such as date,-size, instead of the option "
                    + "sortTerm.")
    public static final String IMAP_SORT = "CamelMailImapSort";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "How the operation thread puts mails together: references (the default where offered), refs "
                    + "or orderedsubject.")
    public static final String IMAP_THREADING = "CamelMailImapThreading";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "What the operation fetch fetches, instead of the option section: whole, headers, text, "
                    + "structure, or the number of a part such as 2 or 1.3.")
    public static final String IMAP_SECTION = "CamelMailImapSection";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description =
                    "Which octets of the section the operation fetch fetches, as they are transferred and counted "
                            + "from 0, such as 0-1023.")
    public static final String IMAP_RANGE = "CamelMailImapRange";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Object",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "The flags that the operation store changes or append gives, such as \\Seen: a text with "
                    + "spaces between, or a collection.")
    public static final String IMAP_FLAGS = "CamelMailImapFlags";

    @Metadata(
            label = "producer",
            javaType = "java.util.Collection<String>",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "The labels of Gmail that the operation store changes.")
    public static final String IMAP_LABELS = "CamelMailImapLabels";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "What the operation store does with flags and labels: add (the default), remove or replace.")
    public static final String IMAP_CHANGE = "CamelMailImapChange";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Object",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description =
                    "When an appended mail is to have arrived: a date or time object, milliseconds since 1970, or "
                            + "ISO 8601; without it now.")
    public static final String IMAP_DATE = "CamelMailImapDate";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "Which folders the operation list tells: * stands for anything, % for anything within one "
                    + "level; * without it.")
    public static final String IMAP_PATTERN = "CamelMailImapPattern";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "Whose rights the operation acl sets.")
    public static final String IMAP_ACL_IDENTIFIER = "CamelMailImapAclIdentifier";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description =
                    "The rights that the operation acl sets, as letters of RFC 4314; empty to take all away. With "
                            + "a plus or minus in front they are added or taken away.")
    public static final String IMAP_ACL_RIGHTS = "CamelMailImapAclRights";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Object",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "What became of mails: AppendedUids of append, CopiedUids of copy and move, for delete "
                    + "whether they are gone (true) or only marked (false), for store with CamelMailImapUnchangedSince "
                    + "the UIDs of the mails that others have changed, as List<Long>.")
    public static final String IMAP_RESULT = "CamelMailImapResult";

    @Metadata(
            label = "producer",
            javaType = "java.lang.Long",
            applicableFor = {"imap", "imaps", "mailproto-imap", "mailproto-imaps"},
            description = "Lets the operation store leave alone what others have changed since: the mod-sequence "
                    + "(RFC 7162) that the consumer has told as CamelMailModSeq.")
    public static final String IMAP_UNCHANGED_SINCE = "CamelMailImapUnchangedSince";

    // ---- the envelope, set by the smtp consumer and the bsmtp data format, read by the smtp producer

    @Metadata(
            label = "consumer,producer",
            javaType = "java.lang.String",
            description = "Sender of the envelope; empty for <>, the sender of bounces.")
    public static final String ENVELOPE_SENDER = "CamelMailEnvelopeSender";

    @Metadata(
            label = "consumer,producer",
            javaType = "java.util.List<String>",
            description = "Recipients of the envelope.")
    public static final String ENVELOPE_RECIPIENTS = "CamelMailEnvelopeRecipients";

    // ---- the smtp consumer

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "The name the client gave in HELO or EHLO.")
    public static final String HELO = "CamelMailHelo";

    @Metadata(label = "consumer", javaType = "java.lang.String", description = "Address and port of the client.")
    public static final String REMOTE_ADDRESS = "CamelMailRemoteAddress";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "TLS protocol of the connection; absent in clear.")
    public static final String TLS_PROTOCOL = "CamelMailTlsProtocol";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "The user the client has authenticated as; absent without authentication.")
    public static final String AUTHENTICATED_USER = "CamelMailAuthenticatedUser";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "The id under which the smtp consumer answers for the mail, as in its reply.")
    public static final String QUEUE_ID = "CamelMailQueueId";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.Integer",
            description = "Asks the smtp consumer to answer the client with this reply code.")
    public static final String REPLY_CODE = "CamelMailReplyCode";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "Asks the smtp consumer for this enhanced status code in its reply.")
    public static final String REPLY_ENHANCED_CODE = "CamelMailReplyEnhancedCode";

    @Metadata(
            label = "consumer",
            javaType = "java.lang.String",
            description = "Asks the smtp consumer for this text in its reply.")
    public static final String REPLY_TEXT = "CamelMailReplyText";

    @Metadata(
            label = "consumer",
            javaType = "java.util.Map<String, String>",
            description =
                    "Asks the lmtp consumer for these replies to single recipients, such as 550 5.1.1 no such user,"
                            + " by address; the others get the reply to the mail.")
    public static final String RECIPIENT_REPLIES = "CamelMailRecipientReplies";

    // ---- what a client has asked for, set by the smtp consumer if it offers that

    @Metadata(
            label = "consumer,producer",
            javaType = "java.lang.String",
            description = "How much of the mail delivery status notifications are to return: FULL or HDRS (RFC 3461).")
    public static final String DSN_RETURN = "CamelMailDsnReturn";

    @Metadata(
            label = "consumer,producer",
            javaType = "java.lang.String",
            description = "The sender's name for the envelope in delivery status notifications (RFC 3461), decoded.")
    public static final String DSN_ENVELOPE_ID = "CamelMailDsnEnvelopeId";

    @Metadata(
            label = "consumer,producer",
            javaType = "java.util.Map<String, String>",
            description = "What notifications are wanted for which recipient, as behind RCPT TO (RFC 3461): NOTIFY and"
                    + " ORCPT by address.")
    public static final String DSN_RECIPIENTS = "CamelMailDsnRecipients";

    @Metadata(
            label = "consumer,producer",
            javaType = "java.lang.Boolean",
            description = "True if the mail may only travel under TLS from server to server (RFC 8689).")
    public static final String REQUIRE_TLS = "CamelMailRequireTls";

    // ---- the smtp producer

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            applicableFor = {"smtp", "smtps", "lmtp", "mailproto-smtp", "mailproto-smtps", "mailproto-lmtp"},
            description = "What the smtp producer does, instead of the option operation: send, verify, expand, help or"
                    + " noop.")
    public static final String SMTP_OPERATION = "CamelMailSmtpOperation";

    // ---- results of the smtp producer

    @Metadata(
            label = "producer",
            javaType = "java.util.Map<String, String>",
            description = "The reply each recipient got from the server.")
    public static final String RECIPIENT_RESULTS = "CamelMailRecipientResults";

    @Metadata(label = "producer", javaType = "java.lang.String", description = "The final reply of the server.")
    public static final String RESULT_REPLY = "CamelMailResultReply";

    @Metadata(label = "producer", javaType = "java.lang.Integer", description = "The code of the final reply.")
    public static final String RESULT_CODE = "CamelMailResultCode";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            description = "The enhanced status code of the final reply; absent if the server gave none.")
    public static final String RESULT_ENHANCED_CODE = "CamelMailResultEnhancedCode";

    @Metadata(
            label = "producer",
            javaType = "java.lang.String",
            description = "The text behind the code of the final reply, which most servers use for their queue id.")
    public static final String RESULT_QUEUE_ID = "CamelMailResultQueueId";

    /** On a received mail an exchange property of this name: its Message-ID, or what mailUidGenerator says. */
    @Metadata(label = "producer", javaType = "java.lang.String", description = "The Message-ID of the sent mail.")
    public static final String MESSAGE_ID = "CamelMailMessageId";

    /** Exchange property: the recipients that have accepted a mail, so that a redelivery of it reaches only the rest. */
    public static final String ACCEPTED_RECIPIENTS_PROPERTY = "CamelMailAcceptedRecipients";

    /** Exchange property: true if the client had gone before the smtp consumer could answer it. */
    public static final String REPLY_NOT_DELIVERED_PROPERTY = "CamelMailReplyNotDelivered";

    private MailConstants() {}
}
