package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true",
        "11.0.0.0, false",
        "192.0.2.7, true",
        "192.0.2.8, false",
        "2001:db8:ffff::1, true",
        "2001:db9::1, false",
        "::ffff:10.1.2.3, true"
    })
    void knowsWhoIsInIt(String address, boolean isIn) throws Exception {
        Networks networks = Networks.parse("10.0.0.0/8, 192.0.2.7,2001:db8::/32");
        assertThat(networks.contain(InetAddress.getByName(address))).isEqualTo(isIn);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/x",
                "10.0.0.0/-1",
                "::/129",
                "1.2.3",
                "1.2.3.999",
                ",",
                "a/8"
            })
    void takesNothingButAddresses(String text) {
        assertThatThrownBy(() -> Networks.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsNobodyIfEmpty() throws Exception {
        assertThat(Networks.parse(null).contain(InetAddress.getByName("127.0.0.1")))
                .isFalse();
        assertThat(Networks.parse("0.0.0.0/0").contain(InetAddress.getByName("127.0.0.1")))
                .isTrue();
        assertThat(Networks.parse("0.0.0.0/0").contain(InetAddress.getByName("::1")))
                .isFalse();
    }

    @Test
    void countsClientsAnewEachMinute() throws Exception {
        long[] now = {5};
        ClientRate rate = new ClientRate(2, () -> now[0]);
        InetAddress one = InetAddress.getByName("2001:db8::1");
        InetAddress neighbour = InetAddress.getByName("2001:db8::2");
        InetAddress other = InetAddress.getByName("2001:db8:0:1::1");
        assertThat(rate.permits(one)).isTrue();
        assertThat(rate.permits(neighbour)).isTrue();
        assertThat(rate.permits(one)).isFalse();
        assertThat(rate.permits(other)).isTrue();
        now[0] += 60_000_000_000L;
        assertThat(rate.permits(neighbour)).isTrue();
        assertThat(new ClientRate(0).permits(one)).isTrue();
    }
}
