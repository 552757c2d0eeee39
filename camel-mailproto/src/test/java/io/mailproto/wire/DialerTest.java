package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DialerTest {
    @Test
    void anUnknownHostIsNamed() {
        assertThatThrownBy(() -> TestWire.dialer().dial(new HostPort("no-such-host.invalid", 25)))
                .isInstanceOf(ConnectFailed.class)
                .hasMessage("no-such-host.invalid:25: connecting: the host name is unknown")
                .satisfies(e -> assertThat(((ConnectFailed) e).isTransient()).isTrue());
    }

    @Test
    void aRefusedConnectionIsNamedWithItsAddress() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> TestWire.dialer().dial(new HostPort("127.0.0.1", free)))
                .isInstanceOf(ConnectFailed.class)
                .hasMessage("127.0.0.1:" + free + ": connecting: the connection was refused (127.0.0.1)");
    }

    @Test
    void triesTheNextAddressOfTheHost() throws Exception {
        // The peer listens on 127.0.0.1 only; localhost may also be ::1.
        try (ScriptedPeer peer = ScriptedPeer.serving("S: hi");
                Connection connection = TestWire.dialer().dial(new HostPort("localhost", peer.port()))) {
            assertThat(connection.in().readLine()).isEqualTo("hi");
            assertThat(connection.isLoopback()).isTrue();
            assertThat(connection.peer()).hasToString("localhost:" + peer.port());
            assertThat(connection.remoteAddress().getPort()).isEqualTo(peer.port());
        }
    }

    @Test
    void writesIpv6LiteralsInBrackets() {
        assertThat(new HostPort("::1", 25)).hasToString("[::1]:25");
    }
}
