/**
 * POP3 as a client speaks it: RFC 1939, with CAPA and PIPELINING (RFC 2449), STLS (RFC 2595), AUTH (RFC 5034) and the
 * extended response codes (RFC 2449 §8, RFC 3206).
 *
 * <p>{@link io.mailproto.pop3.Pop3Client} is one conversation, blocking, with the commands as methods. The other
 * classes are the words of the protocol: {@link io.mailproto.pop3.Pop3Reply},
 * {@link io.mailproto.pop3.Pop3Capabilities}, {@link io.mailproto.pop3.UidListing},
 * {@link io.mailproto.pop3.SizeListing}. They parse whole lines and never touch the network.
 */
package io.mailproto.pop3;
