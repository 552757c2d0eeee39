package io.mailproto.component.pop3;

import io.mailproto.component.MailPollConfiguration;
import io.mailproto.pop3.Pop3ClientOptions;
import io.mailproto.pop3.Pop3Login;
import io.mailproto.pop3.Pop3Timeouts;
import io.mailproto.pop3.Pop3Window;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslMechanisms;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the POP3 endpoints. */
@UriParams
public class Pop3Configuration extends MailPollConfiguration implements Cloneable {
    @UriParam(label = "security")
    private String authMechanisms;

    @UriParam(label = "consumer,filter")
    private String filterMail;

    @UriParam(label = "producer")
    private Pop3Operation operation;

    @UriParam(label = "producer")
    private boolean keepSession;

    @UriParam(label = "consumer,advanced", defaultValue = "true")
    private boolean pipelining = true;

    @UriParam(label = "advanced", defaultValue = "300000", javaType = "java.time.Duration")
    private long quitTimeout = Duration.ofMinutes(5).toMillis();

    /** A copy for one endpoint. */
    Pop3Configuration copy() {
        try {
            return (Pop3Configuration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /**
     * What the client needs, checked.
     *
     * @param implicitTls true for the schemes with an s
     * @throws IllegalArgumentException naming the option
     */
    Pop3ClientOptions toClientOptions(boolean implicitTls, TlsSettings settings) {
        TlsMode mode = getTls() != null ? getTls() : implicitTls ? TlsMode.IMPLICIT : TlsMode.AUTO;
        return Pop3ClientOptions.of(mode, settings)
                .withPlaintextLogin(isAllowPlaintextLogin())
                .withTimeouts(Pop3Timeouts.defaults()
                        .withReply(positive("readTimeout", getReadTimeout()))
                        .withUpdate(positive("quitTimeout", quitTimeout)))
                .withWindow(pipelining ? Pop3Window.defaults() : Pop3Window.single());
    }

    private static Duration positive(String option, long millis) {
        if (millis <= 0) {
            throw new IllegalArgumentException(option + " must be positive, not " + millis);
        }
        return Duration.ofMillis(millis);
    }

    /**
     * Who logs in and how, checked.
     *
     * @throws IllegalArgumentException naming the option
     */
    Pop3Login login(CamelContext context) {
        List<String> methods = authMechanisms == null
                ? List.of()
                : Arrays.stream(authMechanisms.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        if (authMechanisms != null && methods.isEmpty()) {
            throw new IllegalArgumentException("authMechanisms is empty");
        }
        return new Pop3Login(credentials(context).orElseGet(() -> byCertificate(methods)), methods);
    }

    private Credentials byCertificate(List<String> methods) {
        if (methods.size() != 1 || !methods.get(0).equalsIgnoreCase(SaslMechanisms.EXTERNAL)) {
            throw new IllegalArgumentException(
                    hostPort() + ": POP3 needs the options username and password, tokenSupplier or oauthProfile, or"
                            + " authMechanisms=EXTERNAL and a client certificate");
        }
        return Credentials.external(getUsername() == null ? "" : getUsername());
    }

    /**
     * Whether a key leaves the repository after success. Without delete it always stays: the mail is listed again at the
     * next poll, and the repository is all that tells that it has been processed.
     */
    @Override
    public boolean isIdempotentRepositoryRemoveOnCommit() {
        return isDelete() && super.isIdempotentRepositoryRemoveOnCommit();
    }

    public String getAuthMechanisms() {
        return authMechanisms;
    }

    /**
     * Ways to log in, separated by commas, the most preferred first: USER (USER and PASS), LOGIN (as in Jakarta Mail USER and PASS, or
     * AUTH LOGIN where the server has only that), APOP, PLAIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-256-PLUS, OAUTHBEARER, XOAUTH2 (for both the
     * password is the access token) and EXTERNAL. The first that the server offers, that is safe on this connection and
     * that can carry the credentials is used. Without this option USER, then PLAIN, then LOGIN; where a password must not be shown SCRAM, CRAM-MD5, and
     * APOP if there is nothing else.
     */
    public void setAuthMechanisms(String authMechanisms) {
        this.authMechanisms = authMechanisms;
    }

    public String getFilterMail() {
        return filterMail;
    }

    /**
     * A predicate in the Simple language that decides about a mail before it is downloaded, by its header fields and
     * CamelMailSize as headers, such as ${header.Subject} contains 'invoice'. A mail that is refused stays in the maildrop and is
     * not asked for again.
     */
    public void setFilterMail(String filterMail) {
        this.filterMail = filterMail;
    }

    public Pop3Operation getOperation() {
        return operation;
    }

    /**
     * What a producer does with the maildrop, unless the header CamelMailPop3Operation says something else.
     */
    public void setOperation(Pop3Operation operation) {
        this.operation = operation;
    }

    public boolean isKeepSession() {
        return keepSession;
    }

    /**
     * Whether a producer keeps its session from one exchange to the next. What was marked by dele is then deleted only by the
     * operation quit, or when the producer stops. Otherwise each exchange has a session of its own, which ends before
     * the exchange goes on.
     */
    public void setKeepSession(boolean keepSession) {
        this.keepSession = keepSession;
    }

    public boolean isPipelining() {
        return pipelining;
    }

    /**
     * Whether to send several commands ahead of their replies when the server offers it. Switch it off only for a server
     * that offers it and cannot do it.
     */
    public void setPipelining(boolean pipelining) {
        this.pipelining = pipelining;
    }

    public long getQuitTimeout() {
        return quitTimeout;
    }

    /**
     * How long to wait for the answer to QUIT, during which the server deletes mails.
     */
    public void setQuitTimeout(long quitTimeout) {
        this.quitTimeout = quitTimeout;
    }
}
