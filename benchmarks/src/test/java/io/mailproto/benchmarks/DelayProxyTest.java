package io.mailproto.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DelayProxyTest {
    @Test
    void makesAQuestionAndItsAnswerTakeARoundTripAndCountsTheTurns() throws Exception {
        Bystanders bystanders = new Bystanders();
        try (FastSink sink = FastSink.open(false, bystanders);
                DelayProxy proxy = DelayProxy.open(sink.address(), Duration.ofMillis(60), bystanders);
                Socket socket =
                        new Socket(proxy.address().getAddress(), proxy.address().getPort());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout(10_000);
            assertThat(in.readLine()).startsWith("220 ");

            long start = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(in.readLine()).startsWith("250 ");
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(180));
            assertThat(proxy.turns()).isEqualTo(3);
        }
    }

    @Test
    void passesTheEndOfTheStreamOn() throws Exception {
        Bystanders bystanders = new Bystanders();
        try (FastSink sink = FastSink.open(false, bystanders);
                DelayProxy proxy = DelayProxy.open(sink.address(), Duration.ofMillis(2), bystanders);
                Socket socket =
                        new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("220 sink ESMTP\r\n221 2.0.0 bye\r\n");
        }
    }
}
