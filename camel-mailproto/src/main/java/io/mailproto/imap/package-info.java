/**
 * An IMAP4rev1 client (RFC 3501) with the extensions that polling needs: UIDPLUS, MOVE, ESEARCH, LITERAL+, SASL-IR, ID,
 * UNSELECT.
 *
 * <p>How a response travels:
 *
 * <pre>
 *   octets → ResponseFramer → RawResponse → ResponseParser → ImapResponse → Conversation → ImapClient
 *            lines and          text and      pure, never     a typed        by tag and
 *            literals           literals      blocks          value          by UID
 * </pre>
 *
 * The framer alone decides where a response ends, so that a response nobody understands is skipped without losing
 * the place in the stream. Message bodies go straight to the spool.
 */
package io.mailproto.imap;
