package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.testing.CuttingProxy;
import io.mailproto.testing.CuttingProxy.Direction;
import io.mailproto.testing.CuttingProxy.Fault;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import io.mailproto.wire.HostPort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A poll of a real server that is cut after each line of either side: no mail is lost, and the maildrop is emptied. */
class Pop3CutEverywhereTest {
    @RegisterExtension
    static final DovecotPeer dovecot = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer greenMail = GreenMailPeer.extension();

    private static final String USER = DovecotPeer.BOB;
    private static final List<byte[]> MAILS = Stream.of("Subject: one\r\n\r\n1\r\n", "Subject: two\r\n\r\n2\r\n")
            .map(text -> text.getBytes(StandardCharsets.US_ASCII))
            .toList();

    /** A server's maildrop of the user. */
    private interface Maildrop {
        HostPort address();

        void fill() throws Exception;

        boolean isEmpty() throws Exception;
    }

    /** In this process: so fast that each line can have its turn. */
    private static final Maildrop GREEN_MAIL = new Maildrop() {
        @Override
        public HostPort address() {
            return greenMail.pop3();
        }

        @Override
        public void fill() throws Exception {
            for (byte[] mail : MAILS) {
                greenMail.deliver(USER, mail);
            }
        }

        @Override
        public boolean isEmpty() throws Exception {
            return greenMail.messages(USER).isEmpty();
        }
    };

    /** With pipelining. */
    private static final Maildrop DOVECOT = new Maildrop() {
        @Override
        public HostPort address() {
            return dovecot.pop3();
        }

        @Override
        public void fill() throws Exception {
            for (byte[] mail : MAILS) {
                dovecot.save(USER, "INBOX", mail);
            }
        }

        @Override
        public boolean isEmpty() throws Exception {
            return dovecot.count(USER, "INBOX") == 0;
        }
    };

    @BeforeEach
    void empty() throws Exception {
        dovecot.expungeAll(USER, "INBOX");
        greenMail.purge();
    }

    private static String uri(CuttingProxy proxy) {
        return Pop3Routes.uri(proxy.address(), "delete=true&startScheduler=false")
                .replace("username=alice", "username=" + USER)
                .replace("secret1", DovecotPeer.passwordOf(USER));
    }

    /** Fills the maildrop and polls until it is empty. */
    private static void empty(Maildrop maildrop, Pop3Routes routes) throws Exception {
        maildrop.fill();
        routes.delivered.clear();
        routes.failures.clear();
        // GreenMail's threads end with an exception when their connection does, which is what is wanted here.
        await().dontCatchUncaughtExceptions()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    routes.consumer().run();
                    return maildrop.isEmpty();
                });
        assertThat(new HashSet<>(routes.delivered)).hasSize(MAILS.size());
        assertThat(routes.consumer().inFlightCount()).isZero();
    }

    private static void cut(Maildrop maildrop, Direction direction, int every) throws Exception {
        try (CuttingProxy proxy = CuttingProxy.to(maildrop.address());
                Pop3Routes routes = new Pop3Routes()) {
            routes.start(uri(proxy), exchange -> {});
            empty(maildrop, routes);
            assertThat(routes.failures).isEmpty();
            long lines = proxy.lines(direction);
            assertThat(lines).isGreaterThan(direction == Direction.TO_SERVER ? 9 : 15);
            for (long line = 0; line < lines; line += every) {
                proxy.breakNext(
                        line % 2 == 0
                                ? Fault.afterLines(direction, line).closing()
                                : Fault.inLine(direction, line + 1).resetting());
                empty(maildrop, routes);
                assertThat(routes.failures)
                        .as("failures told when cut at line %d of %d %s", line, lines, direction)
                        .isNotEmpty();
            }
            assertThat(proxy.strikes()).isEqualTo((int) ((lines + every - 1) / every));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollOfGreenMailIsCutAfterEachLine(Direction direction) throws Exception {
        cut(GREEN_MAIL, direction, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aPipelinedPollOfDovecotIsCutAfterEveryFifthLine(Direction direction) throws Exception {
        cut(DOVECOT, direction, 5);
    }
}
