/**
 * Delivery to the mail exchangers of each recipient's domain (RFC 5321 §5): {@code RoutePlanner} finds the hosts, {@code
 * MxDelivery} tries them one after the other, {@code MxOutcome} gathers what became of each recipient.
 */
package io.mailproto.smtp.mx;
