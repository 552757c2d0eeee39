package io.mailproto.wire;

import java.time.Duration;

/** Where a {@link LineReader} gets its octets, and in whose name it fails. */
interface OctetSource {

    /** Reads at least one octet; blocks; -1 at the end. */
    int receive(byte[] buffer, int offset, int length) throws WireException;

    /** Like {@link #receive}, but for at most so long; 0 if nothing came. */
    int receiveWithin(Duration time, byte[] buffer, int offset, int length) throws WireException;

    /** What to throw when the octets end in the middle of something. */
    ConnectionLost endOfStream();

    /** What to throw when there is more than is taken. */
    LimitExceeded tooMuch(String what);
}
