package io.mailproto.component.imap;

import io.mailproto.component.Settlement;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.Flag;
import io.mailproto.imap.FlagChange;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what became of mails, a batch at a time: marked as seen first, so that whatever fails afterwards does not
 * bring a processed mail again; then copied, moved, deleted.
 */
final class MailSettler {
    private static final Logger LOG = LoggerFactory.getLogger(MailSettler.class);

    private final ImapClient client;
    private final ImapConfiguration configuration;
    private final String mailbox;
    private final MailboxMemory memory;
    private final ExceptionHandler failures;

    MailSettler(
            ImapClient client,
            ImapConfiguration configuration,
            String mailbox,
            MailboxMemory memory,
            ExceptionHandler failures) {
        this.client = client;
        this.configuration = configuration;
        this.mailbox = mailbox;
        this.memory = memory;
        this.failures = failures;
    }

    /** One command, or a few that belong together, on several mails. */
    private interface Step {
        void run(UidSet uids) throws IOException;
    }

    void settle(List<Settlement<ImapMailKey>> settlements) throws IOException {
        List<ImapMailKey> givenUp = new ArrayList<>();
        List<ImapMailKey> seen = new ArrayList<>();
        List<ImapMailKey> deleted = new ArrayList<>();
        Map<MailboxName, List<ImapMailKey>> copied = new LinkedHashMap<>();
        Map<MailboxName, List<ImapMailKey>> moved = new LinkedHashMap<>();
        for (Settlement<ImapMailKey> settlement : settlements) {
            ImapMailKey key = settlement.key();
            if (settlement.outcome() == Settlement.Outcome.GIVEN_UP) {
                givenUp.add(key);
                continue;
            }
            Settlement.Orders orders = settlement.orders();
            target(key, orders.copyTo(), configuration.getCopyTo())
                    .ifPresent(to -> copied.computeIfAbsent(to, name -> new ArrayList<>()).add(key));
            Optional<MailboxName> moveTo = target(key, orders.moveTo(), configuration.getMoveTo());
            moveTo.ifPresent(to -> moved.computeIfAbsent(to, name -> new ArrayList<>()).add(key));
            if (moveTo.isEmpty() && orders.delete().orElse(configuration.isDelete())) {
                deleted.add(key);
            } else {
                seen.add(key);
            }
        }
        mark(seen, Flag.SEEN, true);
        mark(givenUp, Flag.FLAGGED, false);
        for (Map.Entry<MailboxName, List<ImapMailKey>> copies : copied.entrySet()) {
            MailboxName to = copies.getKey();
            transfer(to, copies.getValue(), "copied to " + to, uids -> client.uidCopy(uids, to));
        }
        for (Map.Entry<MailboxName, List<ImapMailKey>> moves : moved.entrySet()) {
            MailboxName to = moves.getKey();
            transfer(to, moves.getValue(), "moved to " + to, uids -> client.uidMove(uids, to));
        }
        attempt(deleted, "deleted", client::uidExpunge)
                .ifPresent(refused -> deleted.forEach(memory::processed));
    }

    /** Where to; a name that cannot be one is reported, and the mail stays where it is. */
    private Optional<MailboxName> target(ImapMailKey key, Optional<String> ordered, String usual) {
        String name = ordered.orElse(usual);
        if (name == null || name.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MailboxName.of(name));
        } catch (IllegalArgumentException e) {
            failures.handleException("Mail " + key + " was processed and stays in its folder", e);
            return Optional.empty();
        }
    }

    private void mark(List<ImapMailKey> keys, Flag flag, boolean isProcessed) throws IOException {
        Optional<CommandRefused> refused =
                attempt(keys, "marked " + flag, uids -> client.uidStore(uids, FlagChange.add(flag)));
        if (refused.isPresent() && isProcessed) {
            // A folder we must not write to: the mails would come again at every poll.
            keys.forEach(memory::processed);
        }
    }

    /** RFC 3501 §6.4.7: TRYCREATE says that the folder is missing; some servers refuse without saying why. */
    private void transfer(MailboxName to, List<ImapMailKey> keys, String what, Step step) throws IOException {
        UidSet uids = uids(keys);
        try {
            step.run(uids);
        } catch (CommandRefused e) {
            if (!e.code().name().isEmpty() && !e.code().is("TRYCREATE") && !e.code().is("NONEXISTENT")) {
                report(keys, what, e);
                return;
            }
            try {
                client.create(to);
                LOG.info("{}: made the folder {}", mailbox, to);
            } catch (CommandRefused itIsThere) {
                // Then the second attempt tells what is wrong.
                e.addSuppressed(itIsThere);
            }
            attempt(keys, what, step);
        }
    }

    private Optional<CommandRefused> attempt(List<ImapMailKey> keys, String what, Step step) throws IOException {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        try {
            step.run(uids(keys));
            return Optional.empty();
        } catch (CommandRefused e) {
            report(keys, what, e);
            return Optional.of(e);
        }
    }

    /** Not thrown: the other mails of the batch, and the polls to come, must not suffer. */
    private void report(List<ImapMailKey> keys, String what, CommandRefused e) {
        failures.handleException(
                keys.size() + " mails of " + mailbox + " were processed but cannot be " + what + ": UIDs " + uids(keys),
                e);
    }

    private static UidSet uids(List<ImapMailKey> keys) {
        return UidSet.of(keys.stream().mapToLong(ImapMailKey::uid).toArray());
    }
}
