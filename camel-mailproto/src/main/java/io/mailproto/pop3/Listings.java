package io.mailproto.pop3;

import io.mailproto.wire.Connection;
import java.io.IOException;

/** Reads what a server lists, and asks for both listings together. */
final class Listings {
    private static final String[] COMMANDS = {"UIDL", "LIST"};

    private final Conversation conversation;
    private final long limit;

    /** @param limit most octets of one listing */
    Listings(Conversation conversation, long limit) {
        this.conversation = conversation;
        this.limit = limit;
    }

    /** Reads the lines behind the status line of {@code UIDL}. */
    UidListing uids() throws IOException {
        UidListing.Builder uids = new UidListing.Builder();
        conversation.readLines(uids::add, uids::heldOctets, limit);
        UidListing listing = uids.build();
        if (listing.duplicateNumber() > 0) {
            throw conversation
                    .connection()
                    .violation(
                            "each message number once in the answer to UIDL",
                            listing.duplicateNumber() + " twice, so it is not known which mail that is");
        }
        return listing;
    }

    /** Reads the lines behind the status line of {@code LIST}. */
    SizeListing sizes() throws IOException {
        SizeListing.Builder sizes = new SizeListing.Builder();
        conversation.readLines(sizes::add, sizes::heldOctets, limit);
        return sizes.build();
    }

    /** Sizes are hints only, so a refused {@code LIST} does no harm. */
    Pop3Client.Contents both(Pop3Window window) throws IOException {
        Connection connection = conversation.connection();
        UidListing[] uids = {UidListing.EMPTY};
        Pop3Refused[] refused = {null};
        SizeListing[] sizes = {new SizeListing.Builder().build()};
        boolean[] hasSizes = {false};
        conversation.pipeline(2, i -> COMMANDS[i], i -> Pop3Client.inTransaction(COMMANDS[i]), window, (i, reply) -> {
            if (i == 0 && reply.isOk()) {
                uids[0] = uids();
            } else if (i == 0) {
                refused[0] = new Pop3Refused(connection.peer(), connection.step(), reply, false);
            } else if (reply.isOk()) {
                sizes[0] = sizes();
                hasSizes[0] = true;
            }
        });
        return new Pop3Client.Contents(uids[0], refused[0], sizes[0], hasSizes[0]);
    }
}
