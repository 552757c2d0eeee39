/**
 * From an exchange to a mail and back: who it is for, what it is made of, what a redelivery must know, and the outcome as
 * headers and exceptions. Shared by the endpoint families that send.
 */
package io.mailproto.component.outbound;
