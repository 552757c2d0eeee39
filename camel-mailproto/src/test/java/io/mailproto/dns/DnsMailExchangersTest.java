package io.mailproto.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.address.Domain;
import io.mailproto.testing.NsdPeer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real DNS server says, and what it means that none does. */
class DnsMailExchangersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    static final NsdPeer NSD = NsdPeer.extension("""
            two IN MX 20 B
            two IN MX 10 a
            a IN A 127.0.0.1
            a IN AAAA ::1
            b IN A 127.0.0.2
            b IN A 127.0.0.3
            six IN AAAA ::1
            null IN MX 0 .
            nodata IN TXT "no mail here"
            alias IN CNAME two
            long1 IN CNAME alias
            loop1 IN CNAME loop2
            loop2 IN CNAME loop1
            dangling IN CNAME nowhere
            foreign IN CNAME two.broken.example.
            odd IN MX 5 127.0.0.1.
            xn--bcher-kva IN MX 1 a
            """ + many());

    /** More than fit into a datagram, so that TCP is needed. */
    private static String many() {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            records.append("many IN MX " + i + " a-host-with-a-rather-long-name-" + i + "\n");
        }
        return records.toString();
    }

    private static DnsMailExchangers asking(InetSocketAddress... servers) {
        return new DnsMailExchangers(List.of(servers), PATIENCE);
    }

    private static String words(DnsAnswer<MxHost> answer) {
        return answer.isFound()
                ? answer.records().stream()
                        .map(host -> host.preference() + " " + host.name())
                        .sorted()
                        .collect(Collectors.joining(", "))
                : answer.kind().toString();
    }

    @ParameterizedTest
    @CsvSource({
        "two.test, '10 a.test, 20 b.test'",
        "TWO.test, '10 a.test, 20 b.test'",
        "null.test, '0 '",
        "nodata.test, NO_DATA",
        "a.test, NO_DATA",
        "missing.test, NO_SUCH_NAME",
        "deep.below.missing.test, NO_SUCH_NAME",
        "alias.test, '10 a.test, 20 b.test'",
        "long1.test, '10 a.test, 20 b.test'",
        "dangling.test, NO_SUCH_NAME",
        "loop1.test, FAILED",
        "foreign.test, FAILED",
        "two.broken.example, FAILED",
        "somebody.else.example, FAILED",
        "odd.test, 5 127.0.0.1",
        "bücher.test, 1 a.test",
    })
    void tellsWhatIsThereFromWhatIsNotAndFromWhatNobodyKnows(String domain, String expected) {
        assertThat(words(asking(NSD.dns()).lookupMx(Domain.parse(domain)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a.test, '127.0.0.1, 0:0:0:0:0:0:0:1'",
        "b.test, '127.0.0.2, 127.0.0.3'",
        "six.test, 0:0:0:0:0:0:0:1",
        "two.test, NO_DATA",
        "missing.test, NO_SUCH_NAME",
        "a.broken.example, FAILED",
    })
    void findsAddressesOfBothKinds(String host, String expected) {
        DnsAnswer<InetAddress> answer = asking(NSD.dns()).lookupAddresses(host);
        assertThat(
                        answer.isFound()
                                ? answer.records().stream()
                                        .map(InetAddress::getHostAddress)
                                        .sorted(Comparator.comparing((String text) -> text.indexOf(':') >= 0)
                                                .thenComparing(Comparator.naturalOrder()))
                                        .collect(Collectors.joining(", "))
                                : answer.kind().toString())
                .isEqualTo(expected);
    }

    @Test
    void anAnswerThatDoesNotFitIntoADatagramComesByTcp() {
        assertThat(asking(NSD.dns()).lookupMx(Domain.parse("many.test")).records())
                .hasSize(200);
    }

    @Test
    void anAnswerIsRememberedForItsTime(@TempDir Path directory) throws IOException {
        DnsMailExchangers exchangers;
        try (NsdPeer own = NsdPeer.startOrSkip(directory, "x IN MX 1 y\nempty IN TXT \"x\"\n")) {
            exchangers = new DnsMailExchangers(List.of(own.dns()), Duration.ofSeconds(5));
            assertThat(words(exchangers.lookupMx(Domain.parse("x.test")))).isEqualTo("1 y.test");
            assertThat(words(exchangers.lookupMx(Domain.parse("empty.test")))).isEqualTo("NO_DATA");
            assertThat(words(exchangers.lookupMx(Domain.parse("missing.test")))).isEqualTo("NO_SUCH_NAME");
        }
        assertThat(words(exchangers.lookupMx(Domain.parse("x.test")))).isEqualTo("1 y.test");
        assertThat(words(exchangers.lookupMx(Domain.parse("empty.test")))).isEqualTo("NO_DATA");
        assertThat(words(exchangers.lookupMx(Domain.parse("missing.test")))).isEqualTo("NO_SUCH_NAME");
        assertThat(words(exchangers.lookupMx(Domain.parse("new.test")))).isEqualTo("FAILED");
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForLonger() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            DnsMailExchangers exchangers = new DnsMailExchangers(
                    List.of((InetSocketAddress) silent.getLocalSocketAddress()), Duration.ofMillis(200));
            DnsAnswer<MxHost> answer = exchangers.lookupMx(Domain.parse("two.test"));
            assertThat(answer.kind()).isEqualTo(DnsAnswer.Kind.FAILED);
            assertThat(answer.reason()).isNotBlank();
        }
    }

    @Test
    void theNextServerIsAskedWhenOneSaysNothing() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            DnsMailExchangers exchangers = new DnsMailExchangers(
                    List.of((InetSocketAddress) silent.getLocalSocketAddress(), NSD.dns()), Duration.ofSeconds(4));
            assertThat(words(exchangers.lookupMx(Domain.parse("two.test")))).isEqualTo("10 a.test, 20 b.test");
        }
    }

    @Test
    void aNameThatFitsIntoNoQuestionDoesNotExist() {
        String label = "a".repeat(62);
        String longest = String.join(".", label, label, label, label, "aa");
        assertThat(asking(NSD.dns()).lookupAddresses(longest).kind()).isEqualTo(DnsAnswer.Kind.NO_SUCH_NAME);
    }

    @Test
    void aTimeoutMustBePositive() {
        assertThatThrownBy(() -> new DnsMailExchangers(List.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
