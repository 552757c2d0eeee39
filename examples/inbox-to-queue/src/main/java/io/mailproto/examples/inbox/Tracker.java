package io.mailproto.examples.inbox;

import io.mailproto.component.Mail;
import io.mailproto.component.MailMessage;
import io.mailproto.examples.inbox.Tally.Station;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.camel.Exchange;

/** The bean that the routes tell what they have done. Thread-safe. */
public final class Tracker {
    private final Tally tally;
    private final OctetCheck check;
    private final boolean learns;

    /** @param learns whether what is received is what has to arrive; false if that is known beforehand */
    Tracker(Tally tally, OctetCheck check, boolean learns) {
        this.tally = tally;
        this.check = check;
        this.learns = learns;
    }

    /** A mail was polled. */
    public void received(Exchange exchange) throws IOException {
        if (learns) {
            Mail mail = exchange.getMessage(MailMessage.class).getMail();
            check.expect(
                    digest(mail), "mail " + exchange.getMessage().getHeader("Message-ID", exchange.getExchangeId()));
        }
        tally.add(Station.RECEIVED, 1);
    }

    /** The summary is on its queue. */
    public void summarised() {
        tally.add(Station.SUMMARISED, 1);
    }

    /** The mail is on its queue. */
    public void queued() {
        tally.add(Station.QUEUED, 1);
    }

    /** A mail comes from the queue; one that this run did not put there was left by an earlier one. */
    public void dequeued(Exchange exchange) throws IOException {
        if (learns) {
            Mail mail = exchange.getMessage().getBody(Mail.class);
            check.expectIfUnknown(digest(mail), "a mail left by an earlier run");
        }
    }

    /** The SMTP server has taken the mail. */
    public void relayed() {
        tally.add(Station.RELAYED, 1);
    }

    /** Our SMTP server has written the mail to its folder. */
    public void delivered() {
        tally.add(Station.DELIVERED, 1);
    }

    static String digest(Mail mail) throws IOException {
        MessageDigest digest = OctetCheck.newSha256();
        mail.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }
}
