package io.mailproto.component.imap;

import io.mailproto.imap.SortOrder;
import java.util.Optional;

/**
 * Which mails a consumer wants, in which order.
 *
 * @param refused those that the filter did not want in earlier polls
 */
record MailWants(MailSearch search, Optional<SortOrder> order, Optional<MailFilter> filter, RefusedMails refused) {}
