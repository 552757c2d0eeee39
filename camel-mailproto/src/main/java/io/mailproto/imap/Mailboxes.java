package io.mailproto.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The commands about mailboxes as such (RFC 3501 §6.3 and extensions). Belongs to the {@link ImapClient} that gave it and
 * follows its rules: blocks, for one thread, {@link CommandRefused} when the server says no.
 */
public final class Mailboxes {
    private final CommandRunner runner;
    private final Conversation conversation;

    Mailboxes(CommandRunner runner, Conversation conversation) {
        this.runner = runner;
        this.conversation = conversation;
    }

    /**
     * The mailboxes that a query asks for, each once, in the order of the server. Servers without LIST-EXTENDED are asked
     * with LIST or LSUB for each pattern, those without LIST-STATUS with STATUS for each mailbox that can be selected;
     * one whose STATUS is refused is told without it.
     */
    public List<MailboxInfo> list(ListQuery query) throws IOException {
        Capabilities can = conversation.capabilities();
        boolean extended = can.has("LIST-EXTENDED") || can.has("IMAP4REV2");
        boolean withStatus = can.has("LIST-STATUS") || can.has("IMAP4REV2");
        List<StatusItem> items =
                query.status().stream().filter(item -> item.isOffered(can)).toList();
        Collector found = new Collector();
        if (extended) {
            runner.run(extended(query, withStatus ? items : List.of(), can), found);
        } else {
            // RFC 3501 §6.3.9: LSUB tells subscriptions, also to what is no more.
            ImapVerb verb = query.subscribedOnly() ? ImapVerb.LSUB : ImapVerb.LIST;
            for (String pattern : query.wirePatterns()) {
                runner.run(
                        ImapCommand.of(verb)
                                .string(ModifiedUtf7.encode(query.reference()))
                                .string(pattern),
                        found);
            }
        }
        List<MailboxInfo> mailboxes = new ArrayList<>();
        for (MailboxInfo info : found.mailboxes()) {
            MailboxInfo told = query.subscribedOnly() ? info.subscribed() : info;
            if (!query.specialUseOnly() || !told.specialUses().isEmpty()) {
                boolean ask = !items.isEmpty()
                        && !(extended && withStatus)
                        && told.isSelectable()
                        && told.status().isEmpty();
                mailboxes.add(ask ? withStatus(told, items) : told);
            }
        }
        return mailboxes;
    }

    private static ImapCommand extended(ListQuery query, List<StatusItem> items, Capabilities can) {
        ImapCommand command = ImapCommand.of(ImapVerb.LIST);
        if (query.subscribedOnly()) {
            command.raw("(SUBSCRIBED)");
        } else if (query.specialUseOnly() && can.has("SPECIAL-USE")) {
            command.raw("(SPECIAL-USE)");
        }
        command.string(ModifiedUtf7.encode(query.reference()));
        List<String> patterns = query.wirePatterns();
        if (patterns.size() == 1) {
            command.string(patterns.get(0));
        } else {
            command.raw("(").tight();
            patterns.forEach(command::string);
            command.tight().raw(")");
        }
        List<String> wanted = new ArrayList<>();
        if (can.has("SPECIAL-USE")) {
            wanted.add("SPECIAL-USE");
        }
        if (!items.isEmpty()) {
            wanted.add("STATUS (" + words(items) + ")");
        }
        return wanted.isEmpty() ? command : command.raw("RETURN (" + String.join(" ", wanted) + ")");
    }

    private MailboxInfo withStatus(MailboxInfo info, List<StatusItem> items) throws IOException {
        try {
            return info.with(status(info.name(), items));
        } catch (CommandRefused e) {
            // Seen for mailboxes without the right to read; the others are still worth telling.
            return info;
        }
    }

    /** Takes LIST and STATUS, whichever comes first. */
    private static final class Collector implements PendingCommand.Listener {
        private final Map<MailboxName, MailboxInfo> listed = new LinkedHashMap<>();
        private final Map<MailboxName, MailboxStatus> statuses = new LinkedHashMap<>();

        @Override
        public boolean take(ImapResponse response) {
            if (response instanceof ImapResponse.Listing listing) {
                listed.putIfAbsent(listing.info().name(), listing.info());
            } else if (response instanceof ImapResponse.StatusOf status) {
                statuses.put(status.status().name(), status.status());
            } else {
                return false;
            }
            return true;
        }

        List<MailboxInfo> mailboxes() {
            List<MailboxInfo> all = new ArrayList<>();
            for (MailboxInfo info : listed.values()) {
                MailboxStatus status = statuses.get(info.name());
                all.add(status == null ? info : info.with(status));
            }
            return all;
        }
    }

    /**
     * The mailbox that is for something, if the server tells of one: the first of several.
     */
    public Optional<MailboxInfo> find(SpecialUse use) throws IOException {
        return list(ListQuery.of("*")).stream()
                .filter(info -> info.isFor(use) && info.isSelectable())
                .findFirst();
    }

    /**
     * Facts about a mailbox without opening it; do not ask about the selected one (RFC 3501 §6.3.10).
     *
     * @param items those that the server does not offer are left out
     */
    public MailboxStatus status(MailboxName name, Collection<StatusItem> items) throws IOException {
        List<StatusItem> offered = items.stream()
                .filter(item -> item.isOffered(conversation.capabilities()))
                .toList();
        List<MailboxStatus> answers = new ArrayList<>();
        ImapCommand command = ImapCommand.of(ImapVerb.STATUS)
                .mailbox(name)
                .raw("(" + words(offered.isEmpty() ? List.of(StatusItem.MESSAGES) : offered) + ")");
        runner.run(command, response -> {
            if (response instanceof ImapResponse.StatusOf status) {
                answers.add(status.status());
                return true;
            }
            return false;
        });
        if (answers.isEmpty() && offered.size() > 1 && offered.contains(StatusItem.MAILBOXID)) {
            // Deviation: Cyrus 3.6 answers with an identifier of memory that it has freed, in which nothing can be
            // read.
            return status(
                    name,
                    offered.stream()
                            .filter(item -> item != StatusItem.MAILBOXID)
                            .toList());
        }
        return answers.isEmpty() ? new MailboxStatus(name, Map.of()) : answers.get(answers.size() - 1);
    }

    private static String words(Collection<StatusItem> items) {
        return items.stream().map(StatusItem::name).collect(Collectors.joining(" "));
    }

    /**
     * Makes a mailbox, with those above it.
     *
     * @return its identifier, if the server tells one (RFC 8474)
     */
    public Optional<String> create(MailboxName name) throws IOException {
        return mailboxId(runner.run(ImapCommand.of(ImapVerb.CREATE).mailbox(name)));
    }

    /**
     * Makes a mailbox that is for something (RFC 6154 §3).
     *
     * @throws CommandRefused with code USEATTR if the server does not want it to be for that
     */
    public Optional<String> create(MailboxName name, SpecialUse use) throws IOException {
        return mailboxId(
                runner.run(ImapCommand.of(ImapVerb.CREATE).mailbox(name).raw("(USE (" + use.attribute() + "))")));
    }

    private static Optional<String> mailboxId(ImapResponse.Completion completion) {
        ResponseCode code = completion.text().code();
        return code.is("MAILBOXID") ? Optional.of(code.arguments().replaceAll("[()\\s]", "")) : Optional.empty();
    }

    /** Gives a mailbox and those below it another name; INBOX is emptied into the new one instead (RFC 3501 §6.3.5). */
    public void rename(MailboxName from, MailboxName to) throws IOException {
        runner.run(ImapCommand.of(ImapVerb.RENAME).mailbox(from).mailbox(to));
    }

    /** Removes a mailbox with all its messages; not those below it. */
    public void delete(MailboxName name) throws IOException {
        runner.run(ImapCommand.of(ImapVerb.DELETE).mailbox(name));
    }

    /** Adds a mailbox to those that the user wants to see. */
    public void subscribe(MailboxName name) throws IOException {
        runner.run(ImapCommand.of(ImapVerb.SUBSCRIBE).mailbox(name));
    }

    /** Takes a mailbox out of those that the user wants to see. */
    public void unsubscribe(MailboxName name) throws IOException {
        runner.run(ImapCommand.of(ImapVerb.UNSUBSCRIBE).mailbox(name));
    }

    /** Where mailboxes are (RFC 2342); {@link Namespaces#UNKNOWN} if the server tells nothing. */
    public Namespaces namespaces() throws IOException {
        DataCollector answers = new DataCollector("NAMESPACE");
        runner.run(ImapCommand.of(ImapVerb.NAMESPACE), answers);
        return answers.all().isEmpty()
                ? Namespaces.UNKNOWN
                : Namespaces.of(answers.all().get(0).values());
    }
}
