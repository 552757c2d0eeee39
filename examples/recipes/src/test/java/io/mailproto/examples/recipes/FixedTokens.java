package io.mailproto.examples.recipes;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.OAuthClientAuthenticationFactory;
import org.apache.camel.spi.OAuthClientConfig;

/** Stands in for camel-oauth: the token of the one profile there is. */
public final class FixedTokens implements OAuthClientAuthenticationFactory {
    @Override
    public String resolveToken(OAuthClientConfig configuration) {
        throw new UnsupportedOperationException("only profiles");
    }

    @Override
    public String resolveToken(CamelContext context) {
        throw new UnsupportedOperationException("only profiles with a name");
    }

    @Override
    public String resolveToken(CamelContext context, String profile) {
        if (!profile.equals("m365")) {
            throw new IllegalArgumentException("there is no profile " + profile);
        }
        return MailHouse.PASSWORD;
    }
}
