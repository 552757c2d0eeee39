package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URIs and options of SMTP endpoints: what is read, refused and taken out. */
class SmtpEndpointTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "smtp:ann@x.test@h, ann@x.test, , h, 25",
        "smtp:ann:s3cret@h:2525, ann, s3cret, h, 2525",
        "smtp://ann%40x.test:p%3Aw@h, ann@x.test, p:w, h, 25",
        "smtp://h/, , , h, 25",
        "smtps:h?username=ann@x.test, ann@x.test, , h, 465",
        "smtps://[::1]:4650, , , ::1, 4650"
    })
    void readsTheFormsOfAnEndpointUri(String uri, String user, String password, String host, int port) {
        SmtpConfiguration configuration =
                context.getEndpoint(uri, SmtpEndpoint.class).getConfiguration();
        assertThat(configuration.getUsername()).isEqualTo(user);
        assertThat(configuration.getPassword()).isEqualTo(password);
        assertThat(configuration.getHost()).isEqualTo(host);
        assertThat(configuration.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp::22600?to=a@example.org|no host: \":22600\"; an address is host or host:port",
                "smtp:h/out?to=a@example.org|a slash and more behind its host",
                "smtp:h?to=a@example.org&spoolDirectory=/no/such/dir|spoolDirectory: /no/such/dir is no existing directory"
            })
    void aProducerDoesNotStartWithWhatCannotWork(String uri, String told) {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to(uri);
                    }
                }))
                .hasStackTraceContaining(told);
    }

    @Test
    void takesOutWhatIsForPollingAndRefusesWhatHeadersWouldDo() {
        assertThat(context.getEndpoint("smtp:h?searchTerm.subject=x&scheduler.x=1&searchTerm=#st&pollStrategy=#p"
                        + "&scheduledExecutorService=#e&idempotentRepository=#r&ignoreUriScheme=true&debugMode=true"
                        + "&useJavaMailSessionPropertiesFromHeaders=false"))
                .isInstanceOf(SmtpEndpoint.class);
        for (Map.Entry<String, String> refused : Map.of(
                        "useJavaMailSessionPropertiesFromHeaders=true", "use toD",
                        "session=#s", "session",
                        "binding=#b", "binding")
                .entrySet()) {
            assertThatThrownBy(() -> context.getEndpoint("smtp:h?" + refused.getKey()))
                    .hasStackTraceContaining(refused.getValue());
        }
    }

    @Test
    void aFilterOfTheComponentOrTheEndpointDecides() {
        DefaultHeaderFilterStrategy filter = new DefaultHeaderFilterStrategy();
        context.getComponent("smtp", SmtpComponent.class).setHeaderFilterStrategy(filter);
        assertThat(context.getEndpoint("smtp:h", SmtpEndpoint.class).getHeaderFilterStrategy())
                .isSameAs(filter);
        context.getRegistry().bind("own", new DefaultHeaderFilterStrategy());
        assertThat(context.getEndpoint("smtp:h?headerFilterStrategy=#own", SmtpEndpoint.class)
                        .getHeaderFilterStrategy())
                .isNotSameAs(filter);
    }
}
