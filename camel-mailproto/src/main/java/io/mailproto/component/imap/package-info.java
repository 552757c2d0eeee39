/**
 * The endpoints {@code imap} and {@code imaps}, and their aliases with the prefix {@code mailproto-}: polling an IMAP
 * mailbox from Camel routes.
 */
package io.mailproto.component.imap;
