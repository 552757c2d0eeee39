package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** Mail with text and HTML from templates. */
public final class MailFromTemplate extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:order")
                .setHeader("customer", simple("${body}"))
                .setHeader("CamelMailAlternativeBody", simple("resource:classpath:order.txt"))
                .setBody(simple("resource:classpath:order.html"))
                .to(
                        "smtp:{{smtp.host}}?username={{smtp.user}}&password=RAW({{smtp.password}})"
                                + "&from=shop@example.org&to=ann@example.org&subject=Your order&contentType=text/html; charset=UTF-8");
    }
}
