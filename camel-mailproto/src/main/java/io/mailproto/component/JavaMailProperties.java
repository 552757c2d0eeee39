package io.mailproto.component;

import io.mailproto.wire.TlsMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code mail.smtp.…}, {@code mail.imap.…} and {@code mail.pop3.…} properties that camel-mail passes on to Jakarta
 * Mail: as endpoint options ({@code mail.smtp.starttls.required=true}), behind the prefix
 * {@code additionalJavaMailProperties.}, or as a bean of them ({@code additionalJavaMailProperties=#bean},
 * {@code javaMailProperties=#bean}). Those that have an equivalent set it, unless the option itself is given; others are
 * ignored with one WARN for all; those on which security depends are refused. For one endpoint and one thread.
 */
public final class JavaMailProperties {

    private static final Logger LOG = LoggerFactory.getLogger(JavaMailProperties.class);

    private static final String ADDITIONAL = "additionalJavaMailProperties";
    private static final String ALL = "javaMailProperties";
    private static final Pattern NAME = Pattern.compile("mail\\.(smtp|imap|pop3)s?\\.(.+)");
    private static final Pattern DISABLED_MECHANISM = Pattern.compile("auth\\.[^.]+\\.disable");

    /** Versions that may be asked for; the older ones are broken. */
    private static final Set<String> TLS_PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    /** What they say about a proxy, in one option here. */
    private static final Set<String> PROXY =
            Set.of("proxy.host", "proxy.port", "proxy.user", "proxy.password", "socks.host", "socks.port");

    private final String protocol;
    private final boolean implicitTls;
    private final MailConnectionConfiguration configuration;
    private final Map<String, Consumer<String>> meanings = new HashMap<>();
    private final Map<String, String> proxy = new HashMap<>();

    /**
     * Properties of an endpoint.
     *
     * @param protocol smtp, imap or pop3
     * @param implicitTls true for the schemes with an s
     * @param configuration what the properties change
     */
    public JavaMailProperties(String protocol, boolean implicitTls, MailConnectionConfiguration configuration) {
        this.protocol = protocol;
        this.implicitTls = implicitTls;
        this.configuration = configuration;
    }

    /** What a property, named without {@code mail.smtp.}, means for this protocol only. */
    public JavaMailProperties understand(String name, Consumer<String> meaning) {
        meanings.put(name, meaning);
        return this;
    }

    /** As {@link #understand}, with a value in milliseconds; Jakarta Mail's 0 and less, no limit, have no equivalent. */
    public JavaMailProperties understandMillis(String name, Consumer<Long> meaning) {
        return understand(name, value -> {
            long millis = Long.parseLong(value.strip());
            if (millis > 0) {
                meaning.accept(millis);
            }
        });
    }

    /**
     * Takes the properties out of the parameters and puts what they mean into the configuration; options that are set
     * afterwards go before.
     *
     * @param uri of the endpoint, for the WARN
     * @throws IllegalArgumentException for a property that would weaken security if it were obeyed or ignored, and for a
     *     value that makes no sense; naming the property and what to use instead
     */
    public void apply(String uri, Map<String, Object> parameters, CamelContext context) {
        Map<String, String> properties = new LinkedHashMap<>();
        add(properties, configuration.getJavaMailProperties());
        add(properties, configuration.getAdditionalJavaMailProperties());
        add(properties, bean(parameters.remove(ALL), context));
        add(properties, bean(parameters.remove(ADDITIONAL), context));
        add(properties, PropertiesHelper.extractProperties(parameters, ADDITIONAL + "."));
        PropertiesHelper.extractProperties(parameters, "mail.")
                .forEach((name, value) -> properties.put("mail." + name, String.valueOf(value)));
        TreeSet<String> ignored = new TreeSet<>();
        properties.forEach((name, value) -> {
            if (!apply(name, value)) {
                ignored.add(name);
            }
        });
        if (!applyProxy()) {
            proxy.keySet().forEach(key -> ignored.add("mail." + protocol + "." + key));
        }
        warnIfStartTlsIsUsedAnyway(uri, properties, parameters);
        if (!ignored.isEmpty()) {
            LOG.warn(
                    "{}: these properties have no equivalent and are ignored: {}",
                    URISupport.sanitizeUri(uri),
                    String.join(", ", ignored));
        }
    }

    /** With camel-mail it would be left out; here tls=auto takes what the server offers. */
    private void warnIfStartTlsIsUsedAnyway(
            String uri, Map<String, String> properties, Map<String, Object> parameters) {
        boolean isSaidOtherwise = configuration.getTls() != null || parameters.containsKey("tls") || implicitTls;
        for (String prefix : List.of("mail." + protocol + ".", "mail." + protocol + "s.")) {
            String enable = properties.get(prefix + "starttls.enable");
            if (enable != null && !Boolean.parseBoolean(enable.strip()) && !isSaidOtherwise) {
                LOG.warn(
                        "{}: {}starttls.enable={} is ignored: TLS is used if the server offers it (tls=auto); tls=none"
                                + " does without",
                        URISupport.sanitizeUri(uri),
                        prefix,
                        enable);
                return;
            }
        }
    }

    private static void add(Map<String, String> properties, Map<?, ?> more) {
        if (more != null) {
            more.forEach((name, value) -> properties.put(String.valueOf(name), String.valueOf(value)));
        }
    }

    private static Map<?, ?> bean(Object value, CamelContext context) {
        Object bean = value;
        if (value instanceof String reference && reference.startsWith("#")) {
            bean = CamelContextHelper.mandatoryLookup(context, reference.replaceFirst("^#(bean:)?", ""));
        }
        if (bean != null && !(bean instanceof Map<?, ?>)) {
            throw new IllegalArgumentException(
                    ADDITIONAL + " and " + ALL + " must be a bean of the type " + Properties.class.getName());
        }
        return (Map<?, ?>) bean;
    }

    /** False if it is ignored. */
    private boolean apply(String name, String value) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        if (!matcher.group(1).equals(protocol)) {
            // Of a bean that serves endpoints of several protocols.
            LOG.debug("{} is for another protocol", name);
            return true;
        }
        String key = matcher.group(2);
        refuse(name, key, value);
        try {
            if (PROXY.contains(key)) {
                proxy.put(key, value.strip());
                return true;
            }
            Consumer<String> meaning = meanings.get(key);
            if (meaning != null) {
                meaning.accept(value);
                return true;
            }
            return applyCommon(name, key, value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the value of " + name + " is no number", e);
        }
    }

    private boolean applyCommon(String name, String key, String value) {
        boolean on = Boolean.parseBoolean(value);
        switch (key) {
            case "starttls.enable", "auth", "ssl.checkserveridentity" -> {
                // As it is anyway: tls=auto (told above if it was not wanted), a username is reason enough to log in,
                // refused unless true.
                return true;
            }
            case "starttls.required" -> {
                // With TLS from the first octet Jakarta Mail does not look at it either.
                if (on && !implicitTls) {
                    configuration.setTls(TlsMode.STARTTLS);
                }
                return true;
            }
            case "ssl.enable" -> {
                if (on) {
                    configuration.setTls(TlsMode.IMPLICIT);
                }
                return true;
            }
            case "socketFactory.class", "ssl.socketFactory.class" -> {
                // The old way to ask for TLS from the first octet.
                if (value.equals("javax.net.ssl.SSLSocketFactory")) {
                    configuration.setTls(TlsMode.IMPLICIT);
                    return true;
                }
                return false;
            }
            case "socketFactory.fallback" -> {
                return !on;
            }
            case "socketFactory.port" -> {
                return value.equals(String.valueOf(configuration.getPort()));
            }
            case "ssl.protocols" -> {
                List<String> protocols = List.of(value.split("\\s+"));
                if (!TLS_PROTOCOLS.containsAll(protocols)) {
                    throw new IllegalArgumentException(
                            name + ": \"" + value + "\" must be TLSv1.2, TLSv1.3 or both, with a blank between them");
                }
                configuration.limitTlsTo(protocols);
                return true;
            }
            case "sendpartial" -> {
                // As it is anyway.
                return on;
            }
            case "localaddress" -> {
                configuration.setLocalAddress(value);
                return true;
            }
            case "connectiontimeout" -> {
                int millis = Integer.parseInt(value);
                if (millis > 0) {
                    configuration.setConnectionTimeout(millis);
                }
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    /** As with Jakarta Mail an HTTP proxy goes before SOCKS, a host may have its port behind it, and 80 is HTTP's. False
     * if there is no host. */
    private boolean applyProxy() {
        String host = proxy.getOrDefault("proxy.host", "");
        if (!host.isEmpty()) {
            String user = proxy.get("proxy.user");
            String login =
                    user == null ? "" : encoded(user) + ":" + encoded(proxy.getOrDefault("proxy.password", "")) + "@";
            configuration.setProxy("http://" + login + hostPort(host, proxy.getOrDefault("proxy.port", "80")));
            return true;
        }
        host = proxy.getOrDefault("socks.host", "");
        if (!host.isEmpty()) {
            configuration.setProxy("socks5://" + hostPort(host, proxy.getOrDefault("socks.port", "1080")));
        }
        return !host.isEmpty();
    }

    private static String hostPort(String host, String port) {
        boolean isAddress = host.indexOf(':') != host.lastIndexOf(':');
        if (isAddress && !host.startsWith("[")) {
            return "[" + host + "]:" + port;
        }
        boolean hasPort = isAddress ? host.contains("]:") : host.indexOf(':') >= 0;
        return hasPort ? host : host + ":" + port;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void refuse(String name, String key, String value) {
        String instead =
                switch (key) {
                    case "ssl.trust" -> "give a trust store with sslContextParameters, or trustAllCertificates=true";
                    case "ssl.ciphersuites" -> "use sslContextParameters";
                    case "ssl.checkserveridentity" ->
                        Boolean.parseBoolean(value.strip()) ? null : "use hostnameVerification=false";
                    default ->
                        DISABLED_MECHANISM.matcher(key).matches() && Boolean.parseBoolean(value.strip())
                                ? "name the mechanisms that may be used with authMechanisms"
                                : null;
                };
        if (instead != null) {
            throw new IllegalArgumentException(name + " is not understood; " + instead);
        }
    }
}
