package io.mailproto.component.outbound;

import org.apache.camel.Endpoint;
import org.apache.camel.util.URISupport;

/**
 * Which endpoint it is.
 *
 * @param name for people: scheme, host and port, without options and secrets
 * @param key for what an exchange remembers: differs if any option differs, and shows none. Camel's own way to hide what is
 *     secret in a URI also hides the port before a {@code to=name@host}, so it cannot tell two servers on one host apart
 */
public record EndpointIdentity(String name, String key) {

    public static EndpointIdentity of(Endpoint endpoint) {
        String name = URISupport.sanitizeUri(endpoint.getEndpointBaseUri());
        return new EndpointIdentity(
                name, name + "#" + Integer.toHexString(endpoint.getEndpointUri().hashCode()));
    }
}
