/**
 * The words of SMTP (RFC 5321) that client and server share: replies, enhanced status codes, extensions, and the
 * commands with their parameters. Everything that parses in here is pure.
 */
package io.mailproto.smtp;
