package io.mailproto.component.pop3;

import io.mailproto.component.MailPollConfiguration;
import io.mailproto.pop3.Pop3ClientOptions;
import io.mailproto.pop3.Pop3LoginMethod;
import io.mailproto.pop3.Pop3Timeouts;
import io.mailproto.pop3.Pop3Window;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the POP3 endpoints. */
@UriParams
public class Pop3Configuration extends MailPollConfiguration implements Cloneable {
    @UriParam(label = "security", defaultValue = "USER,PLAIN")
    private String authMechanisms = "USER,PLAIN";

    @UriParam(label = "consumer,advanced", defaultValue = "true")
    private boolean pipelining = true;

    @UriParam(label = "consumer,advanced", defaultValue = "300000", javaType = "java.time.Duration")
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
        if (getUsername() == null || getPassword() == null) {
            throw new IllegalArgumentException(hostPort() + ": POP3 needs the options username and password");
        }
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

    /** {@link #getAuthMechanisms()} as a list. */
    List<Pop3LoginMethod> loginMethods() {
        List<Pop3LoginMethod> methods = Arrays.stream(authMechanisms.split(","))
                .filter(name -> !name.isBlank())
                .map(Pop3LoginMethod::parse)
                .toList();
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("authMechanisms is empty; there are USER and PLAIN");
        }
        return methods;
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
     * Ways to log in, separated by commas, the most preferred first: USER (USER and PASS, also called LOGIN) and PLAIN
     * (AUTH PLAIN). The first that the server offers and that can carry the credentials is used.
     */
    public void setAuthMechanisms(String authMechanisms) {
        this.authMechanisms = authMechanisms;
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
