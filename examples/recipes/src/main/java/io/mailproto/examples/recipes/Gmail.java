package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** Gmail with access tokens. */
public final class Gmail extends RouteBuilder {
    @Override
    public void configure() {
        // gmailTokens: a bean of the type io.mailproto.sasl.TokenSupplier; it is asked at each login
        from("imaps:{{gmail.host}}?username={{gmail.user}}&tokenSupplier=#gmailTokens")
                .to("jms:queue:mail");
    }
}
