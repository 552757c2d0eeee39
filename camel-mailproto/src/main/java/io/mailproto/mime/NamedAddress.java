package io.mailproto.mime;

import io.mailproto.address.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An address as header fields have it: with the name of a person, perhaps (RFC 5322 §3.4).
 *
 * @param name without quotes, comments and encoded words; empty if there is none
 */
public record NamedAddress(String name, EmailAddress address) {

    private static final String LIST_SPECIALS = "\"(),:;<>[]\\";

    public NamedAddress {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(address, "address");
        FieldBody.requireSafe("the name of an address", name);
    }

    public static NamedAddress of(EmailAddress address) {
        return new NamedAddress("", address);
    }

    /**
     * Reads one address, {@code Ann <ann@example.com>} or {@code ann@example.com}.
     *
     * @throws IllegalArgumentException if it is not exactly one
     */
    public static NamedAddress parse(String text) {
        List<NamedAddress> all = parseList(text);
        if (all.size() != 1) {
            throw new IllegalArgumentException("one address expected, but there are " + all.size());
        }
        return all.get(0);
    }

    /**
     * Reads an address list: names quoted or not or in encoded words, comments, groups; separated by commas or, as people
     * type them, semicolons. For addresses that mail is to go to: what could be meant in two ways, such as two addresses
     * without a comma between them, is refused. Pure.
     *
     * @return empty for an empty text or empty groups
     * @throws IllegalArgumentException naming the fault and the number of the address, without repeating the text
     */
    public static List<NamedAddress> parseList(String text) {
        if (isBareAddress(text)) {
            try {
                return List.of(of(EmailAddress.parseStrictly(text)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("address 1: " + e.getMessage(), e);
            }
        }
        List<NamedAddress> found = new ArrayList<>();
        for (AddressTokens.Raw raw : AddressTokens.splitStrictly(text)) {
            try {
                found.add(raw.toAddressStrictly());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("address " + (found.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return found;
    }

    /** One address with nothing around it, as most are: no character that means something in a list. */
    private static boolean isBareAddress(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || LIST_SPECIALS.indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Reads what can be read of an address list from somebody else's message and leaves out the rest. Pure. */
    public static List<NamedAddress> parseListLeniently(String text) {
        List<NamedAddress> found = new ArrayList<>();
        for (AddressTokens.Raw raw : AddressTokens.split(text)) {
            try {
                found.add(raw.toAddress());
            } catch (IllegalArgumentException unreadable) {
                // Such is mail: "undisclosed recipients", names without an address, addresses cut off.
                continue;
            }
        }
        return found;
    }

    /** As it stands in a header field, but not encoded: {@code "Miller, Ann" <ann@example.com>}. */
    @Override
    public String toString() {
        return name.isEmpty() ? address.toString() : FieldBody.quotedIfNeeded(name) + " <" + address + ">";
    }
}
