package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through a proxy, and from a chosen address. */
class ProxyTest {
    private static final HostPort SERVER = new HostPort("mail.example.org", 587);

    private static Connection dial(ScriptedPeer proxy, ProxyServer.Kind kind, String user) throws IOException {
        ProxyServer through = new ProxyServer(kind, proxy.address(), user, user == null ? "" : "secret");
        return new Dialer(DialOptions.defaults().withProxy(through), TestWire.watchdog()).dial(SERVER);
    }

    /** RFC 1928, byte by byte. */
    @Test
    void asksASocksProxyForTheServerByName() throws IOException {
        try (ScriptedPeer proxy = ScriptedPeer.serving("""
                C: \\x05\\x02\\x00\\x02\\c
                S: \\x05\\x02\\c
                C: \\x01\\x03ann\\x06secret\\c
                S: \\x01\\x00\\c
                C: \\x05\\x01\\x00\\x03\\x10mail.example.org\\x02\\x4b\\c
                S: \\x05\\x00\\x00\\x03\\x04name\\x00\\x19\\c
                S: 220 hello
                """)) {
            try (Connection connection = dial(proxy, ProxyServer.Kind.SOCKS5, "ann")) {
                connection.within(Deadline.in(Duration.ofSeconds(20)), Step.of("testing"));
                assertThat(connection.in().readLine()).isEqualTo("220 hello");
                assertThat(connection.peer()).isEqualTo(SERVER);
                assertThat(connection.isLoopback())
                        .as("only the proxy is on this machine")
                        .isFalse();
            }
            proxy.assertPlayedToTheEnd();
        }
    }

    @Test
    void asksAnHttpProxyAndLeavesWhatFollowsToTheServer() throws IOException {
        try (ScriptedPeer proxy = ScriptedPeer.serving("""
                C: CONNECT mail.example.org:587 HTTP/1.1
                C: Host: mail.example.org:587
                C: Proxy-Authorization: Basic YW5uOnNlY3JldA==
                C:
                S: HTTP/1.1 200 Connection established
                S: Via: test
                S:
                S: 220 hello
                """)) {
            try (Connection connection = dial(proxy, ProxyServer.Kind.HTTP, "ann")) {
                connection.within(Deadline.in(Duration.ofSeconds(20)), Step.of("testing"));
                assertThat(connection.in().readLine()).isEqualTo("220 hello");
            }
            proxy.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP | S: HTTP/1.1 407 Proxy Authentication Required%S:% | the proxy refuses: HTTP/1.1 407",
                "HTTP | S: 220 mail%S:% | the proxy refuses: 220 mail",
                "HTTP | -- close% | closed the connection",
                "SOCKS5 | S: \\x05\\xFF\\c% | in another way",
                "SOCKS5 | S: SSH-2.0-x% | not SOCKS 5",
            })
    void tellsWhyTheProxyDoesNotConnect(ProxyServer.Kind kind, String script, String words) throws IOException {
        String request = kind == ProxyServer.Kind.HTTP
                ? "C: CONNECT mail.example.org:587 HTTP/1.1\nC: Host: mail.example.org:587\nC:\n"
                : "C: \\x05\\x01\\x00\\c\n";
        try (ScriptedPeer proxy = ScriptedPeer.serving(request + script.replace('%', '\n'))) {
            assertThatThrownBy(() -> dial(proxy, kind, null))
                    .isInstanceOf(ConnectFailed.class)
                    .hasMessageContaining(words)
                    .hasMessageContaining("through");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a b", "a/b", "user@host", "a\u0000b", "[::1]", "hö"})
    void tellsAProxyNoNameThatIsNone(String host) {
        ProxyServer through = new ProxyServer(ProxyServer.Kind.HTTP, new HostPort("127.0.0.1", 1), null, "");
        Dialer dialer = new Dialer(DialOptions.defaults().withProxy(through), TestWire.watchdog());
        assertThatThrownBy(() -> dialer.dial(new HostPort(host, 25)))
                .isInstanceOfSatisfying(Exception.class, e -> assertThat(e)
                        .isInstanceOfAny(ConnectFailed.class, IllegalArgumentException.class)
                        .hasMessageNotContaining("connection was refused"));
    }

    @Test
    void readsProxiesAsPeopleWriteThem() {
        assertThat(ProxyServer.parse("socks5://proxy.example.org").address())
                .isEqualTo(new HostPort("proxy.example.org", 1080));
        assertThat(ProxyServer.parse("HTTP://[::1]:3128/").address()).isEqualTo(new HostPort("::1", 3128));
        ProxyServer withLogin = ProxyServer.parse("http://a%40b:p%3Aw@proxy:1");
        assertThat(withLogin.user()).isEqualTo("a@b");
        assertThat(withLogin.password()).isEqualTo("p:w");
        assertThat(withLogin.toString()).isEqualTo("http://proxy:1");
        for (String wrong : new String[] {"proxy:1", "https://x", "socks4://x", "http://", "http://a secret@x"}) {
            assertThatThrownBy(() -> ProxyServer.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void connectsFromTheAddressItIsTold() throws IOException {
        InetSocketAddress from = new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0);
        DialOptions options = new DialOptions(Duration.ofSeconds(20), Optional.of(from), Optional.empty());
        try (ScriptedPeer server = ScriptedPeer.serving("S: 220 hello\n");
                Connection connection = new Dialer(options, TestWire.watchdog()).dial(server.address())) {
            assertThat(connection.localAddress().getAddress()).isEqualTo(from.getAddress());
        }
    }
}
