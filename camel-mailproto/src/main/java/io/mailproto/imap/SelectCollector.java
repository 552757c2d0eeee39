package io.mailproto.imap;

import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects what SELECT tells in untagged responses (RFC 3501 §6.3.1). */
final class SelectCollector implements PendingCommand.Listener {
    private final MailboxName name;
    private final PendingCommand.Listener more;
    private boolean isReadOnly;
    private long exists;
    private long uidValidity;
    private long uidNext;
    private OptionalLong highestModSeq = OptionalLong.empty();
    private Set<Flag> flags = Set.of();
    private Set<Flag> permanentFlags;

    /** @param more is asked about what says nothing here */
    SelectCollector(MailboxName name, boolean isReadOnly, PendingCommand.Listener more) {
        this.name = name;
        this.more = more;
        this.isReadOnly = isReadOnly;
    }

    @Override
    public boolean take(ImapResponse response) {
        if (response instanceof ImapResponse.Exists told) {
            exists = told.messages();
        } else if (response instanceof ImapResponse.FlagList told) {
            flags = told.flags();
        } else if (response instanceof ImapResponse.Notice notice) {
            code(notice.text().code());
        } else {
            return more.take(response);
        }
        return true;
    }

    private void code(ResponseCode code) {
        switch (code.name()) {
            case "UIDVALIDITY" -> uidValidity = code.number();
            case "UIDNEXT" -> uidNext = code.number();
            case "READ-ONLY" -> isReadOnly = true;
            case "PERMANENTFLAGS" ->
                permanentFlags = code.words().stream()
                        .map(word -> word.replaceAll("[()]", ""))
                        .filter(word -> !word.isEmpty())
                        .map(Flag::new)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
            case "HIGHESTMODSEQ" ->
                highestModSeq = ModSequence.parse(code.arguments().strip());
            case "NOMODSEQ" -> highestModSeq = OptionalLong.empty();
            default -> {
                // Others (UNSEEN, CLOSED, …) say nothing that is used here.
            }
        }
    }

    SelectedMailbox selected(ResponseCode completion) {
        code(completion);
        return new SelectedMailbox(
                name,
                exists,
                uidValidity,
                uidNext < 1 ? OptionalLong.empty() : OptionalLong.of(uidNext),
                flags,
                // RFC 3501 §6.3.1: if it is missing, assume that all flags can be changed.
                permanentFlags == null ? flags : permanentFlags,
                isReadOnly,
                highestModSeq);
    }
}
