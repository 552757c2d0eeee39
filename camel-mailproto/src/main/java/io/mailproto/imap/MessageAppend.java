package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts messages into mailboxes (RFC 3501 §6.3.11, APPEND). Octets go from the spool to the server as a stream. Belongs to
 * the {@link ImapClient} that gave it and follows its rules.
 */
public final class MessageAppend {
    private final CommandRunner runner;
    private final Conversation conversation;
    private final Mailboxes mailboxes;

    MessageAppend(CommandRunner runner, Conversation conversation, Mailboxes mailboxes) {
        this.runner = runner;
        this.conversation = conversation;
        this.mailboxes = mailboxes;
    }

    /**
     * Adds messages to a mailbox, in this order. With MULTIAPPEND (RFC 3502) either all or none are there afterwards; without,
     * one after the other, so that after a refusal those before are there.
     *
     * @throws CommandRefused with code TRYCREATE if the mailbox does not exist, OVERQUOTA or TOOBIG if there is no room
     * @throws ImapException before anything is sent, if a message is larger than the server has said to take
     *     (APPENDLIMIT, RFC 7889), or holds NUL and the server has no BINARY (RFC 3516)
     */
    public AppendedUids append(MailboxName mailbox, List<NewMessage> messages) throws IOException {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        OptionalLong limit = limit(mailbox);
        for (NewMessage message : messages) {
            long size = message.octets().size();
            if (size == 0) {
                throw new IllegalArgumentException("a message of no octets cannot be appended: RFC 3502 §6.3.11 makes"
                        + " servers take that for a cancelled one");
            }
            if (limit.isPresent() && size > limit.getAsLong()) {
                throw refusal(mailbox, "the message has " + size + " octets, the server takes " + limit.getAsLong());
            }
        }
        if (conversation.capabilities().has("MULTIAPPEND")) {
            return appended(mailbox, messages);
        }
        AppendedUids uids = AppendedUids.UNKNOWN;
        for (NewMessage message : messages) {
            uids = uids.plus(appended(mailbox, List.of(message)));
        }
        return uids;
    }

    private AppendedUids appended(MailboxName mailbox, List<NewMessage> messages) throws IOException {
        ImapCommand command = ImapCommand.of(ImapVerb.APPEND).mailbox(mailbox);
        for (NewMessage message : messages) {
            if (!message.flags().isEmpty()) {
                command.raw(message.flags().stream().map(Flag::name).collect(Collectors.joining(" ", "(", ")")));
            }
            message.internalDate().ifPresent(date -> command.raw(ImapCommand.quoted(InternalDate.format(date))));
            boolean isBinary = holdsNul(message.octets());
            if (isBinary && !conversation.capabilities().has("BINARY")) {
                throw refusal(mailbox, "the message holds NUL, which only servers with BINARY take");
            }
            command.message(message.octets(), isBinary);
        }
        return AppendedUids.of(runner.run(command).text().code());
    }

    private ImapException refusal(MailboxName mailbox, String why) {
        return new ImapException(
                conversation.peer(), "before appending to " + mailbox, why + "; nothing has been sent", false);
    }

    /** {@code APPENDLIMIT=n} for all mailboxes, {@code APPENDLIMIT} if each has its own. */
    private OptionalLong limit(MailboxName mailbox) throws IOException {
        long forAll = conversation.capabilities().number("APPENDLIMIT");
        if (forAll >= 0) {
            return OptionalLong.of(forAll);
        }
        if (conversation.capabilities().has("APPENDLIMIT")) {
            try {
                return mailboxes.status(mailbox, Set.of(StatusItem.APPENDLIMIT)).appendLimit();
            } catch (CommandRefused e) {
                // The mailbox may be missing: APPEND will say so in its own words.
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /** RFC 3501 §4.3: a literal holds no NUL. Reads the octets once; from a file that is quicker than any network. */
    private static boolean holdsNul(Octets octets) throws IOException {
        byte[] buffer = new byte[(int) Math.min(octets.size(), 64 * 1024)];
        try (InputStream in = octets.open()) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
