package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** A relay that changes one header field; every other octet of the mail stays as it is. */
public final class ChangeSubject extends RouteBuilder {
    @Override
    public void configure() {
        from("smtp:{{server.address}}?recipientDomains=example.org&maxRecipients=1")
                .setHeader("Subject", simple("[checked] ${header.Subject}"))
                .to("smtp:{{smtp.host}}?username={{smtp.user}}&password=RAW({{smtp.password}})");
    }
}
