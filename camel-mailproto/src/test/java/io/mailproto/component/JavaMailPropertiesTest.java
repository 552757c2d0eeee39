package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.imap.ImapEndpoint;
import io.mailproto.component.pop3.Pop3Endpoint;
import io.mailproto.component.smtp.SmtpComponent;
import io.mailproto.component.smtp.SmtpConfiguration;
import io.mailproto.component.smtp.SmtpEndpoint;
import io.mailproto.wire.ProxyServer;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaMailPropertiesTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private SmtpConfiguration smtp(String uri) {
        return context.getEndpoint(uri, SmtpEndpoint.class).getConfiguration();
    }

    @ParameterizedTest
    @CsvSource({
        "smtp:h?mail.smtp.starttls.required=true, STARTTLS",
        "smtp:h?mail.smtp.starttls.enable=true, ",
        "smtps:h?mail.smtps.starttls.required=true, ",
        "smtp:h?mail.smtp.ssl.enable=true, IMPLICIT",
        "smtp:h?mail.smtp.socketFactory.class=javax.net.ssl.SSLSocketFactory, IMPLICIT",
        "smtp:h?mail.smtp.starttls.required=true&tls=none, NONE"
    })
    void saysHowTheConnectionIsSecured(String uri, TlsMode expected) {
        assertThat(smtp(uri).getTls()).isEqualTo(expected);
    }

    @Test
    void setsTheOptionsThatMeanTheSame() {
        SmtpConfiguration smtp = smtp("smtp:h?mail.smtp.auth.mechanisms=PLAIN LOGIN&mail.smtp.localhost=me.test"
                + "&mail.smtp.from=bounces@x.test&mail.smtp.connectiontimeout=1000&mail.smtp.timeout=2000"
                + "&mail.smtp.auth=true&mail.smtp.ssl.checkserveridentity=true");
        assertThat(smtp.getAuthMechanisms()).isEqualTo("PLAIN LOGIN");
        assertThat(smtp.getEhloName()).isEqualTo("me.test");
        assertThat(smtp.getEnvelopeFrom()).isEqualTo("bounces@x.test");
        assertThat(smtp.getConnectionTimeout()).isEqualTo(1000);
        SmtpConfiguration more = smtp("smtp:h?mail.smtp.localaddress=127.0.0.2&mail.smtp.dsn.notify=SUCCESS,FAILURE"
                + "&mail.smtp.dsn.ret=hdrs");
        assertThat(more.getLocalAddress()).isEqualTo("127.0.0.2");
        assertThat(more.getDsnNotify()).isEqualTo("SUCCESS,FAILURE");
        assertThat(more.getDsnReturn()).hasToString("HDRS");
        assertThatThrownBy(() -> smtp("smtp:h?mail.smtp.dsn.ret=all")).hasStackTraceContaining("is FULL or HDRS");
        assertThat(List.of(smtp.getGreetingTimeout(), smtp.getReplyTimeout(), smtp.getFinalReplyTimeout()))
                .containsOnly(2000L);
        var imap = context.getEndpoint("imap:h?mail.imap.peek=false&mail.imaps.timeout=3000", ImapEndpoint.class)
                .getConfiguration();
        assertThat(imap.isPeek()).isFalse();
        assertThat(imap.getReadTimeout()).isEqualTo(3000);
        assertThat(context.getEndpoint("pop3:h?mail.pop3.timeout=-1", Pop3Endpoint.class)
                        .getConfiguration()
                        .getReadTimeout())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "smtp:h?mail.smtp.socks.host=p, socks5://p:1080",
        "smtps:h?mail.smtps.socks.host=p&mail.smtps.socks.port=99, socks5://p:99",
        "imap:h?mail.imap.socks.host=p:98, socks5://p:98",
        "imaps:h?mail.imaps.proxy.host=p, http://p:80",
        "pop3:h?mail.pop3.proxy.host=p&mail.pop3.proxy.port=3128&mail.pop3.socks.host=s, http://p:3128",
        "smtp:h?mail.smtp.proxy.host=::1&mail.smtp.proxy.port=3128, http://[::1]:3128",
        "smtp:h?mail.smtp.proxy.host=[::1]:3129, http://[::1]:3129",
        "smtp:h?mail.smtp.proxy.host=p&proxy=socks5://q:1, socks5://q:1",
        "smtp:h?mail.imap.proxy.host=p, "
    })
    void saysWhichProxyConnectionsGoThrough(String uri, String expected) {
        MailConnectionConfiguration configuration =
                context.getEndpoint(uri) instanceof MailPollEndpoint poller ? poller.getConfiguration() : smtp(uri);
        assertThat(configuration.getProxy()).isEqualTo(expected);
    }

    @Test
    void aProxyIsLoggedInToWithAnyUserAndPassword() {
        Properties bean = new Properties();
        bean.setProperty("mail.smtp.proxy.host", "p");
        bean.setProperty("mail.smtp.proxy.user", "a b@c");
        bean.setProperty("mail.smtp.proxy.password", "1:/%+\u00e4");
        context.getRegistry().bind("props", bean);
        ProxyServer proxy =
                ProxyServer.parse(smtp("smtp:h?javaMailProperties=#props").getProxy());
        assertThat(proxy.user()).isEqualTo("a b@c");
        assertThat(proxy.password()).isEqualTo("1:/%+\u00e4");
        assertThat(proxy.address()).hasToString("p:80");
    }

    @Test
    void takesThemFromABeanAndFromTheComponent() {
        Properties bean = new Properties();
        bean.setProperty("mail.smtp.localhost", "bean.test");
        bean.setProperty("mail.imap.ssl.trust", "*");
        context.getRegistry().bind("props", bean);
        assertThat(smtp("smtp:h?additionalJavaMailProperties=#props").getEhloName())
                .isEqualTo("bean.test");
        assertThat(smtp("smtp:h?javaMailProperties=#bean:props").getEhloName()).isEqualTo("bean.test");
        assertThat(smtp("smtp:h?additionalJavaMailProperties=#props&mail.smtp.localhost=uri.test")
                        .getEhloName())
                .isEqualTo("uri.test");
        assertThat(smtp("smtp:h?additionalJavaMailProperties=#props&ehloName=option.test")
                        .getEhloName())
                .isEqualTo("option.test");
        context.getComponent("smtp", SmtpComponent.class).getConfiguration().setAdditionalJavaMailProperties(bean);
        assertThat(smtp("smtp:h").getEhloName()).isEqualTo("bean.test");
        assertThatThrownBy(() -> smtp("smtp:h?javaMailProperties=#nothing")).hasStackTraceContaining("nothing");
        assertThatThrownBy(() -> smtp("smtp:h?javaMailProperties=text")).hasStackTraceContaining("must be a bean");
    }

    @Test
    void ignoresTheOthersWithOneWarningThatNamesThem() {
        try (CapturedLog log = new CapturedLog(JavaMailProperties.class)) {
            smtp("smtp:h?password=hush&username=u&mail.smtp.socks.port=1&mail.debug=true&mail.smtp.auth=true"
                    + "&mail.smtp.sendpartial=false");
            assertThat(log.warnings()).hasSize(1).allSatisfy(line -> assertThat(line)
                    .endsWith("are ignored: mail.debug, mail.smtp.sendpartial, mail.smtp.socks.port")
                    .doesNotContain("hush"));
            smtp("smtp:h?mail.smtp.auth=true&mail.smtp.sendpartial=true");
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smtp:h?mail.smtp.ssl.trust=*",
                "smtps:h?mail.smtps.ssl.checkserveridentity=false",
                "smtp:h?mail.smtp.auth.plain.disable=true",
                "imap:h?mail.imap.ssl.trust=h",
                "imaps:h?additionalJavaMailProperties.mail.imaps.ssl.checkserveridentity=false",
                "pop3:h?mail.pop3.ssl.ciphersuites=X"
            })
    void refusesThoseOnWhichSecurityDepends(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri)).hasStackTraceContaining("is not understood; ");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp:h?mail.smtp.ssl.protocols=TLSv1.2, TLSv1.2",
        "smtps:h?mail.smtps.ssl.protocols=TLSv1.3 TLSv1.2, TLSv1.3 TLSv1.2",
        "smtp:h?trustAllCertificates=true&mail.smtp.ssl.protocols=TLSv1.3, TLSv1.3",
        "imap:h?mail.imap.ssl.protocols=TLSv1.2, TLSv1.2",
        "pop3s:h?mail.pop3s.ssl.protocols=TLSv1.2, TLSv1.2",
        "smtp:h, ''"
    })
    void limitsTheVersionsOfTls(String uri, String protocols) throws Exception {
        MailConnectionConfiguration configuration =
                context.getEndpoint(uri) instanceof MailPollEndpoint poller ? poller.getConfiguration() : smtp(uri);
        assertThat(String.join(" ", configuration.clientTls(context).protocols()))
                .isEqualTo(protocols);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1 TLSv1.2", "SSLv3", "TLSv1.2,TLSv1.3", ""})
    void refusesOtherVersionsOfTls(String protocols) {
        assertThatThrownBy(() -> smtp("smtp:h?mail.smtp.ssl.protocols=" + protocols))
                .hasStackTraceContaining("mail.smtp.ssl.protocols: \"" + protocols + "\" must be TLSv1.2, TLSv1.3 or");
    }

    @Test
    void tellsOnceThatStartTlsIsUsedAlthoughItWasSwitchedOff() {
        try (CapturedLog log = new CapturedLog(JavaMailProperties.class)) {
            smtp("smtp:h?mail.smtp.starttls.enable=false&tls=none");
            smtp("smtps:h?mail.smtps.starttls.enable=false");
            smtp("smtp:h?mail.smtp.starttls.enable=false&mail.smtp.ssl.enable=true");
            smtp("smtp:h?mail.smtp.starttls.enable=true");
            assertThat(log.warnings()).isEmpty();
            smtp("smtp:h?password=hush&username=u&mail.smtp.starttls.enable=false");
            assertThat(log.warnings()).singleElement().satisfies(line -> assertThat(line)
                    .contains("mail.smtp.starttls.enable=false is ignored", "tls=none")
                    .doesNotContain("hush"));
        }
    }

    @Test
    void aConnectionTimeoutWithoutLimitIsTheDefault() throws Exception {
        for (String millis : List.of("0", "-1")) {
            SmtpConfiguration smtp = smtp("smtp:h?connectionTimeout=" + millis);
            assertThat(smtp.connectTimeout()).hasSeconds(30);
            assertThat(smtp.dialer(context)).isNotNull();
            SmtpEndpoint endpoint = context.getEndpoint("smtp:h?connectionTimeout=" + millis, SmtpEndpoint.class);
            try (var producer = endpoint.createProducer()) {
                producer.start();
            }
        }
        assertThat(smtp("smtp:h?connectionTimeout=7000").connectTimeout()).hasSeconds(7);
    }

    @Test
    void namesAPropertyWhoseValueIsNoNumber() {
        assertThatThrownBy(() -> smtp("smtp:h?mail.smtp.timeout=soon"))
                .hasStackTraceContaining("the value of mail.smtp.timeout is no number");
    }
}
