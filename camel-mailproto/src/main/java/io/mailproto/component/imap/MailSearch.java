package io.mailproto.component.imap;

import io.mailproto.component.MailSearchTerm;
import io.mailproto.imap.SearchCriteria;
import java.time.Instant;
import java.util.Optional;

/**
 * What a poll looks for; never what is marked for deletion.
 *
 * @param term of the option {@code searchTerm}, or {@code unseen}; empty for seen mails too
 * @param further of the option {@code search}
 */
record MailSearch(Optional<MailSearchTerm> term, Optional<SearchCriteria> further) {
    /** What to ask the server for: all that match, and perhaps some more because of the hour. */
    SearchCriteria criteria(Instant now) {
        SearchCriteria undeleted = SearchCriteria.UNDELETED;
        SearchCriteria usual =
                term.map(wanted -> wanted.criteria(now).and(undeleted)).orElse(undeleted);
        return further.map(usual::and).orElse(usual);
    }

    /** True if no seen mail can be meant. */
    boolean isForUnseenOnly() {
        return term.isPresent() && term.get().isForUnseenOnly();
    }

    /** True if {@link #admits} must be asked about what the server has found. */
    boolean hasMoments() {
        return term.isPresent() && term.get().hasMoments();
    }

    /** True if that needs the field Date. */
    boolean asksWhenSent() {
        return term.isPresent() && term.get().asksWhenSent();
    }

    boolean admits(Optional<Instant> sent, Optional<Instant> received, Instant now) {
        return term.isEmpty() || term.get().admits(sent, received, now);
    }
}
