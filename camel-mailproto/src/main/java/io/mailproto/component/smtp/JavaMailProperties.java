package io.mailproto.component.smtp;

import io.mailproto.wire.TlsMode;
import java.util.Map;
import org.apache.camel.util.PropertiesHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code mail.smtp.…} properties that camel-mail passes on to Jakarta Mail, as endpoint options
 * ({@code mail.smtp.starttls.enable=true} or {@code additionalJavaMailProperties.mail.smtp…}): those that have an
 * equivalent set it, unless the option itself is given; others are ignored with one WARN each, except where security
 * depends on them.
 */
final class JavaMailProperties {

    private static final Logger LOG = LoggerFactory.getLogger(JavaMailProperties.class);

    private JavaMailProperties() {}

    /**
     * Takes the properties out of the parameters and puts what they mean into the configuration.
     *
     * @throws IllegalArgumentException for a property that would weaken security silently if it were ignored
     */
    static void apply(Map<String, Object> parameters, SmtpConfiguration configuration) {
        PropertiesHelper.extractProperties(parameters, "additionalJavaMailProperties.")
                .forEach((name, value) -> applyOne(name, String.valueOf(value), configuration));
        PropertiesHelper.extractProperties(parameters, "mail.")
                .forEach((name, value) -> applyOne("mail." + name, String.valueOf(value), configuration));
    }

    private static void applyOne(String name, String value, SmtpConfiguration configuration) {
        String key = name.replaceFirst("^mail\\.smtps?\\.", "");
        boolean on = "true".equalsIgnoreCase(value);
        switch (key) {
            case "starttls.enable" -> {
                if (on && configuration.getTls() == null) {
                    configuration.setTls(TlsMode.AUTO);
                }
            }
            case "starttls.required" -> {
                if (on) {
                    configuration.setTls(TlsMode.STARTTLS);
                }
            }
            case "ssl.enable" -> {
                if (on) {
                    configuration.setTls(TlsMode.IMPLICIT);
                }
            }
            case "auth.mechanisms" -> configuration.setAuthMechanisms(value);
            case "localhost" -> configuration.setEhloName(value);
            case "connectiontimeout" -> configuration.setConnectionTimeout(Integer.parseInt(value));
            case "timeout" -> {
                configuration.setReplyTimeout(Long.parseLong(value));
                configuration.setGreetingTimeout(Long.parseLong(value));
                configuration.setFinalReplyTimeout(Long.parseLong(value));
            }
            case "auth" -> LOG.debug("{} is not needed: a username is reason enough to log in", name);
            case "ssl.trust" -> throw new IllegalArgumentException(name
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
}
