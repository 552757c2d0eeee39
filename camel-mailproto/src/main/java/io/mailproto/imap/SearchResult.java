package io.mailproto.imap;

import java.util.OptionalLong;

/**
 * What SEARCH found (RFC 4731).
 *
 * @param uids the messages; empty if only numbers were asked for
 * @param min the smallest UID found
 * @param max the greatest
 * @param count how many messages were found
 */
public record SearchResult(UidSet uids, OptionalLong min, OptionalLong max, OptionalLong count) {}
