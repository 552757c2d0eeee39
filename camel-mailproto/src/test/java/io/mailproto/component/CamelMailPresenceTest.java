package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.smtp.SmtpEndpoint;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with camel-mail beside us, of which only the service files matter here. */
class CamelMailPresenceTest {
    private static final String SERVICES = "META-INF/services/org/apache/camel/component/";

    @TempDir
    private Path other;

    /** A class path on which the other jar comes last, or first. */
    private URLClassLoader classPath(boolean isOtherFirst) throws IOException {
        Path services = Files.createDirectories(other.resolve(SERVICES));
        for (String scheme : List.of("imap", "smtp")) {
            Files.writeString(services.resolve(scheme), "class=org.apache.camel.component.mail.MailComponent\n");
        }
        return new URLClassLoader(new URL[] {other.toUri().toURL()}, getClass().getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                List<URL> found = new ArrayList<>(Collections.list(super.getResources(name)));
                if (isOtherFirst) {
                    Collections.reverse(found);
                }
                return Collections.enumeration(found);
            }
        };
    }

    private List<String> warnings(ClassLoader loader, String... uris) throws Exception {
        try (CapturedLog log = new CapturedLog(CamelMailPresence.class);
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.setApplicationContextClassLoader(loader);
            for (String uri : uris) {
                assertThat(context.getEndpoint(uri)).isNotNull();
            }
            assertThat(context.getEndpoint("mailproto-smtp:localhost")).isInstanceOf(SmtpEndpoint.class);
            return List.copyOf(log.warnings());
        }
    }

    @Test
    void saysNothingWhenItIsAlone() throws Exception {
        assertThat(warnings(getClass().getClassLoader(), "smtp:localhost", "imap:localhost"))
                .isEmpty();
    }

    @Test
    void warnsOncePerContextThatAnotherJarOffersTheSchemes() throws Exception {
        try (URLClassLoader loader = classPath(false)) {
            for (int i = 0; i < 2; i++) {
                assertThat(warnings(loader, "smtp:localhost", "smtps:localhost", "imap:localhost", "pop3:localhost"))
                        .hasSize(1)
                        .allSatisfy(line -> assertThat(line)
                                .contains("org.apache.camel.component.mail.MailComponent")
                                .contains("camel-mailproto comes first", "mailproto-smtp"));
            }
        }
    }

    @Test
    void namesTheSchemesThatTheOtherJarAnswersTo() throws Exception {
        try (URLClassLoader loader = classPath(true)) {
            assertThat(warnings(loader)).hasSize(1).allSatisfy(line -> assertThat(line)
                    .contains("it comes first and answers to imap, smtp."));
        }
    }
}
