package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** Only some mails are downloaded. */
public final class FilterBeforeDownload extends RouteBuilder {
    @Override
    public void configure() {
        // decided by header fields, size and flags: what the filter refuses stays on the server as it is
        from("imaps:{{imap.host}}?username={{imap.user}}&password=RAW({{imap.password}})"
                        + "&filterMail=RAW(${header.CamelMailSize} < 1000000 && ${header.Subject} contains 'order')")
                .to("jms:queue:orders.inbox");
    }
}
