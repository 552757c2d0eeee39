/**
 * Internet messages, read and written (RFC 5322, RFC 2045 to 2049, RFC 2231).
 *
 * <p>Reading never copies: {@link io.mailproto.mime.ParsedMail} notes where in the {@link io.mailproto.spool.Octets}
 * each part lies, and a part is decoded while it is read. So a mail of any size costs the memory of its header fields.
 * <pre>
 * Octets ── HeaderFields            the head alone, nothing behind the empty line is touched
 *        └─ ParsedMail ── MimePart  one pass over the boundaries; part = head + range [from, to) of the octets
 *                           └─ open()  range → transfer decoder → InputStream
 * </pre>
 *
 * <p>Whatever exists as mail can be read: what cannot be understood is kept as it is and told in
 * {@link io.mailproto.mime.ParsedMail#problems()}. Exceptions come from the spool only.
 *
 * <p>Writing is strict: {@link io.mailproto.mime.MessageComposer} makes what the RFCs allow or refuses.
 */
package io.mailproto.mime;
