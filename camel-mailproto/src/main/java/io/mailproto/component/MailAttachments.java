package io.mailproto.component;

import io.mailproto.mime.MimePart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.attachment.Attachment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts of a mail as Camel attachments, in the order of the mail, under keys that {@link AttachmentRules} decide. */
final class MailAttachments {

    private static final Logger LOG = LoggerFactory.getLogger(MailAttachments.class);

    private static final int MAX_NAMES = 5;
    private static final int MAX_NAME = 100;

    private MailAttachments() {}

    /**
     * The attachments by their keys; the map may be changed.
     *
     * @throws IllegalStateException if two have one name and the rules say that this is a failure
     */
    static Map<String, Attachment> of(List<MimePart> parts, AttachmentRules rules) {
        List<Named> found = new ArrayList<>(parts.size());
        Map<String, Named> byKey = new LinkedHashMap<>();
        NumberedNames numbers = new NumberedNames(byKey::containsKey);
        Set<String> leftOut = new LinkedHashSet<>();
        int position = 0;
        for (MimePart part : parts) {
            position++;
            String name = nameOf(part, position, rules);
            if (name != null) {
                Named named = new Named(part, name);
                if (add(named, byKey, numbers, rules)) {
                    found.add(named);
                } else {
                    leftOut.add(name);
                }
            }
        }
        if (!leftOut.isEmpty()) {
            LOG.warn(
                    "left out attachments whose names another one of the mail has: {}; handleDuplicateAttachmentNames"
                            + " tells them apart",
                    some(leftOut));
        }
        Map<String, Attachment> attachments = new LinkedHashMap<>();
        for (Named named : found) {
            attachments.put(named.key, new MailAttachment(named.part, named.key));
        }
        return attachments;
    }

    /** The sender has chosen how many there are, and how long. */
    private static String some(Set<String> names) {
        String shown = names.stream()
                .limit(MAX_NAMES)
                .map(name -> name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name)
                .collect(Collectors.joining(", "));
        return names.size() > MAX_NAMES ? shown + " and " + (names.size() - MAX_NAMES) + " more" : shown;
    }

    /** How many of the parts the rules leave out for want of a name. */
    static int countUnnamed(List<MimePart> parts, AttachmentRules rules) {
        int count = 0;
        for (MimePart part : parts) {
            count += nameOf(part, 0, rules) == null ? 1 : 0;
        }
        return count;
    }

    /** A part with its key, which a later part may still change. */
    private static final class Named {
        final MimePart part;
        String key;

        Named(MimePart part, String key) {
            this.part = part;
            this.key = key;
        }
    }

    private static boolean add(Named named, Map<String, Named> byKey, NumberedNames numbers, AttachmentRules rules) {
        String name = named.key;
        Named earlier = byKey.get(name);
        if (earlier == null) {
            byKey.put(name, named);
            return true;
        }
        switch (rules.duplicates()) {
            case UUID_PREFIX, UUID_SUFFIX -> {
                byKey.remove(name);
                earlier.key = withUuid(name, rules.duplicates());
                named.key = withUuid(name, rules.duplicates());
                byKey.put(earlier.key, earlier);
            }
            case NUMBER -> named.key = numbers.numbered(name);
            case NEVER -> {
                if (rules.failOnDuplicate()) {
                    throw new IllegalStateException("two attachments are named " + name
                            + "; handleDuplicateAttachmentNames would tell them apart");
                }
                return false;
            }
        }
        byKey.put(named.key, named);
        return true;
    }

    /** Null if the part has no name and shall get none. */
    private static String nameOf(MimePart part, int position, AttachmentRules rules) {
        Optional<String> name = rules.decodeNames() ? part.fileName() : part.encodedFileName();
        if (name.isPresent()) {
            return name.get();
        }
        return switch (rules.missing()) {
            case NEVER -> null;
            case UUID -> UUID.randomUUID().toString();
            case PART -> "part-" + position;
        };
    }

    private static String withUuid(String name, AttachmentRules.Duplicates where) {
        String uuid = UUID.randomUUID().toString();
        return where == AttachmentRules.Duplicates.UUID_PREFIX
                ? uuid + "_" + name
                : withUuidBeforeExtension(name, uuid);
    }

    private static String withUuidBeforeExtension(String name, String uuid) {
        int end = NumberedNames.endOfStem(name);
        return name.substring(0, end) + "_" + uuid + name.substring(end);
    }
}
