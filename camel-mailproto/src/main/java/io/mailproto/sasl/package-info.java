/**
 * SASL mechanisms (RFC 4422), client and server half, and the credentials they carry. Nothing in here does I/O and
 * nothing knows how a protocol frames the exchange: base64, continuation lines and cancelling are the protocol's.
 */
package io.mailproto.sasl;
