/**
 * The test kit: conversations as text that play either side ({@link io.mailproto.testing.Transcript},
 * {@link io.mailproto.testing.ScriptedPeer}), peers that misbehave, certificates made at run time, and fixtures that
 * start real mail servers on free loopback ports and stop them by their process handle.
 */
package io.mailproto.testing;
