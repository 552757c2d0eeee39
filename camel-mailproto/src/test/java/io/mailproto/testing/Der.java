package io.mailproto.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Just enough of the distinguished encoding rules (X.690) to write an X.509 certificate. */
final class Der {
    static final byte[] TRUE = tagged(0x01, new byte[] {(byte) 0xff});

    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Instant YEAR_2050 = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return tagged(0x31, parts);
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] octetString(byte[] octets) {
        return tagged(0x04, octets);
    }

    /** A bit string of whole octets less {@code unusedBits} of the last. */
    static byte[] bitString(int unusedBits, byte[] octets) {
        return tagged(0x03, new byte[] {(byte) unusedBits}, octets);
    }

    static byte[] utf8String(String text) {
        return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 5280 §4.1.2.5: two digits for the year through 2049, four from then on. */
    static byte[] time(Instant instant) {
        boolean isShort = instant.isBefore(YEAR_2050);
        String text = (isShort ? UTC_TIME : GENERALIZED_TIME).format(instant);
        return tagged(isShort ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** An object identifier in dots, {@code 2.5.4.3}. */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >> shift != 0) {
                    octets.write(((arc >> shift) & 0x7f) | 0x80);
                }
            }
            octets.write(arc & 0x7f);
        }
        return tagged(0x06, octets.toByteArray());
    }

    /** Tag, length, and the parts one after the other. */
    static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length > 0xffff) {
            throw new IllegalArgumentException("too long for a certificate: " + length);
        }
        if (length > 0xff) {
            all.write(0x82);
            all.write(length >> 8);
        } else if (length > 0x7f) {
            all.write(0x81);
        }
        all.write(length & 0xff);
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
