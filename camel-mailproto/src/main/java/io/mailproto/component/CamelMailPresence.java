package io.mailproto.component;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once per Camel context that another jar, camel-mail that is, offers the same schemes: which one answers to
 * {@code smtp:} depends on the order of the class path then, and the aliases do not.
 */
public final class CamelMailPresence {

    private static final Logger LOG = LoggerFactory.getLogger(CamelMailPresence.class);
    private static final String SERVICES = "META-INF/services/org/apache/camel/component/";
    private static final List<String> SCHEMES = List.of("imap", "imaps", "pop3", "pop3s", "smtp", "smtps");
    private static final String OURS = CamelMailPresence.class.getPackageName() + ".";

    private CamelMailPresence() {}

    /** Looks for it, the first time for this context, and logs a WARN if it is there. */
    public static void warnOnce(CamelContext context) {
        // Two components that start at the same time may both tell; nothing else depends on it.
        if (context.getCamelContextExtension().getContextPlugin(Told.class) != null) {
            return;
        }
        context.getCamelContextExtension().addContextPlugin(Told.class, new Told());
        TreeSet<String> others = new TreeSet<>();
        TreeSet<String> lost = new TreeSet<>();
        for (String scheme : SCHEMES) {
            List<URL> offers = offers(context, SERVICES + scheme);
            offers.forEach(
                    offer -> className(offer).filter(CamelMailPresence::isOther).ifPresent(others::add));
            if (!offers.isEmpty()
                    && className(offers.get(0))
                            .filter(CamelMailPresence::isOther)
                            .isPresent()) {
                lost.add(scheme);
            }
        }
        if (!others.isEmpty()) {
            LOG.warn(
                    "{} is on the class path too; {}. Use the schemes mailproto-smtp, mailproto-imap, … for"
                            + " camel-mailproto, or take the other jar out",
                    String.join(", ", others),
                    lost.isEmpty()
                            ? "camel-mailproto comes first and answers to the plain names"
                            : "it comes first and answers to " + String.join(", ", lost));
        }
    }

    private static boolean isOther(String className) {
        return !className.startsWith(OURS);
    }

    /** In the order in which Camel would find them. */
    private static List<URL> offers(CamelContext context, String resource) {
        ClassLoader loader = context.getApplicationContextClassLoader();
        try {
            return Collections.list(
                    (loader == null ? CamelMailPresence.class.getClassLoader() : loader).getResources(resource));
        } catch (IOException e) {
            // Only a warning depends on it, and whatever is wrong with the class path will show elsewhere.
            LOG.debug("looking for {}", resource, e);
            return List.of();
        }
    }

    private static Optional<String> className(URL offer) {
        Properties service = new Properties();
        try (InputStream in = offer.openStream()) {
            service.load(in);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("reading {}", offer, e);
        }
        return Optional.ofNullable(service.getProperty("class")).map(String::strip);
    }

    /** Stands in the context once it has been told. */
    private static final class Told {}
}
