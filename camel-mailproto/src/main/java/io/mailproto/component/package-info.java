/**
 * What the Camel endpoints share: the received message as a route sees it, its headers and conversions, the polling of
 * mailboxes with acknowledgement after the route, and the options all schemes have. This room and those below it are
 * the only ones that know Camel.
 */
package io.mailproto.component;
