package io.mailproto.smtp.mx;

import io.mailproto.address.Domain;
import io.mailproto.wire.Networks;
import java.util.Objects;
import java.util.Set;

/**
 * How mail finds its way. Immutable.
 *
 * @param ownNames names of this host: an MX record with one of them points back to us; lower case
 * @param ownAddresses addresses of this host, for the same; may contain nobody
 * @param scope which addresses are delivered to
 * @param literals whether recipients such as {@code user@[192.0.2.1]} are delivered to
 * @param port where the exchangers listen; 25 but for tests
 * @param clearAllowed whether a host whose TLS fails is tried again in clear (RFC 7435: opportunistic)
 * @param limits how far the DNS can lead
 */
public record MxOptions(
        Set<Domain> ownNames,
        Networks ownAddresses,
        AddressScope scope,
        boolean literals,
        int port,
        boolean clearAllowed,
        MxLimits limits) {

    public MxOptions {
        ownNames = Set.copyOf(ownNames);
        Objects.requireNonNull(ownAddresses, "ownAddresses");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(limits, "limits");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port must be 1 to 65535, not " + port);
        }
    }
}
