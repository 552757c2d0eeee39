package io.mailproto.component;

import java.time.Duration;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the consumers that poll a mailbox. */
@UriParams
public class MailPollConfiguration extends MailMappingConfiguration {

    @UriParam(label = "consumer")
    private boolean delete;

    @UriParam(label = "consumer,advanced", defaultValue = "-1")
    private int fetchSize = -1;

    @UriParam(label = "consumer,advanced", defaultValue = "true")
    private boolean mapMailMessage = true;

    @UriParam(label = "consumer")
    private boolean mimeDecodeHeaders;

    @UriParam(label = "consumer")
    private boolean disconnect;

    @UriParam(label = "consumer,filter")
    private IdempotentRepository idempotentRepository;

    @UriParam(label = "consumer,filter", defaultValue = "true")
    private boolean idempotentRepositoryRemoveOnCommit = true;

    @UriParam(label = "consumer,advanced")
    private MailUidGenerator mailUidGenerator;

    @UriParam(label = "consumer")
    private boolean skipFailedMessage;

    @UriParam(label = "consumer,advanced", defaultValue = "1000")
    private int maxInFlight = 1000;

    @UriParam(label = "consumer,advanced", defaultValue = "3600000", javaType = "java.time.Duration")
    private long inFlightTimeout = Duration.ofHours(1).toMillis();

    @UriParam(label = "consumer", defaultValue = "10")
    private int maxDeliveries = 10;

    @UriParam(label = "consumer,advanced", defaultValue = "60000", javaType = "java.time.Duration")
    private long readTimeout = Duration.ofMinutes(1).toMillis();

    public boolean isDelete() {
        return delete;
    }

    /**
     * Deletes a mail from the server after the route has succeeded. A header CamelMailDelete goes before.
     */
    public void setDelete(boolean delete) {
        this.delete = delete;
    }

    public int getFetchSize() {
        return fetchSize;
    }

    /**
     * Most mails of one poll; 0 fetches none; -1 leaves it to maxMessagesPerPoll.
     */
    public void setFetchSize(int fetchSize) {
        this.fetchSize = fetchSize;
    }

    public boolean isMapMailMessage() {
        return mapMailMessage;
    }

    /**
     * True: the body is the readable text, header fields are headers, attachments are the message's. False: the body is
     * the mail itself, which converts to its octets.
     */
    public void setMapMailMessage(boolean mapMailMessage) {
        this.mapMailMessage = mapMailMessage;
    }

    public boolean isMimeDecodeHeaders() {
        return mimeDecodeHeaders;
    }

    /**
     * Decodes encoded words in header fields (RFC 2047) on their way to headers.
     */
    public void setMimeDecodeHeaders(boolean mimeDecodeHeaders) {
        this.mimeDecodeHeaders = mimeDecodeHeaders;
    }

    public boolean isDisconnect() {
        return disconnect;
    }

    /**
     * Closes the connection after each poll instead of keeping it for the next one. POP3 always does.
     */
    public void setDisconnect(boolean disconnect) {
        this.disconnect = disconnect;
    }

    public IdempotentRepository getIdempotentRepository() {
        return idempotentRepository;
    }

    /**
     * Remembers the keys of mails so that each reaches the route once. A key is added just before its mail is processed,
     * and removed when the route fails.
     */
    public void setIdempotentRepository(IdempotentRepository idempotentRepository) {
        this.idempotentRepository = idempotentRepository;
    }

    public boolean isIdempotentRepositoryRemoveOnCommit() {
        return idempotentRepositoryRemoveOnCommit;
    }

    /**
     * Removes a key from the idempotent repository when the mail was processed, since it will not be seen again: it is
     * deleted or flagged. Set it to false where mails stay in the mailbox unchanged.
     */
    public void setIdempotentRepositoryRemoveOnCommit(boolean idempotentRepositoryRemoveOnCommit) {
        this.idempotentRepositoryRemoveOnCommit = idempotentRepositoryRemoveOnCommit;
    }

    public MailUidGenerator getMailUidGenerator() {
        return mailUidGenerator;
    }

    /**
     * Gives mails the keys under which the idempotent repository knows them. By default the key is where the mail is
     * (account, folder, UIDVALIDITY and UID, or account and UIDL), so that a mail is known before it is fetched;
     * io.mailproto.component.MessageIdUidGenerator gives the Message-ID, as camel-mail does.
     */
    public void setMailUidGenerator(MailUidGenerator mailUidGenerator) {
        this.mailUidGenerator = mailUidGenerator;
    }

    public boolean isSkipFailedMessage() {
        return skipFailedMessage;
    }

    /**
     * Whether a mail that cannot be fetched is passed over without telling the exception handler. Either way it stays on
     * the server, and the other mails go on.
     */
    public void setSkipFailedMessage(boolean skipFailedMessage) {
        this.skipFailedMessage = skipFailedMessage;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    /**
     * Most mails that routes may work on at a time, counting those handed to other threads; polling pauses there.
     */
    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public long getInFlightTimeout() {
        return inFlightTimeout;
    }

    /**
     * How long an exchange may take to complete before its mail counts as lost and may be delivered again.
     */
    public void setInFlightTimeout(long inFlightTimeout) {
        this.inFlightTimeout = inFlightTimeout;
    }

    public int getMaxDeliveries() {
        return maxDeliveries;
    }

    /**
     * How often a mail is given to the route that fails each time, before it is put aside with an ERROR; 0 for ever. IMAP
     * moves or flags it (onFailureMoveTo, onFailureFlag; with one of them the default is 1), POP3 lets it alone.
     */
    public void setMaxDeliveries(int maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }

    public long getReadTimeout() {
        return readTimeout;
    }

    /**
     * How long to wait for the server's answer to a command.
     */
    public void setReadTimeout(long readTimeout) {
        this.readTimeout = readTimeout;
    }
}
