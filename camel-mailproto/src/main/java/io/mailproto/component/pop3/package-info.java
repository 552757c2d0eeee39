/**
 * The endpoints {@code pop3} and {@code pop3s}, and their aliases with the prefix {@code mailproto-}: polling a POP3
 * maildrop from Camel routes.
 */
package io.mailproto.component.pop3;
