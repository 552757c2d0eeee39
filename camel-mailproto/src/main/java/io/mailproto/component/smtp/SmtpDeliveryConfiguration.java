package io.mailproto.component.smtp;

import io.mailproto.smtp.client.DsnRequest;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say what is done with a server, and over how many connections. */
@UriParams
public abstract class SmtpDeliveryConfiguration extends SmtpServerConfiguration {

    @UriParam(label = "producer", enums = "send,verify,expand,help,noop", defaultValue = "SEND")
    private SmtpOperation operation = SmtpOperation.SEND;

    @UriParam(label = "producer,advanced", defaultValue = "true")
    private boolean chunking = true;

    @UriParam(label = "producer,advanced")
    private String dsnNotify;

    @UriParam(label = "producer,advanced", enums = "FULL,HDRS")
    private DsnRequest.Return dsnReturn;

    @UriParam(label = "producer,advanced")
    private boolean requireTls;

    @UriParam(label = "producer,advanced", defaultValue = "20")
    private int poolSize = 20;

    @UriParam(label = "producer,advanced", defaultValue = "100")
    private int maxMessagesPerConnection = 100;

    public SmtpOperation getOperation() {
        return operation;
    }

    /**
     * What to do: send the mail, verify (VRFY) a user or address, expand (EXPN) a list, help (HELP) or noop (NOOP). The
     * header CamelMailSmtpOperation comes before it. For verify, expand and help the body is the argument.
     */
    public void setOperation(SmtpOperation operation) {
        this.operation = operation;
    }

    public boolean isChunking() {
        return chunking;
    }

    /**
     * Whether mails are sent in chunks (BDAT) when the server offers it: a small one then goes out together with its
     * envelope.
     */
    public void setChunking(boolean chunking) {
        this.chunking = chunking;
    }

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

    public int getPoolSize() {
        return poolSize;
    }

    /**
     * Most connections to the server at a time; who needs one more waits for connectionTimeout. 0 for no limit.
     */
    public void setPoolSize(int poolSize) {
        this.poolSize = poolSize;
    }

    public int getMaxMessagesPerConnection() {
        return maxMessagesPerConnection;
    }

    /**
     * Mails after which a connection is closed and another one opened; 0 for no limit. What the server says itself (LIMITS)
     * is obeyed as well.
     */
    public void setMaxMessagesPerConnection(int maxMessagesPerConnection) {
        this.maxMessagesPerConnection = maxMessagesPerConnection;
    }
}
