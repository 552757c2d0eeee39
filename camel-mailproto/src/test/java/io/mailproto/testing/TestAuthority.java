package io.mailproto.testing;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority for tests: makes X.509 v3 certificates (RFC 5280) with EC P-256 keys. The JDK has no public
 * class for that and {@code keytool} takes half a second for each, so they are written here. Immutable.
 */
final class TestAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final Duration VALIDITY = Duration.ofDays(3650);

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    /** A leaf certificate with its key, and the authority's certificate behind it. */
    record Identity(PrivateKey key, X509Certificate certificate, X509Certificate issuer) {}

    TestAuthority(String name) throws GeneralSecurityException {
        this.name = name;
        this.keys = newKeys();
        Instant now = Instant.now();
        this.certificate = sign(
                name,
                keys,
                now.minus(Duration.ofDays(1)),
                now.plus(VALIDITY),
                List.of(
                        extension("2.5.29.19", true, Der.sequence(Der.TRUE)),
                        // keyCertSign and cRLSign are bits 5 and 6
                        extension("2.5.29.15", true, Der.bitString(1, new byte[] {0x06}))));
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** A certificate for a server or client; names that look like IPv4 or IPv6 literals become address entries. */
    Identity issue(String commonName, Instant from, Instant to, List<byte[]> alternativeNames)
            throws GeneralSecurityException {
        KeyPair leaf = newKeys();
        X509Certificate issued = sign(
                commonName,
                leaf,
                from,
                to,
                List.of(
                        extension("2.5.29.19", true, Der.sequence()),
                        // serverAuth and clientAuth
                        extension(
                                "2.5.29.37",
                                false,
                                Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2"))),
                        extension("2.5.29.17", false, Der.sequence(alternativeNames.toArray(new byte[0][])))));
        return new Identity(leaf.getPrivate(), issued, certificate);
    }

    /** A certificate valid now, for these host names and addresses. */
    Identity issue(String commonName, List<byte[]> alternativeNames) throws GeneralSecurityException {
        Instant now = Instant.now();
        return issue(commonName, now.minus(Duration.ofDays(1)), now.plus(VALIDITY), alternativeNames);
    }

    static byte[] dnsName(String host) {
        return Der.tagged(0x82, host.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] ipAddress(byte[] address) {
        return Der.tagged(0x87, address);
    }

    private X509Certificate sign(String subject, KeyPair subjectKeys, Instant from, Instant to, List<byte[]> extensions)
            throws GeneralSecurityException {
        byte[] toBeSigned = Der.sequence(
                Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(64, new SecureRandom()).setBit(63)),
                ECDSA_WITH_SHA256,
                name(name),
                Der.sequence(Der.time(from), Der.time(to)),
                name(subject),
                subjectKeys.getPublic().getEncoded(),
                Der.tagged(0xa3, Der.sequence(new ArrayList<>(extensions).toArray(new byte[0][]))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(toBeSigned);
        byte[] encoded = Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bitString(0, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8String(commonName))));
    }

    private static byte[] extension(String oid, boolean isCritical, byte[] value) {
        byte[] critical = isCritical ? Der.TRUE : new byte[0];
        return Der.sequence(Der.oid(oid), critical, Der.octetString(value));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }
}
