package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.CamelMailConsumerOptions;
import io.mailproto.component.CapturedLog;
import io.mailproto.pop3.Pop3ClientOptions;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of the endpoint: what they become, and which are refused. */
class Pop3EndpointTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private Pop3ClientOptions options(String uri) throws Exception {
        Pop3Endpoint endpoint = context.getEndpoint(uri, Pop3Endpoint.class);
        return endpoint.getConfiguration()
                .toClientOptions(
                        endpoint.isImplicitTls(), endpoint.getConfiguration().clientTls(context));
    }

    @ParameterizedTest
    @CsvSource({"pop3,110,AUTO", "pop3s,995,IMPLICIT", "mailproto-pop3,110,AUTO", "mailproto-pop3s,995,IMPLICIT"})
    void eachSchemeHasItsPortAndItsTls(String scheme, int port, TlsMode mode) throws Exception {
        String uri = scheme + "://mail.example.test?username=alice&password=secret1";
        assertThat(context.getEndpoint(uri, Pop3Endpoint.class)
                        .getConfiguration()
                        .getPort())
                .isEqualTo(port);
        assertThat(options(uri).tlsMode()).isEqualTo(mode);
        assertThat(options(uri + "&tls=starttls").tlsMode()).isEqualTo(TlsMode.STARTTLS);
    }

    @Test
    void optionsReachTheClient() throws Exception {
        Pop3ClientOptions options = options("pop3:alice@mail.example.test:1110?password=secret1&readTimeout=5s"
                + "&quitTimeout=7s&pipelining=false&allowPlaintextLogin=true");
        assertThat(options.timeouts().reply()).hasSeconds(5);
        assertThat(options.timeouts().update()).hasSeconds(7);
        assertThat(options.window().replies()).isEqualTo(1);
        assertThat(options.allowPlaintextLogin()).isTrue();
    }

    @Test
    void propertiesOfJakartaMailAreUnderstood() throws Exception {
        Pop3Configuration configuration = context.getEndpoint(
                        "pop3:h?mail.pop3.starttls.enable=true&mail.pop3.starttls.required=true"
                                + "&mail.pop3.timeout=4000&mail.pop3.auth.mechanisms=LOGIN PLAIN&mail.debug=true",
                        Pop3Endpoint.class)
                .getConfiguration();
        assertThat(configuration.getTls()).isEqualTo(TlsMode.STARTTLS);
        assertThat(configuration.getReadTimeout()).isEqualTo(4000);
        configuration.setUsername("alice");
        configuration.setPassword("secret1");
        assertThat(configuration.login(null).methods()).containsExactly("USER", "LOGIN", "PLAIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail.pop3.ssl.trust=*", "mail.pop3s.ssl.checkserveridentity=false"})
    void propertiesThatWeakenSecurityAreRefused(String property) {
        assertThatThrownBy(() -> context.getEndpoint("pop3:h?username=a&password=b&" + property))
                .hasStackTraceContaining("is not understood");
    }

    @Test
    void whatCamelMailAcceptedWithoutMeaningIsTakenOutAndOtherThingsAreRefused() throws Exception {
        assertThat(context.getEndpoint("pop3:h?username=a&password=b&unseen=true&to=x@y.z&folderName=INBOX"))
                .isInstanceOf(Pop3Endpoint.class);
        assertThatThrownBy(() -> context.getEndpoint("pop3:h?username=a&password=b&folderName=Other"))
                .hasStackTraceContaining("folderName");
    }

    @Test
    void foldersToCopyAndMoveToAreTakenOutWithOneWarning() {
        try (CapturedLog log = new CapturedLog(CamelMailConsumerOptions.class)) {
            assertThat(context.getEndpoint("pop3:h?username=a&password=b&copyTo=Copies&moveTo=Done"))
                    .isInstanceOf(Pop3Endpoint.class);
            assertThat(log.warnings()).singleElement().satisfies(line -> assertThat(line)
                    .endsWith("these options mean nothing for POP3 and are ignored: copyTo, moveTo"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "searchTerm.subject=x|the option searchTerm.subject of camel-mail does not exist for POP3 here: use filterMail",
                "searchTerm=#x|use filterMail",
                "sortTerm=date|in the order of the maildrop",
                "postProcessAction=#x|use delete",
                "session=#x|use the options for host, login and TLS"
            })
    void whatCamelMailCouldAndPop3CannotIsRefusedSayingWhatToUse(String option, String advice) {
        assertThatThrownBy(() -> context.getEndpoint("pop3:h?username=a&password=b&" + option))
                .hasStackTraceContaining(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "username=a|username and password",
                "password=b|username and password",
                "username=a&password=b&authMechanisms=NTLM|NTLM",
                "username=a&password=b&authMechanisms=,|authMechanisms",
                "username=a&authMechanisms=EXTERNAL,PLAIN|username and password",
                "username=a&password=b&filterMail=RAW(${header.Subject)|filterMail is no predicate",
                "username=a&password=b&readTimeout=0|readTimeout",
                "username=a&password=b&fetchSize=-2|fetchSize must be a number of mails",
                "username=a&password=b&spoolDirectory=/no/such|spoolDirectory: /no/such is no existing directory"
            })
    void aWrongOptionStopsTheStartAndIsNamed(String options, String named) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("pop3:mail.example.test?" + options).to("log:x");
            }
        });
        assertThatThrownBy(context::start).hasStackTraceContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pop3:?username=a&password=secret1|the endpoint has no host",
                "pop3:a:secret1@:110?password=b|the endpoint has no host",
                "pop3:h:abc?username=a&password=secret1|the port of the endpoint is no number: h:abc",
                "pop3:a:secret1@h:1x?password=b|the port of the endpoint is no number: h:1x",
                "pop3:h/INBOX?username=a&password=secret1|a slash and more behind its host",
                "pop3:h:65536?username=a&password=secret1|the port of the endpoint must be 0 to 65535: h:65536",
                "pop3:h:-1?username=a&password=secret1|the port of the endpoint must be 0 to 65535: h:-1",
                "pop3:h:99999999999?username=a&password=secret1|the port of the endpoint is no number: h:99999999999"
            })
    void anAddressThatIsNoneStopsTheStartAndIsShownWithoutThePassword(String uri, String told) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("log:x");
            }
        });
        assertThatThrownBy(context::start)
                .hasStackTraceContaining(told)
                .satisfies(e -> assertThat(rootOf(e).getMessage()).doesNotContain("secret1"));
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }

    @Test
    void componentOptionsAreTheDefaultsOfItsEndpoints() throws Exception {
        Pop3Component component = context.getComponent("pop3", Pop3Component.class);
        component.getConfiguration().setDelete(true);
        assertThat(context.getEndpoint("pop3:h?username=a&password=b", Pop3Endpoint.class)
                        .getConfiguration()
                        .isDelete())
                .isTrue();
        assertThat(context.getEndpoint("pop3:h?username=a&password=b&delete=false", Pop3Endpoint.class)
                        .getConfiguration()
                        .isDelete())
                .isFalse();
        assertThat(component.getConfiguration().isDelete()).isTrue();
    }

    @Test
    void passwordsDoNotShow() {
        assertThat(context.getEndpoint("pop3:h?username=alice&password=secret1").toString())
                .doesNotContain("secret1");
    }
}
