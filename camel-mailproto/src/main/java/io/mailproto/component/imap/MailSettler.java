package io.mailproto.component.imap;

import io.mailproto.component.Settlement;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.Flag;
import io.mailproto.imap.FlagChange;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxInfo;
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
 * Carries out what became of mails of one folder, a batch at a time: marked as seen first, so that whatever fails
 * afterwards does not bring a processed mail again; then copied, moved, deleted.
 */
final class MailSettler {
    private static final Logger LOG = LoggerFactory.getLogger(MailSettler.class);

    private static final Flag TRASH = new Flag("\\Trash");

    private final ImapClient client;
    private final ImapConfiguration configuration;
    private final MailboxMemory memory;
    private final ExceptionHandler failures;
    /** Null until it has been looked for. */
    private Optional<MailboxName> trash;

    MailSettler(ImapClient client, ImapConfiguration configuration, MailboxMemory memory, ExceptionHandler failures) {
        this.client = client;
        this.configuration = configuration;
        this.memory = memory;
        this.failures = failures;
    }

    /** One command, or a few that belong together, on several mails. */
    private interface Step {
        void run(UidSet uids) throws IOException;
    }

    /**
     * Settles mails of the folder that is open.
     *
     * @param mailbox the folder in the words of logs
     */
    void settle(MailboxName folder, String mailbox, List<Settlement<ImapMailKey>> settlements) throws IOException {
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
                    .ifPresent(to -> copied.computeIfAbsent(to, name -> new ArrayList<>())
                            .add(key));
            Optional<MailboxName> moveTo = target(key, orders.moveTo(), configuration.getMoveTo());
            moveTo.ifPresent(
                    to -> moved.computeIfAbsent(to, name -> new ArrayList<>()).add(key));
            if (moveTo.isEmpty() && orders.delete().orElse(configuration.isDelete())) {
                deleted.add(key);
            } else {
                seen.add(key);
            }
        }
        mark(mailbox, seen, Flag.SEEN, true);
        putAside(mailbox, givenUp);
        for (Map.Entry<MailboxName, List<ImapMailKey>> copies : copied.entrySet()) {
            MailboxName to = copies.getKey();
            transfer(mailbox, to, copies.getValue(), "copied to " + to, uids -> client.uidCopy(uids, to));
        }
        for (Map.Entry<MailboxName, List<ImapMailKey>> moves : moved.entrySet()) {
            move(mailbox, moves.getKey(), moves.getValue());
        }
        delete(folder, mailbox, deleted);
    }

    /** Flagged first: if the move fails the mails stay, and people see which. */
    private void putAside(String mailbox, List<ImapMailKey> keys) throws IOException {
        if (keys.isEmpty()) {
            return;
        }
        Optional<MailboxName> to = target(keys.get(0), Optional.empty(), configuration.getOnFailureMoveTo());
        Optional<Flag> flag = configuration.failureFlag();
        if (flag.isPresent() || to.isEmpty()) {
            mark(mailbox, keys, flag.orElse(Flag.FLAGGED), false);
        }
        if (to.isPresent()) {
            move(mailbox, to.get(), keys);
        }
    }

    private void move(String mailbox, MailboxName to, List<ImapMailKey> keys) throws IOException {
        transfer(mailbox, to, keys, "moved to " + to, uids -> client.uidMove(uids, to));
    }

    /**
     * Gmail only takes a label off a mail that is expunged, and keeps it among all mails: there, deleting is moving to
     * the folder for deleted mail, whatever its name is in the language of the account.
     */
    private void delete(MailboxName folder, String mailbox, List<ImapMailKey> keys) throws IOException {
        if (keys.isEmpty()) {
            return;
        }
        Optional<MailboxName> bin = client.capabilities().has("X-GM-EXT-1") ? trash(mailbox) : Optional.empty();
        if (bin.isPresent() && !bin.get().equals(folder)) {
            move(mailbox, bin.get(), keys);
            return;
        }
        attempt(mailbox, keys, "deleted", client::uidExpunge).ifPresent(refused -> keys.forEach(memory::processed));
    }

    private Optional<MailboxName> trash(String mailbox) throws IOException {
        if (trash == null) {
            trash = client.list("", "*").stream()
                    .filter(info -> info.isSelectable() && info.attributes().contains(TRASH))
                    .map(MailboxInfo::name)
                    .findFirst();
            if (trash.isEmpty()) {
                LOG.warn(
                        "{}: no folder is the one for deleted mail (\\Trash), perhaps it is not shown in IMAP; mails are"
                                + " expunged from this folder, and Gmail keeps them among all mails",
                        mailbox);
            }
        }
        return trash;
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

    private void mark(String mailbox, List<ImapMailKey> keys, Flag flag, boolean isProcessed) throws IOException {
        Optional<CommandRefused> refused =
                attempt(mailbox, keys, "marked " + flag, uids -> client.uidStore(uids, FlagChange.add(flag)));
        if (refused.isPresent() && isProcessed) {
            // A folder we must not write to: the mails would come again at every poll.
            keys.forEach(memory::processed);
        }
    }

    /** RFC 3501 §6.4.7: TRYCREATE says that the folder is missing; some servers refuse without saying why. */
    private void transfer(String mailbox, MailboxName to, List<ImapMailKey> keys, String what, Step step)
            throws IOException {
        UidSet uids = uids(keys);
        try {
            step.run(uids);
        } catch (CommandRefused e) {
            if (!e.code().name().isEmpty()
                    && !e.code().is("TRYCREATE")
                    && !e.code().is("NONEXISTENT")) {
                report(mailbox, keys, what, e);
                return;
            }
            try {
                client.create(to);
            } catch (CommandRefused notMade) {
                // It is there, or must not be: then the first answer tells what is wrong. Not tried again, since a move
                // without the extension may have copied already.
                e.addSuppressed(notMade);
                report(mailbox, keys, what, e);
                return;
            }
            LOG.info("{}: made the folder {}", mailbox, to);
            attempt(mailbox, keys, what, step);
        }
    }

    private Optional<CommandRefused> attempt(String mailbox, List<ImapMailKey> keys, String what, Step step)
            throws IOException {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        try {
            step.run(uids(keys));
            return Optional.empty();
        } catch (CommandRefused e) {
            report(mailbox, keys, what, e);
            return Optional.of(e);
        }
    }

    /** Not thrown: the other mails of the batch, and the polls to come, must not suffer. */
    private void report(String mailbox, List<ImapMailKey> keys, String what, CommandRefused e) {
        failures.handleException(
                keys.size() + " mails of " + mailbox + " were processed but cannot be " + what + ": UIDs " + uids(keys),
                e);
    }

    private static UidSet uids(List<ImapMailKey> keys) {
        return UidSet.of(keys.stream().mapToLong(ImapMailKey::uid).toArray());
    }
}
