package io.mailproto.address;

import io.mailproto.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Any text as an address: it is refused with words, or it is an address that is the same when it is read again. */
public final class AddressFuzz implements FuzzTarget {

    @Override
    public void run(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        EmailAddress address = parsed(text);
        if (address != null) {
            String written = address.toString();
            if (written.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                throw new AssertionError("a control character has got through");
            }
            if (!EmailAddress.parse(written).equals(address)) {
                throw new AssertionError("is another address when it is read again: " + written);
            }
        }
        domain(text);
    }

    private static EmailAddress parsed(String text) {
        try {
            return EmailAddress.parse(text);
        } catch (IllegalArgumentException refused) {
            requireWords(refused);
            return null;
        }
    }

    private static void domain(String text) {
        try {
            Domain domain = Domain.parse(text);
            if (!Domain.parse(domain.toString()).equals(domain)) {
                throw new AssertionError("is another domain when it is read again: " + domain);
            }
        } catch (IllegalArgumentException refused) {
            requireWords(refused);
        }
    }

    private static void requireWords(IllegalArgumentException refused) {
        if (refused.getMessage() == null || refused.getMessage().isBlank()) {
            throw new AssertionError("refused without a word", refused);
        }
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "ann@example.org",
                        "Postmaster",
                        "\"a b\"@c",
                        "\"a\\\"b\"@c",
                        "\"a@x\"@c",
                        "\"a\r\nb\"@c",
                        "a(comment)@b",
                        "user%other.example@local.example",
                        "user@other@local",
                        "a@[127.0.0.1]",
                        "a@[IPv6:::1]",
                        "a@[IPv6:2001:db8::7]",
                        "a@[]",
                        "a@[127.0.0.1",
                        "a@b..c",
                        "a@-b",
                        ".a@b",
                        "a..b@c",
                        "ü@example.org",
                        "ann@bücher.example",
                        "ann@xn--bcher-kva.example",
                        "a@b\u3002c",
                        "a\0b@c",
                        "瘍瘊@c",
                        "a@b> SIZE=1",
                        "x".repeat(65) + "@c",
                        "a@" + "b".repeat(256))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
