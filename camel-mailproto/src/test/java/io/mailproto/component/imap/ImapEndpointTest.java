package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.mailproto.component.MailSearchTerm;
import io.mailproto.imap.ImapClientOptions;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.time.Instant;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of the endpoint: what they become, and which are refused. */
class ImapEndpointTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private ImapEndpoint endpoint(String uri) {
        return context.getEndpoint(uri, ImapEndpoint.class);
    }

    private ImapClientOptions options(String uri) throws Exception {
        ImapEndpoint endpoint = endpoint(uri);
        return endpoint.getConfiguration()
                .toClientOptions(
                        endpoint.isImplicitTls(), endpoint.getConfiguration().clientTls(context));
    }

    @ParameterizedTest
    @CsvSource({"imap,143,AUTO", "imaps,993,IMPLICIT", "mailproto-imap,143,AUTO", "mailproto-imaps,993,IMPLICIT"})
    void eachSchemeHasItsPortAndItsTls(String scheme, int port, TlsMode mode) throws Exception {
        String uri = scheme + "://mail.example.test?username=alice&password=secret1";
        assertThat(endpoint(uri).getConfiguration().getPort()).isEqualTo(port);
        assertThat(options(uri).tlsMode()).isEqualTo(mode);
        assertThat(options(uri + "&tls=starttls").tlsMode()).isEqualTo(TlsMode.STARTTLS);
    }

    @Test
    void hasTheDefaultsOfCamelMail() {
        ImapEndpoint endpoint = endpoint("imap:mail.example.test");
        ImapConfiguration configuration = endpoint.getConfiguration();
        assertThat(configuration.getFolderName()).isEqualTo("INBOX");
        assertThat(configuration.isUnseen()).isTrue();
        assertThat(configuration.isPeek()).isTrue();
        assertThat(configuration.isDelete()).isFalse();
        assertThat(configuration.isCloseFolder()).isTrue();
        assertThat(configuration.isDisconnect()).isFalse();
        assertThat(configuration.isMapMailMessage()).isTrue();
        assertThat(configuration.getFetchSize()).isEqualTo(-1);
        assertThat(endpoint.getMaxMessagesPerPoll()).isZero();
        assertThat(endpoint.getDelay()).isEqualTo(60_000);
        assertThat(configuration.mailSearch().criteria(Instant.EPOCH)).hasToString("UNSEEN UNDELETED");
    }

    @Test
    void optionsReachTheClient() throws Exception {
        String uri = "imap:ann@example.com@mail.example.test:1143?password=secret1&readTimeout=5s"
                + "&allowPlaintextLogin=true&authMechanisms=login,LOGIN-COMMAND&unseen=false"
                + "&search=RAW(FROM \"bob\" SINCE 1-Jan-2026)";
        ImapClientOptions options = options(uri);
        assertThat(options.timeouts().answer()).hasSeconds(5);
        assertThat(options.allowPlaintextLogin()).isTrue();
        assertThat(options.authMechanisms()).containsExactly("login", "LOGIN-COMMAND");
        ImapConfiguration configuration = endpoint(uri).getConfiguration();
        assertThat(configuration.getUsername()).isEqualTo("ann@example.com");
        assertThat(configuration.mailSearch().criteria(Instant.EPOCH))
                .hasToString("UNDELETED FROM \"bob\" SINCE 1-Jan-2026");
    }

    @Test
    void understandsThePropertiesOfJakartaMail() throws Exception {
        String uri = "imap:mail.example.test?username=a&password=b&mail.imap.starttls.required=true"
                + "&mail.imap.timeout=7000&additionalJavaMailProperties.mail.imap.auth.mechanisms=PLAIN LOGIN"
                + "&mail.imap.partialfetch=false";
        ImapClientOptions options = options(uri);
        assertThat(options.tlsMode()).isEqualTo(TlsMode.STARTTLS);
        assertThat(options.timeouts().answer()).hasSeconds(7);
        assertThat(options.authMechanisms()).containsExactly("PLAIN", "LOGIN");
        assertThatThrownBy(() -> endpoint("imap:mail.example.test?mail.imap.ssl.trust=*"))
                .hasStackTraceContaining("give a trust store with sslContextParameters");
    }

    @Test
    void takesOutWhatMeansNothingAndRefusesWhatItDoesNotKnow() {
        assertThat(endpoint("imap:mail.example.test?to=x@example.com&skipFailedMessage=true&handleFailedMessage=true"
                        + "&debugMode=true&ignoreUriScheme=true&useHeaderFrom=true&contentTypeResolver=#x"))
                .isNotNull();
        assertThatThrownBy(() -> endpoint("imap:mail.example.test?nonsense=1"))
                .hasStackTraceContaining("Unknown parameters=[{nonsense=1}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unseen=true                                     | IMAP needs the options username and password
            username=a&password=b&authMechanisms=FOO        | authMechanisms: FOO is unknown
            username=a&password=b&search=RAW(FROM "x)       | a string does not end
            username=a&password=b&folderName=a%0D%0Ab       | must not hold control characters
            username=a&password=b&readTimeout=0             | readTimeout must be positive
            username=a&password=b&fetchSize=-5              | fetchSize must be a number of mails
            username=a&password=b&spoolDirectory=/no/such   | spoolDirectory: /no/such is no existing directory
            username=a&password=b&searchTerm.cc=x           | searchTerm.cc: unknown; there are unseen, subjectOrBody
            username=a&password=b&searchTerm.toSentDate=x   | searchTerm.toSentDate: no moment
            username=a&password=b&searchTerm=subject        | must be a bean of the type io.mailproto.component.MailSearchTerm
            username=a&password=b&searchTerm=#foreign       | not java.util.ArrayList
            authenticator=#foreign                          | use username and password
            session=#foreign                                | use the options for host, login and TLS
            binding=#foreign                                | use headerFilterStrategy
            username=a&password=b&sortTerm=sender           | sortTerm: cannot sort by "sender"
            username=a&password=b&sortTerm=#foreign         | sortTerm must be a text such as date,-size
            username=a&password=b&filterMail=RAW(${header.) | filterMail
            """)
    void refusesToStartNamingTheOption(String options, String message) throws Exception {
        context.getRegistry().bind("foreign", new java.util.ArrayList<>());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("imap:mail.example.test?" + options).to("mock:x");
            }
        });
        assertThatThrownBy(context::start).hasStackTraceContaining(message);
    }

    @Test
    void aFolderBehindTheHostIsRefusedAndNotShown() {
        assertThat(endpoint("imap://mail.example.test/?username=a")
                        .getConfiguration()
                        .getHost())
                .isEqualTo("mail.example.test");
        assertThatThrownBy(() -> endpoint("imap:mail.example.test/Orders?username=a"))
                .hasStackTraceContaining("the folder of an IMAP endpoint is named by the option folderName");
        assertThatThrownBy(() -> endpoint("imap:ann:sec/ret1@mail.example.test"))
                .hasStackTraceContaining("a slash in a user name or password belongs into the options")
                .extracting(e -> rootOf(e).getMessage(), STRING)
                .doesNotContain("ret1");
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }

    @Test
    void canBeConfiguredAtTheComponent() {
        ImapComponent component = new ImapComponent(context);
        component.getConfiguration().setUsername("alice");
        component.getConfiguration().setFolderName("Orders");
        context.addComponent("imap", component);
        ImapConfiguration configuration =
                endpoint("imap:mail.example.test?folderName=Other").getConfiguration();
        assertThat(configuration.getUsername()).isEqualTo("alice");
        assertThat(configuration.getFolderName()).isEqualTo("Other");
        assertThat(endpoint("imap:mail.example.test").getConfiguration().getFolderName())
                .isEqualTo("Orders");
    }

    @ParameterizedTest
    @CsvSource({
        "imap:?host=mail.example.test&port=1143,mail.example.test,1143",
        "imap:other.example.test?host=mail.example.test,mail.example.test,143",
        "imap:mail.example.test?port=1143,mail.example.test,1143",
        "imap:mail.example.test:7?port=1143,mail.example.test,1143",
        "imaps://mail.example.test:7?username=ann%40example.com,mail.example.test,7"
    })
    void hostAndPortMayBeOptions(String uri, String host, int port) {
        ImapConfiguration configuration = endpoint(uri).getConfiguration();
        assertThat(configuration.getHost()).isEqualTo(host);
        assertThat(configuration.getPort()).isEqualTo(port);
        assertThat(configuration.getUsername()).isIn(null, "ann@example.com");
    }

    @Test
    void searchTermStandsInsteadOfUnseenAsInCamelMail() {
        assertThat(criteria("searchTerm.subject=x&unseen=false")).isEqualTo("UNSEEN SUBJECT \"x\" UNDELETED");
        assertThat(criteria("searchTerm.subject=x&searchTerm.unseen=false")).isEqualTo("SUBJECT \"x\" UNDELETED");
        assertThat(criteria("searchTerm.unseen=false")).isEqualTo("UNSEEN UNDELETED");
        context.getRegistry().bind("mine", MailSearchTerm.from("ann"));
        assertThat(criteria("searchTerm=#mine&search=RAW(LARGER 10)")).isEqualTo("FROM \"ann\" UNDELETED LARGER 10");
        assertThat(criteria("searchTerm=#mine&searchTerm.to=bob")).isEqualTo("UNSEEN TO \"bob\" UNDELETED");
    }

    private String criteria(String options) {
        return endpoint("imap:mail.example.test?" + options)
                .getConfiguration()
                .mailSearch()
                .criteria(Instant.EPOCH)
                .toString();
    }

    @Test
    void aSortOrderMayBeAnArray() {
        context.getRegistry().bind("order", new String[] {"date", "-size"});
        assertThat(endpoint("imap:mail.example.test?sortTerm=#order")
                        .getConfiguration()
                        .sortOrder())
                .hasToString("Optional[(DATE REVERSE SIZE)]");
    }

    @Test
    void hasAProducerThatIsMadeLate() throws Exception {
        assertThat(endpoint("imap:mail.example.test?username=a&password=b&operation=fetch&lazyStartProducer=true")
                        .createProducer())
                .isInstanceOf(ImapProducer.class);
    }
}
