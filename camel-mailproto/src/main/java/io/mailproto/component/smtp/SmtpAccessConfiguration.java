package io.mailproto.component.smtp;

import io.mailproto.component.MailConnectionConfiguration;
import io.mailproto.sasl.PasswordVerifier;
import io.mailproto.sasl.SaslServers;
import io.mailproto.sasl.ScramKeySource;
import io.mailproto.sasl.Secret;
import io.mailproto.sasl.TokenVerifier;
import io.mailproto.smtp.server.RecipientDomains;
import io.mailproto.smtp.server.SmtpPolicy;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of an SMTP consumer that tell who may send what to whom. */
@UriParams
public abstract class SmtpAccessConfiguration extends MailConnectionConfiguration {

    @UriParam(label = "consumer")
    private String recipientDomains;

    @UriParam(label = "consumer,security")
    private boolean requireAuthentication;

    @UriParam(label = "consumer,security", security = "secret")
    private String users;

    @UriParam(label = "consumer,security")
    private PasswordVerifier authenticator;

    @UriParam(label = "consumer,security")
    private ScramKeySource scramKeys;

    @UriParam(label = "consumer,security")
    private TokenVerifier tokenVerifier;

    @UriParam(label = "consumer")
    private SmtpPolicy policy;

    @UriParam(label = "consumer,advanced")
    private String connectRoute;

    @UriParam(label = "consumer,advanced")
    private String heloRoute;

    @UriParam(label = "consumer,advanced")
    private String mailRoute;

    @UriParam(label = "consumer")
    private String rcptRoute;

    @UriParam(label = "consumer,advanced")
    private String dataRoute;

    @UriParam(label = "consumer,advanced")
    private String verifyRoute;

    @UriParam(label = "consumer,advanced")
    private String expandRoute;

    RecipientDomains domains() {
        return RecipientDomains.parse(recipientDomains);
    }

    /** The policy bean, then the policy routes; {@link SmtpPolicy#NONE} if there is neither. */
    SmtpPolicy policyOrNone(CamelContext context) {
        SmtpPolicy bean = policy == null ? SmtpPolicy.NONE : policy;
        Map<RoutePolicy.Phase, String> routes = new EnumMap<>(RoutePolicy.Phase.class);
        put(routes, RoutePolicy.Phase.CONNECT, connectRoute);
        put(routes, RoutePolicy.Phase.HELO, heloRoute);
        put(routes, RoutePolicy.Phase.MAIL, mailRoute);
        put(routes, RoutePolicy.Phase.RCPT, rcptRoute);
        put(routes, RoutePolicy.Phase.DATA, dataRoute);
        put(routes, RoutePolicy.Phase.VRFY, verifyRoute);
        put(routes, RoutePolicy.Phase.EXPN, expandRoute);
        return routes.isEmpty() ? bean : new RoutePolicy(bean, routes, context);
    }

    private static void put(Map<RoutePolicy.Phase, String> routes, RoutePolicy.Phase phase, String uri) {
        if (uri != null) {
            routes.put(phase, uri);
        }
    }

    /**
     * Who may log in: the authenticator and the SCRAM keys, else the users together with the endpoint's own user name and
     * password; the token verifier in addition.
     *
     * @throws IllegalArgumentException if users are not as they must be
     */
    Optional<SaslServers> logins() {
        if (authenticator != null || scramKeys != null) {
            return Optional.of(SaslServers.of(authenticator, scramKeys, tokenVerifier));
        }
        Map<String, Secret> known = users == null ? new HashMap<>() : UserList.parse(users);
        if (getUsername() != null && getPassword() != null) {
            known.put(getUsername(), Secret.of(getPassword()));
        }
        if (known.isEmpty()) {
            return tokenVerifier == null ? Optional.empty() : Optional.of(SaslServers.of(null, null, tokenVerifier));
        }
        SaslServers logins = SaslServers.ofPasswords(known);
        return Optional.of(tokenVerifier == null ? logins : logins.withTokens(tokenVerifier));
    }

    public String getRecipientDomains() {
        return recipientDomains;
    }

    /**
     * The domains to take mail for, separated by commas, or * for every domain. Holds for clients that have logged
     * in, too.
     */
    public void setRecipientDomains(String recipientDomains) {
        this.recipientDomains = recipientDomains;
    }

    public boolean isRequireAuthentication() {
        return requireAuthentication;
    }

    /**
     * Whether clients must log in before they send mail.
     */
    public void setRequireAuthentication(boolean requireAuthentication) {
        this.requireAuthentication = requireAuthentication;
    }

    public String getUsers() {
        return users;
    }

    /**
     * Who may log in, as user:password pairs separated by commas, beside the endpoint's own username and password. A
     * backslash takes the meaning from a comma, a colon or a backslash that follows it. For anything more than a few,
     * set an authenticator.
     */
    public void setUsers(String users) {
        this.users = users;
    }

    public PasswordVerifier getAuthenticator() {
        return authenticator;
    }

    /**
     * Decides who may log in with a password (PLAIN, LOGIN), instead of users, username and password.
     */
    public void setAuthenticator(PasswordVerifier authenticator) {
        this.authenticator = authenticator;
    }

    public ScramKeySource getScramKeys() {
        return scramKeys;
    }

    /**
     * Finds the keys of users that log in with SCRAM, instead of users, username and password.
     */
    public void setScramKeys(ScramKeySource scramKeys) {
        this.scramKeys = scramKeys;
    }

    public TokenVerifier getTokenVerifier() {
        return tokenVerifier;
    }

    /**
     * Decides who may log in with an OAuth 2.0 token (OAUTHBEARER, XOAUTH2), in addition to passwords.
     */
    public void setTokenVerifier(TokenVerifier tokenVerifier) {
        this.tokenVerifier = tokenVerifier;
    }

    public SmtpPolicy getPolicy() {
        return policy;
    }

    /**
     * Decides what clients may do, at each step from the connection to the message.
     */
    public void setPolicy(SmtpPolicy policy) {
        this.policy = policy;
    }

    public String getConnectRoute() {
        return connectRoute;
    }

    /**
     * An endpoint such as direct:check that decides about a client that has connected; the body is its address.
     * It refuses with reply headers, with an SmtpReplyException, or by failing (451).
     */
    public void setConnectRoute(String connectRoute) {
        this.connectRoute = connectRoute;
    }

    public String getHeloRoute() {
        return heloRoute;
    }

    /**
     * An endpoint such as direct:check that decides about a client that has given its name, which is the body.
     * It refuses with reply headers, with an SmtpReplyException, or by failing (451).
     */
    public void setHeloRoute(String heloRoute) {
        this.heloRoute = heloRoute;
    }

    public String getMailRoute() {
        return mailRoute;
    }

    /**
     * An endpoint such as direct:check that decides about a sender of an envelope, which is the body, empty for bounces.
     * It refuses with reply headers, with an SmtpReplyException, or by failing (451).
     */
    public void setMailRoute(String mailRoute) {
        this.mailRoute = mailRoute;
    }

    public String getRcptRoute() {
        return rcptRoute;
    }

    /**
     * An endpoint such as direct:check that decides about a recipient of an envelope, which is the body.
     * It refuses with reply headers, with an SmtpReplyException, or by failing (451).
     */
    public void setRcptRoute(String rcptRoute) {
        this.rcptRoute = rcptRoute;
    }

    public String getDataRoute() {
        return dataRoute;
    }

    /**
     * An endpoint such as direct:check that decides about an envelope that is complete; the body is the list of recipients.
     * It refuses with reply headers, with an SmtpReplyException, or by failing (451).
     */
    public void setDataRoute(String dataRoute) {
        this.dataRoute = dataRoute;
    }

    public String getVerifyRoute() {
        return verifyRoute;
    }

    /**
     * An endpoint that answers VRFY with reply headers; the body is what the client asks for.
     */
    public void setVerifyRoute(String verifyRoute) {
        this.verifyRoute = verifyRoute;
    }

    public String getExpandRoute() {
        return expandRoute;
    }

    /**
     * An endpoint that answers EXPN with reply headers; the body is the list the client asks for.
     */
    public void setExpandRoute(String expandRoute) {
        this.expandRoute = expandRoute;
    }
}
