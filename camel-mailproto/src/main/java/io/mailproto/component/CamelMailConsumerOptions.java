package io.mailproto.component;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Options that camel-mail accepts on its consumers and that this component does not have: those that mean nothing there
 * are taken out with one WARN, so that routes start; the others are refused, saying what to use instead.
 */
public final class CamelMailConsumerOptions {
    private static final Logger LOG = LoggerFactory.getLogger(CamelMailConsumerOptions.class);

    /**
     * For sending; or, as handleFailedMessage, so in any case; or, as debugMode, of Jakarta Mail.
     */
    private static final Set<String> MEANINGLESS = Set.of(
            "alternativeBodyHeader",
            "attachmentsContentTransferEncodingResolver",
            "bcc",
            "cc",
            "contentType",
            "contentTypeResolver",
            "debugMode",
            "from",
            "handleFailedMessage",
            "ignoreUnsupportedCharset",
            "ignoreUriScheme",
            "javaMailSender",
            "replyTo",
            "subject",
            "to",
            "useHeaderFrom",
            "useHeaderRecipients",
            "useHeaderReplyTo",
            "useHeaderSubject",
            "useInlineAttachments",
            "useJavaMailSessionPropertiesFromHeaders");

    private static final Map<String, String> REFUSED = Map.of(
            "authenticator", "use username and password",
            "binding", "use headerFilterStrategy, or mapMailMessage=false for the mail as it came",
            "session", "use the options for host, login and TLS");

    private final String protocol;
    private final Set<String> meaningless = new HashSet<>(MEANINGLESS);
    private final Map<String, String> refused = new HashMap<>(REFUSED);

    /** @param protocol for the texts, such as IMAP */
    public CamelMailConsumerOptions(String protocol) {
        this.protocol = protocol;
    }

    /** These mean nothing for the protocol, too. */
    public CamelMailConsumerOptions without(String... names) {
        meaningless.addAll(Set.of(names));
        return this;
    }

    /** This one is refused, also with a dot and more behind it. */
    public CamelMailConsumerOptions refusing(String name, String advice) {
        refused.put(name, advice);
        return this;
    }

    /**
     * Takes out what means nothing.
     *
     * @throws IllegalArgumentException naming an option that is refused, and what to use
     */
    public void takeOut(String uri, Map<String, Object> parameters) {
        for (String given : parameters.keySet()) {
            int dot = given.indexOf('.');
            String advice = refused.get(dot < 0 ? given : given.substring(0, dot));
            if (advice != null) {
                throw new IllegalArgumentException(
                        "the option " + given + " of camel-mail does not exist for " + protocol + " here: " + advice);
            }
        }
        Set<String> removed = new TreeSet<>();
        for (String name : meaningless) {
            if (parameters.remove(name) != null) {
                removed.add(name);
            }
        }
        if (!removed.isEmpty()) {
            LOG.warn(
                    "{}: these options mean nothing for {} and are ignored: {}",
                    URISupport.sanitizeUri(uri),
                    protocol,
                    String.join(", ", removed));
        }
    }
}
