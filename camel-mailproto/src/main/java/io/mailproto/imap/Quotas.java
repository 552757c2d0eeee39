package io.mailproto.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The commands about quotas (RFC 9208, QUOTA). Belongs to the {@link ImapClient} that gave it and follows its rules.
 */
public final class Quotas {
    private final CommandRunner runner;

    Quotas(CommandRunner runner) {
        this.runner = runner;
    }

    /** The quotas that count for a mailbox; empty if there are none. */
    public List<Quota> of(MailboxName mailbox) throws IOException {
        DataCollector answers = new DataCollector("QUOTA", "QUOTAROOT");
        runner.run(ImapCommand.of(ImapVerb.GETQUOTAROOT).mailbox(mailbox), answers);
        return quotas(answers);
    }

    /** The quota of a root, by its name. */
    public List<Quota> ofRoot(String root) throws IOException {
        DataCollector answers = new DataCollector("QUOTA");
        runner.run(ImapCommand.of(ImapVerb.GETQUOTA).string(root), answers);
        return quotas(answers);
    }

    /**
     * Sets the limits of a root; for administrators.
     *
     * @param limits by name, STORAGE in units of 1024 octets; limits that are not named are lifted (RFC 9208 §4.1.3)
     */
    public void set(String root, Map<String, Long> limits) throws IOException {
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, Long> limit : limits.entrySet()) {
            if (!ImapText.isAtom(limit.getKey()) || limit.getValue() < 0) {
                throw new IllegalArgumentException("not a limit: " + ImapText.shown(limit.toString()));
            }
            words.add(limit.getKey() + " " + limit.getValue());
        }
        runner.run(ImapCommand.of(ImapVerb.SETQUOTA).string(root).raw("(" + String.join(" ", words) + ")"));
    }

    private static List<Quota> quotas(DataCollector answers) {
        return answers.all().stream()
                .filter(data -> data.name().equals("QUOTA"))
                .map(data -> Quota.of(data.values()))
                .toList();
    }
}
