package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BadPeerTest {
    @Test
    void closesAtOnceOrAfterSomeOctets() throws Exception {
        try (BadPeer peer = BadPeer.closingAtOnce();
                Socket socket = connect(peer)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(peer.connections()).isEqualTo(1);
        }
        try (BadPeer peer = BadPeer.closingAfter("220 hello\r\n", 6);
                Socket socket = connect(peer)) {
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("220 he");
        }
    }

    @Test
    void resets() throws Exception {
        try (BadPeer peer = BadPeer.resettingAfter("220 hello\r\n");
                Socket socket = connect(peer)) {
            assertThat(socket.getInputStream().readNBytes(11)).hasSize(11);
            socket.getOutputStream().write('x');
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (BadPeer peer = BadPeer.resettingAtOnce();
                Socket socket = connect(peer)) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void isSilentAndDoesNotRead() throws Exception {
        try (BadPeer peer = BadPeer.silentAfter("220 x\r\n");
                Socket socket = connect(peer)) {
            socket.setSoTimeout(100);
            assertThat(socket.getInputStream().readNBytes(7)).hasSize(7);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void drips() throws Exception {
        try (BadPeer peer = BadPeer.dripping("ab", Duration.ofMillis(5));
                Socket socket = connect(peer)) {
            assertThat(socket.getInputStream().readNBytes(5))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("ababa");
        }
    }

    @Test
    void babbles() throws Exception {
        try (BadPeer peer = BadPeer.garbageAfter("+OK\r\n", 7);
                Socket socket = connect(peer)) {
            assertThat(socket.getInputStream().readAllBytes())
                    .hasSize(5 + 64 * 1024)
                    .startsWith('+', 'O', 'K');
        }
        try (BadPeer peer = BadPeer.endlessLine();
                Socket socket = connect(peer)) {
            assertThat(socket.getInputStream().readNBytes(1_000_000)).containsOnly('a');
        }
    }

    private static Socket connect(BadPeer peer) throws IOException {
        return new Socket(peer.address().host(), peer.address().port());
    }
}
