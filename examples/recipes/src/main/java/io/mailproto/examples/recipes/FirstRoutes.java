package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** The routes of the README. */
public final class FirstRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // IMAP: each unread mail once, its text to a queue; it is marked as read when the route has succeeded
        from("imaps:{{imap.host}}?username={{imap.user}}&password=RAW({{imap.password}})")
                .to("jms:queue:mail");

        // POP3: deleted when the route has succeeded
        from("pop3s:{{pop3.host}}?username={{pop3.user}}&password=RAW({{pop3.password}})&delete=true")
                .to("file:{{folder}}/inbox?fileName=${exchangeId}.txt");

        // SMTP: send
        from("jms:queue:orders")
                .setHeader("Subject", constant("Your order"))
                .to("smtp:{{smtp.host}}?username={{smtp.user}}&password=RAW({{smtp.password}})"
                        + "&from=shop@example.org&to=ann@example.org&useHeaderSubject=true");

        // SMTP: be the server; the client gets its 250 when the route has completed
        from("smtp:{{server.address}}?recipientDomains=example.org")
                .to("file:{{folder}}/received?fileName=${exchangeId}.eml");
    }
}
