package io.mailproto.examples.recipes;

import org.apache.camel.builder.RouteBuilder;

/** Microsoft 365 with an OAuth profile. */
public final class Microsoft365 extends RouteBuilder {
    @Override
    public void configure() {
        // camel-oauth on the class path fetches the tokens; the properties of the profile are camel.oauth.m365.…
        from("imaps:{{m365.host}}?username={{m365.user}}&oauthProfile=m365").to("jms:queue:mail");
    }
}
