/** The endpoint {@code mx}: mail straight to the mail exchangers of its recipients, or to the mailboxes that are here. */
package io.mailproto.component.mx;
