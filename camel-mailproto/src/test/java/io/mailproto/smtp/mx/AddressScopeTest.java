package io.mailproto.smtp.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses the DNS of strangers may lead to. */
class AddressScopeTest {

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, PUBLIC",
        "172.32.0.1, PUBLIC",
        "2a00:1450:4001:81d::200e, PUBLIC",
        "64:ff9b::808:808, PUBLIC",
        "2002:808:808::1, PUBLIC",
        "10.0.0.1, PRIVATE",
        "172.16.0.1, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "fd00::1, PRIVATE",
        "::ffff:10.0.0.1, PRIVATE",
        "64:ff9b::a00:1, PRIVATE",
        "2002:a00:1::1, PRIVATE",
        "127.0.0.1, ANY",
        "127.255.255.254, ANY",
        "0.0.0.0, ANY",
        "0.0.0.1, ANY",
        "169.254.169.254, ANY",
        "224.0.0.1, ANY",
        "255.255.255.255, ANY",
        "192.0.2.1, ANY",
        "::1, ANY",
        "::, ANY",
        "::ffff:127.0.0.1, ANY",
        "::127.0.0.1, ANY",
        "64:ff9b::7f00:1, ANY",
        "2002:7f00:1::1, ANY",
        "fe80::1, ANY",
        "ff02::1, ANY",
        "2001:db8::1, ANY",
    })
    void isAllowedFromTheNarrowestScopeThatHasIt(String literal, AddressScope narrowest) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(literal);
        for (AddressScope scope : AddressScope.values()) {
            assertThat(scope.allows(address)).as("%s in %s", literal, scope).isEqualTo(scope.compareTo(narrowest) >= 0);
        }
    }
}
