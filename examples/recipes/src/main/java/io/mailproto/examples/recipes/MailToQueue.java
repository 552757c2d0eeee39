package io.mailproto.examples.recipes;

import io.mailproto.component.MailConstants;
import org.apache.camel.builder.RouteBuilder;

/** Whole mails, with their envelopes, to a queue. */
public final class MailToQueue extends RouteBuilder {
    @Override
    public void configure() {
        // mapMailMessage=false: the body is the mail itself, not its text; bsmtp puts the envelope before its octets,
        // since brokers drop headers
        from("imaps:{{imap.host}}?username={{imap.user}}&password=RAW({{imap.password}})&mapMailMessage=false")
                .setHeader(MailConstants.ENVELOPE_SENDER, constant("bounces@example.org"))
                .setHeader(MailConstants.ENVELOPE_RECIPIENTS, constant("archive@example.org"))
                .marshal()
                .custom("bsmtp")
                .removeHeaders("*")
                .to("jms:queue:mail.whole");
    }
}
