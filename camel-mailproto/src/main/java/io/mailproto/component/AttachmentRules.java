package io.mailproto.component;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Which parts of a mail become attachments of a message, and under which key.
 *
 * @param decodeNames whether encoded words in file names are decoded (RFC 2047)
 * @param missing what an attachment without a name is called
 * @param duplicates what happens to a name that stands twice
 * @param failOnDuplicate whether a mail fails in which an attachment would be left out for its name
 */
public record AttachmentRules(boolean decodeNames, Missing missing, Duplicates duplicates, boolean failOnDuplicate) {

    /** As the endpoints do without options. */
    public static final AttachmentRules DEFAULTS = new AttachmentRules(false, Missing.NEVER, Duplicates.NEVER, false);

    public AttachmentRules {
        Objects.requireNonNull(missing, "missing");
        Objects.requireNonNull(duplicates, "duplicates");
    }

    /** Names for attachments that have none. */
    public enum Missing {
        /** No name, no attachment. */
        NEVER,
        /** A random name. */
        UUID,
        /** {@code part-1}, {@code part-2} by the position among all attachments. */
        PART;

        /** By the option's value. */
        static Missing of(String value) {
            return byName(values(), "generateMissingAttachmentNames", value);
        }
    }

    /** What happens to an attachment whose name another one has already. */
    public enum Duplicates {
        /** It is left out. */
        NEVER,
        /** Both get a random name before theirs. */
        UUID_PREFIX,
        /** Both get a random name behind theirs, before the extension. */
        UUID_SUFFIX,
        /** It gets a number, before the extension. */
        NUMBER;

        /** By the option's value. */
        static Duplicates of(String value) {
            return byName(values(), "handleDuplicateAttachmentNames", value);
        }
    }

    private static <E extends Enum<E>> E byName(E[] values, String option, String wanted) {
        String name = wanted.replace("-", "").toUpperCase(Locale.ROOT);
        for (E value : values) {
            if (value.name().replace("_", "").equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                option + " must be one of " + Arrays.toString(values).toLowerCase(Locale.ROOT) + ", not " + wanted);
    }
}
