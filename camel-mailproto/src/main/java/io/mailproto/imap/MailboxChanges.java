package io.mailproto.imap;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What has changed in a mailbox since it was last looked at, by mod-sequences (RFC 7162), and changes only of what has not
 * changed. Belongs to the {@link ImapClient} that gave it and follows its rules. Nothing here is switched on before it is
 * used: counting costs servers time.
 */
public final class MailboxChanges {
    private final CommandRunner runner;
    private final Conversation conversation;
    private final Selecting selecting;
    private final MailboxSession mailbox;

    MailboxChanges(CommandRunner runner, Conversation conversation, Selecting selecting, MailboxSession mailbox) {
        this.runner = runner;
        this.conversation = conversation;
        this.selecting = selecting;
        this.mailbox = mailbox;
    }

    /** Does the server count changes (CONDSTORE)? */
    public boolean canCount() {
        Capabilities can = conversation.capabilities();
        // RFC 7162 §3.2: a server with QRESYNC has CONDSTORE, whether it says so or not.
        return can.has("CONDSTORE") || can.has("QRESYNC");
    }

    /** Does the server also remember which messages have gone (QRESYNC)? */
    public boolean canResync() {
        return conversation.capabilities().has("QRESYNC");
    }

    /**
     * Switches extensions on that change what the server sends (RFC 5161). Only those that it offers, and that are not on
     * already, are asked for.
     *
     * @throws IllegalStateException if something is to be switched on and a mailbox is open: RFC 5161 §3.1 forbids it
     * @return those that are on now, of the ones given, in capitals
     */
    public Set<String> enable(Collection<String> extensions) throws IOException {
        Set<String> wanted = new LinkedHashSet<>();
        Set<String> missing = new LinkedHashSet<>();
        for (String extension : extensions) {
            String name = extension.toUpperCase(Locale.ROOT);
            if (!ImapText.isAtom(name)) {
                throw new IllegalArgumentException("not the name of an extension: " + ImapText.shown(extension));
            }
            wanted.add(name);
            if (!conversation.isEnabled(name) && conversation.capabilities().has(name)) {
                missing.add(name);
            }
        }
        Capabilities can = conversation.capabilities();
        // RFC 9051 has ENABLE without saying so.
        if (!missing.isEmpty() && (can.has("ENABLE") || can.has("IMAP4REV2"))) {
            runner.run(ImapCommand.of(ImapVerb.ENABLE).raw(String.join(" ", missing)));
        }
        return wanted.stream().filter(conversation::isEnabled).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Is this extension switched on? */
    public boolean isEnabled(String extension) {
        return conversation.isEnabled(extension.toUpperCase(Locale.ROOT));
    }

    /**
     * Opens a mailbox with CONDSTORE: {@link SelectedMailbox#highestModSeq} is told if the server counts there.
     *
     * @throws CommandRefused also if the server has no CONDSTORE
     */
    public SelectedMailbox select(MailboxName name) throws IOException {
        return selecting.open(ImapVerb.SELECT, name, "(CONDSTORE)", PendingCommand.Listener.NONE);
    }

    /**
     * Opens a mailbox and tells what has changed since (QRESYNC, RFC 7162 §3.2.5). The server tells nothing if UIDVALIDITY
     * is another one by now. The consumers must not use this client; what is told may concern messages that came and went
     * in between, and messages more than once.
     *
     * @param since where the mailbox stood
     * @param changed is given messages that are new or whose flags have changed, with UID, flags and mod-sequence
     * @param vanished is given the UIDs of messages that have gone
     * @throws IllegalStateException if QRESYNC has not been {@link #enable enabled}
     */
    public SelectedMailbox resync(
            MailboxName name, Position since, Consumer<FetchedMessage> changed, Consumer<UidSet> vanished)
            throws IOException {
        if (!isEnabled("QRESYNC")) {
            throw new IllegalStateException("QRESYNC must be enabled before a mailbox is opened with it");
        }
        return selecting.open(ImapVerb.SELECT, name, since.parameter(), listener(changed, vanished));
    }

    private static PendingCommand.Listener listener(Consumer<FetchedMessage> changed, Consumer<UidSet> vanished) {
        return response -> {
            if (response instanceof ImapResponse.Vanished gone && gone.earlier()) {
                vanished.accept(gone.uids());
                return true;
            }
            if (response instanceof ImapResponse.Fetched fetched
                    && fetched.message().uid().isPresent()) {
                changed.accept(fetched.message());
                return true;
            }
            return false;
        };
    }

    /**
     * Where a mailbox stood when it was last looked at.
     *
     * @param uidValidity its UIDVALIDITY
     * @param modSeq the mod-sequence up to which changes are known
     * @param known the messages that are known; empty to be told of new ones too
     */
    public record Position(long uidValidity, long modSeq, UidSet known) {
        public Position {
            if (uidValidity < 1 || uidValidity > NumberRanges.MAX || modSeq < 1) {
                throw new IllegalArgumentException("UIDVALIDITY is 1 to " + NumberRanges.MAX
                        + " and a mod-sequence at least 1, not " + uidValidity + " and " + modSeq);
            }
        }

        private String parameter() {
            return "(QRESYNC (" + uidValidity + " " + modSeq + (known.isEmpty() ? "" : " " + known) + "))";
        }
    }

    /**
     * Tells which of the messages in the selected mailbox are new or have changed (CHANGEDSINCE, RFC 7162 §3.1.4).
     *
     * @param items the mod-sequence is always told beside them
     */
    public void fetchChanged(UidSet uids, long modSeq, FetchItems items, Consumer<FetchedMessage> consumer)
            throws IOException {
        mailbox.finishFetch(mailbox.beginFetch(uids, items, "(CHANGEDSINCE " + checked(modSeq) + ")"), consumer);
    }

    /**
     * The same, and which have gone; needs QRESYNC enabled (RFC 7162 §3.2.6).
     *
     * @param vanished is given the UIDs of messages that have gone, perhaps of more than were known
     */
    public void fetchChanged(
            UidSet uids, long modSeq, FetchItems items, Consumer<FetchedMessage> consumer, Consumer<UidSet> vanished)
            throws IOException {
        FetchInFlight fetch =
                mailbox.beginFetch(uids, items, "(CHANGEDSINCE " + checked(modSeq) + " VANISHED)", vanished);
        mailbox.finishFetch(fetch, consumer);
    }

    /**
     * Changes flags of those messages that nobody has changed since (UNCHANGEDSINCE, RFC 7162 §3.1.3). So a change that
     * was made while not connected does not undo a later one of somebody else.
     *
     * @param modSeq the mod-sequence up to which changes are known; 0 refuses all that have the flag already
     * @return the messages that somebody else has changed, which are as they were
     */
    public UidSet store(UidSet uids, long modSeq, FlagChange change) throws IOException {
        conversation.require(ImapVerb.UID_STORE);
        return mailbox.storeUnchanged(uids, modSeq, change);
    }

    private static long checked(long modSeq) {
        if (modSeq < 1) {
            throw new IllegalArgumentException("a mod-sequence is at least 1, not " + modSeq);
        }
        return modSeq;
    }
}
