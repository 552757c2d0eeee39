/**
 * Octets that are in memory up to a threshold, then in a file: written once, read many times, released once. Every
 * message lives here between the protocol and the route. Knows nothing about mail.
 */
package io.mailproto.spool;
