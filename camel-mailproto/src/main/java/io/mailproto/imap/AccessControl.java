package io.mailproto.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may do what with a mailbox (RFC 4314, ACL): shared mailboxes. Rights are letters: l see it, r read, s keep seen
 * flags, w other flags, i insert, p post, k make mailboxes below, x delete it, t mark as deleted, e expunge, a
 * administer. Belongs to the {@link ImapClient} that gave it and follows its rules.
 */
public final class AccessControl {
    private final CommandRunner runner;

    AccessControl(CommandRunner runner) {
        this.runner = runner;
    }

    /** All rights on a mailbox, by user or group; a name that begins with a minus is denied them. */
    public Map<String, String> rights(MailboxName mailbox) throws IOException {
        DataCollector answers = new DataCollector("ACL");
        runner.run(ImapCommand.of(ImapVerb.GETACL).mailbox(mailbox), answers);
        Map<String, String> rights = new LinkedHashMap<>();
        for (ImapResponse.Data data : answers.all()) {
            List<ImapValue> values = data.values();
            for (int i = 1; i + 1 < values.size(); i += 2) {
                String who = values.get(i).textOrNull();
                String what = values.get(i + 1).textOrNull();
                if (who != null) {
                    rights.put(who, what == null ? "" : what);
                }
            }
        }
        return rights;
    }

    /** What this user may do with a mailbox. */
    public String myRights(MailboxName mailbox) throws IOException {
        DataCollector answers = new DataCollector("MYRIGHTS");
        runner.run(ImapCommand.of(ImapVerb.MYRIGHTS).mailbox(mailbox), answers);
        return last(answers, 1);
    }

    /** The rights that a user always has on a mailbox. */
    public String requiredRights(MailboxName mailbox, String identifier) throws IOException {
        DataCollector answers = new DataCollector("LISTRIGHTS");
        runner.run(ImapCommand.of(ImapVerb.LISTRIGHTS).mailbox(mailbox).string(identifier), answers);
        return last(answers, 2);
    }

    private static String last(DataCollector answers, int index) {
        String text = "";
        for (ImapResponse.Data data : answers.all()) {
            String told =
                    index < data.values().size() ? data.values().get(index).textOrNull() : null;
            text = told == null ? text : told;
        }
        return text;
    }

    /**
     * Grants rights.
     *
     * @param identifier a user, a group or {@code anyone}
     * @param rights letters, with a plus or minus in front to add or take away, else instead of those there are
     */
    public void set(MailboxName mailbox, String identifier, String rights) throws IOException {
        runner.run(ImapCommand.of(ImapVerb.SETACL)
                .mailbox(mailbox)
                .string(identifier)
                .string(rights));
    }

    /** Takes all rights from somebody. */
    public void remove(MailboxName mailbox, String identifier) throws IOException {
        runner.run(ImapCommand.of(ImapVerb.DELETEACL).mailbox(mailbox).string(identifier));
    }
}
