package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** Whole mails from a queue to a mail server. */
public final class QueueToMail extends RouteBuilder {
    @Override
    public void configure() {
        // transacted: the mail stays on the queue until the mail server has taken it
        from("jms:queue:mail.whole?transacted=true&cacheLevelName=CACHE_CONSUMER")
                .unmarshal()
                .custom("bsmtp")
                .to("smtp:{{smtp.host}}?username={{smtp.user}}&password=RAW({{smtp.password}})");
    }
}
