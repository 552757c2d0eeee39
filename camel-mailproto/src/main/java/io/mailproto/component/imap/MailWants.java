package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.imap.SortOrder;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Which mails a consumer wants, in which order.
 *
 * @param filter asked about a mail's head and what the protocol knows of it
 * @param refused those that the filter did not want in earlier polls
 */
record MailWants(
        MailSearch search,
        Optional<SortOrder> order,
        Optional<BiPredicate<Mail, Map<String, Object>>> filter,
        RefusedMails refused) {}
