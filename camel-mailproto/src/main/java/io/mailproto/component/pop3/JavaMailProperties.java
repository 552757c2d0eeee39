package io.mailproto.component.pop3;

import io.mailproto.wire.TlsMode;
import java.util.Map;
import org.apache.camel.util.PropertiesHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code mail.pop3.…} properties that camel-mail passes on to Jakarta Mail, as endpoint options: those that have an
 * equivalent set it, others are ignored with one WARN each, except where security depends on them.
 */
final class JavaMailProperties {
    private static final Logger LOG = LoggerFactory.getLogger(JavaMailProperties.class);

    private JavaMailProperties() {}

    /**
     * Takes the properties out of the parameters and puts what they mean into the configuration; endpoint options that
     * are set afterwards go before.
     *
     * @throws IllegalArgumentException for a property that would weaken security if it were obeyed, or break the route
     *     if it were ignored
     */
    static void apply(Map<String, Object> parameters, Pop3Configuration configuration) {
        PropertiesHelper.extractProperties(parameters, "additionalJavaMailProperties.")
                .forEach((name, value) -> applyOne(name, String.valueOf(value), configuration));
        PropertiesHelper.extractProperties(parameters, "mail.")
                .forEach((name, value) -> applyOne("mail." + name, String.valueOf(value), configuration));
    }

    private static void applyOne(String name, String value, Pop3Configuration configuration) {
        boolean on = "true".equalsIgnoreCase(value);
        switch (name.replaceFirst("^mail\\.pop3s?\\.", "")) {
            case "starttls.enable" -> setTls(on, TlsMode.AUTO, configuration);
            case "starttls.required" -> setTls(on, TlsMode.STARTTLS, configuration);
            case "ssl.enable" -> setTls(on, TlsMode.IMPLICIT, configuration);
            case "auth.mechanisms" ->
                configuration.setAuthMechanisms(value.strip().replaceAll("\\s+", ","));
            case "connectiontimeout" -> configuration.setConnectionTimeout(Integer.parseInt(value));
            case "timeout" -> configuration.setReadTimeout(Long.parseLong(value));
            case "ssl.trust" ->
                throw new IllegalArgumentException(
                        name
                                + " is not understood; give a trust store with sslContextParameters, or trustAllCertificates=true");
            case "ssl.checkserveridentity" -> {
                if (!on) {
                    throw new IllegalArgumentException(
                            name + "=" + value + " is not understood; use hostnameVerification=false");
                }
            }
            default -> LOG.warn("{} has no equivalent and is ignored", name);
        }
    }

    /** {@code starttls.required} beside {@code starttls.enable} stays, in whatever order they come. */
    private static void setTls(boolean on, TlsMode mode, Pop3Configuration configuration) {
        if (on && (mode != TlsMode.AUTO || configuration.getTls() == null)) {
            configuration.setTls(mode);
        }
    }
}
