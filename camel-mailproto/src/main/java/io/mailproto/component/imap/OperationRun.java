package io.mailproto.component.imap;

import io.mailproto.component.MailConstants;
import io.mailproto.imap.CopiedUids;
import io.mailproto.imap.FlagChange;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.LabelChange;
import io.mailproto.imap.ListQuery;
import io.mailproto.imap.MailboxInfo;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.MessageSearch.Threading;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.imap.SelectedMailbox;
import io.mailproto.imap.SpecialUse;
import io.mailproto.imap.StatusItem;
import io.mailproto.imap.UidSet;
import io.mailproto.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;

/** One operation for one message, in a session. What is found becomes the body; where nothing is found it stays. */
final class OperationRun {
    private final ProducerSession session;
    private final ImapClient client;
    private final OperationOrder order;
    private final Message message;
    private final Spool spool;
    private final HeaderFilterStrategy filter;

    OperationRun(ProducerSession session, OperationOrder order, Spool spool, HeaderFilterStrategy filter) {
        this.filter = filter;
        this.session = session;
        this.client = session.client();
        this.order = order;
        this.message = order.message();
        this.spool = spool;
    }

    void run(ImapOperation operation) throws IOException {
        switch (operation) {
            case APPEND -> new MailAppending(session, order, spool, filter).run();
            case FETCH ->
                new MailFetching(client, order, spool)
                        .run(openFolderOfMails(!order.configuration().isPeek()));
            case SEARCH -> message.setBody(search());
            case SORT -> {
                openFolderOfMails(false);
                message.setBody(list(client.uidSort(order.order(), order.criteria())));
            }
            case THREAD -> {
                openFolderOfMails(false);
                message.setBody(client.searches().threads(threading(), order.criteria()));
            }
            case STORE -> store();
            case COPY, MOVE -> transfer(operation == ImapOperation.MOVE);
            case DELETE -> delete();
            case EXPUNGE -> expunge();
            case CREATE -> client.mailboxes().create(order.folder());
            case RENAME -> {
                session.leave(order.folder());
                client.mailboxes().rename(order.folder(), order.target());
            }
            case REMOVE -> {
                session.leave(order.folder());
                client.mailboxes().delete(order.folder());
            }
            case LIST ->
                message.setBody(client.mailboxes()
                        .list(ListQuery.of(
                                order.text(MailConstants.IMAP_PATTERN).orElse("*"))));
            case STATUS -> {
                session.leave(order.folder());
                message.setBody(client.mailboxes()
                        .status(
                                order.folder(),
                                List.of(
                                        StatusItem.MESSAGES,
                                        StatusItem.UNSEEN,
                                        StatusItem.UIDNEXT,
                                        StatusItem.UIDVALIDITY,
                                        StatusItem.SIZE,
                                        StatusItem.HIGHESTMODSEQ,
                                        StatusItem.MAILBOXID)));
            }
            case SUBSCRIBE -> client.mailboxes().subscribe(order.folder());
            case UNSUBSCRIBE -> client.mailboxes().unsubscribe(order.folder());
            case QUOTA -> message.setBody(client.quotas().of(order.folder()));
            case ACL -> acl();
            case NAMESPACE -> message.setBody(client.mailboxes().namespaces());
            case ID -> message.setBody(client.id());
            case CAPABILITY -> message.setBody(client.askCapabilities().names());
            case NOOP -> client.noop();
            case LOGOUT -> throw new IllegalStateException("ends a session and does not run in one");
        }
    }

    /** UIDs of another UIDVALIDITY are names of other mails, or of none (RFC 3501 §2.3.1.1). */
    private SelectedMailbox openFolderOfMails(boolean toChange) throws IOException {
        SelectedMailbox opened = session.open(order.folderOfMails(), toChange);
        OptionalLong expected = order.expectedValidity();
        if (expected.isPresent() && opened.uidValidity() != expected.getAsLong()) {
            throw new IOException(client.peer() + ": opening " + opened.name() + ": its UIDVALIDITY is "
                    + opened.uidValidity() + " and no longer " + expected.getAsLong()
                    + ", so the mail cannot be found by its UID; nothing has been done");
        }
        return opened;
    }

    private List<Long> search() throws IOException {
        openFolderOfMails(false);
        Optional<long[]> page = order.page();
        return list(
                page.isPresent()
                        ? client.searches().page(order.criteria(), page.get()[0], page.get()[1])
                        : client.uidSearch(order.criteria()));
    }

    private static List<Long> list(UidSet found) {
        long[] uids = new long[Math.toIntExact(found.count())];
        int i = 0;
        for (PrimitiveIterator.OfLong each = found.iterator(); each.hasNext(); ) {
            uids[i++] = each.nextLong();
        }
        return list(uids);
    }

    private static List<Long> list(long[] uids) {
        List<Long> list = new ArrayList<>(uids.length);
        for (long uid : uids) {
            list.add(uid);
        }
        return list;
    }

    private Threading threading() {
        Optional<Threading> told = order.threading();
        if (told.isPresent()) {
            return told.get();
        }
        return client.searches().canThread(Threading.REFERENCES) ? Threading.REFERENCES : Threading.ORDEREDSUBJECT;
    }

    private void store() throws IOException {
        openFolderOfMails(true);
        UidSet uids = order.uids();
        if (order.unchangedSince().isPresent()) {
            if (!client.changes().canCount()) {
                throw new IOException(
                        client.peer() + ": changing flags: the server has no CONDSTORE, so it cannot leave"
                                + " mails alone that others have changed; nothing has been done");
            }
            UidSet modified = client.changes()
                    .store(uids, order.unchangedSince().getAsLong(), new FlagChange(order.change(), order.flags()));
            message.setHeader(MailConstants.IMAP_RESULT, list(modified));
            return;
        }
        if (!order.flags().isEmpty() || order.labels().isEmpty()) {
            client.uidStore(uids, new FlagChange(order.change(), order.flags()));
        }
        if (!order.labels().isEmpty()) {
            client.uidStore(uids, new LabelChange(order.change(), order.labels()));
        }
    }

    private void transfer(boolean move) throws IOException {
        openFolderOfMails(move);
        MailboxName target = order.target();
        CopiedUids[] copied = new CopiedUids[1];
        session.makingFolder(
                target,
                () -> copied[0] = move ? client.uidMove(order.uids(), target) : client.uidCopy(order.uids(), target));
        message.setHeader(MailConstants.IMAP_RESULT, copied[0]);
    }

    /** Deviation: on Gmail \Deleted and EXPUNGE take a label away; only mails in its trash are removed. */
    private void delete() throws IOException {
        openFolderOfMails(true);
        Optional<MailboxInfo> trash =
                client.capabilities().has("X-GM-EXT-1") ? client.mailboxes().find(SpecialUse.TRASH) : Optional.empty();
        if (trash.isPresent() && !trash.get().name().equals(order.folderOfMails())) {
            client.uidMove(order.uids(), trash.get().name());
            message.setHeader(MailConstants.IMAP_RESULT, true);
        } else {
            message.setHeader(MailConstants.IMAP_RESULT, client.uidExpunge(order.uids()));
        }
    }

    private void expunge() throws IOException {
        openFolderOfMails(true);
        Optional<UidSet> told = order.optionalUids();
        UidSet marked = told.isPresent() ? told.get() : client.uidSearch(SearchCriteria.parse("DELETED"));
        if (!marked.isEmpty()) {
            client.uidExpungeMarked(marked);
        }
    }

    private void acl() throws IOException {
        MailboxName folder = order.folder();
        Optional<String> who = order.text(MailConstants.IMAP_ACL_IDENTIFIER);
        Optional<String> rights = order.text(MailConstants.IMAP_ACL_RIGHTS);
        if (who.isPresent() && rights.isPresent()) {
            if (rights.get().isBlank()) {
                client.access().remove(folder, who.get());
            } else {
                client.access().set(folder, who.get(), rights.get().strip());
            }
            return;
        }
        Map<String, String> all = client.access().rights(folder);
        message.setBody(who.isPresent() ? all.getOrDefault(who.get(), "") : all);
    }
}
