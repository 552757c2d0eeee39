package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** A relay: what one server receives another one gets, octet for octet and with the same envelope. */
public final class ForwardUnchanged extends RouteBuilder {
    @Override
    public void configure() {
        // maxRecipients=1: one answer cannot speak for several recipients; clients send the mail once for each of them
        from("smtp:{{server.address}}?recipientDomains=example.org&maxRecipients=1")
                .to("smtp:{{smtp.host}}?username={{smtp.user}}&password=RAW({{smtp.password}})");
    }
}
