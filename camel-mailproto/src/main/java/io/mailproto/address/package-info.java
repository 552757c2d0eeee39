/** Addresses as envelopes carry them: {@code EmailAddress}, {@code Domain}, {@code Envelope} (RFC 5321 §4.1.2). */
package io.mailproto.address;
