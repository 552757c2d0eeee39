/**
 * What the DNS says about mail: which hosts take it for a domain, and their addresses. {@code MailExchangers} is the
 * question, {@code DnsMailExchangers} asks real servers; the only room that knows dnsjava.
 */
package io.mailproto.dns;
