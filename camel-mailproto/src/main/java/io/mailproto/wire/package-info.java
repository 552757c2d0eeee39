/**
 * Bytes, lines, limits, deadlines and TLS: a {@link io.mailproto.wire.Connection} is one conversation, read through a
 * {@link io.mailproto.wire.LineReader} and written through a {@link io.mailproto.wire.LineWriter}, every step of it
 * within a {@link io.mailproto.wire.Deadline}. The only room with a socket; it knows no mail protocol.
 */
package io.mailproto.wire;
