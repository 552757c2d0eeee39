package io.mailproto.smtp.mx;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.dns.DnsAnswer;
import io.mailproto.dns.MailExchangers;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.RecipientResult.Outcome;
import io.mailproto.smtp.client.SmtpContentFailed;
import io.mailproto.smtp.client.SmtpOutcomeUnknown;
import io.mailproto.smtp.client.SmtpRefused;
import io.mailproto.smtp.client.SmtpRequirementUnmet;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.ConnectFailed;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFailed;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail for the recipients of one domain: the hosts are tried in turn until nobody is left to deliver to.
 *
 * <pre>
 * said about                            means
 * connection, greeting, EHLO, STARTTLS  this host does not serve us, 4yz or 5yz: the next one (RFC 5321 §5.1, RFC 7504 §4)
 * MAIL, DATA, the message   4yz, 421    the next one
 *                           5yz         final for all who are left
 * RCPT                      4yz         the next one, for this recipient
 *                           5yz         final for this recipient
 * the end of the message    no reply    nobody knows: final, never sent again
 * </pre>
 *
 * <p>When all hosts have been tried, recipients are refused for now if anything on the way was transient, else for good.
 */
final class DomainDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(DomainDelivery.class);

    private final Domain domain;
    private final Outgoing mail;
    private final MailExchangers exchangers;
    private final MxOptions options;
    private final MxConnector connector;
    private final Deadline end;
    private final MxOutcome outcome;

    /** Who has not been answered for finally. */
    private final Set<EmailAddress> open;
    /** What a host has said about a recipient, to be outdone by the next. */
    private final Map<EmailAddress, Reply> forNow = new HashMap<>();

    private HostPort lastHost;
    private Reply lastTransient;
    private Reply lastPermanent;
    private int attempts;

    DomainDelivery(
            Domain domain,
            List<EmailAddress> recipients,
            Outgoing mail,
            MailExchangers exchangers,
            MxOptions options,
            MxConnector connector,
            Deadline end,
            MxOutcome outcome) {
        this.domain = domain;
        this.open = new LinkedHashSet<>(recipients);
        this.mail = mail;
        this.exchangers = exchangers;
        this.options = options;
        this.connector = connector;
        this.end = end;
        this.outcome = outcome;
        this.lastHost = new HostPort(domain.isNone() ? "localhost" : domain.ascii(), options.port());
    }

    void run(MxRoute route) {
        if (route.refusal() != null) {
            note(route.refusal());
        }
        for (MxRoute.Host host : route.hosts()) {
            if (!isWorthGoingOn()) {
                break;
            }
            tryHost(host);
        }
        giveUp();
    }

    private boolean isWorthGoingOn() {
        if (open.isEmpty()) {
            return false;
        }
        if (attempts >= options.limits().attempts()) {
            note(MxReplies.of(451, "4.4.1", "given up for now after " + attempts + " connections for " + domain));
            return false;
        }
        if (end.isOver()) {
            note(MxReplies.of(451, "4.4.7", "given up for now after " + end + " (deliveryTimeout)"));
            return false;
        }
        return true;
    }

    private void tryHost(MxRoute.Host host) {
        HostPort peer = new HostPort(host.name(), options.port());
        for (InetAddress address : addresses(host, peer)) {
            if (!isWorthGoingOn()) {
                return;
            }
            attempts++;
            tryAddress(peer, address);
        }
    }

    // ---- addresses

    private List<InetAddress> addresses(MxRoute.Host host, HostPort peer) {
        Optional<List<InetAddress>> known = host.known();
        DnsAnswer<InetAddress> answer =
                known.isPresent() ? DnsAnswer.of(known.get()) : exchangers.lookupAddresses(host.name());
        if (answer.kind() == DnsAnswer.Kind.FAILED) {
            note(peer, MxReplies.of(451, "4.4.3", "no address of " + host.name() + " is known: " + answer.reason()));
            return List.of();
        }
        if (!answer.isFound()) {
            note(peer, MxReplies.of(550, "5.4.4", "the mail exchanger " + host.name() + " has no address"));
            return List.of();
        }
        List<InetAddress> allowed =
                answer.records().stream().filter(options.scope()::allows).toList();
        if (allowed.isEmpty()) {
            note(
                    peer,
                    MxReplies.of(
                            550,
                            "5.4.4",
                            host.name() + " has only addresses that mail is not delivered to (addressScope), such as "
                                    + answer.records().get(0).getHostAddress()));
            return List.of();
        }
        List<InetAddress> mixed = alternating(allowed);
        return mixed.subList(0, Math.min(mixed.size(), options.limits().addresses()));
    }

    /** IPv4, IPv6, IPv4 and so on: whichever of the two does not work here costs one attempt before the other gets one. */
    private static List<InetAddress> alternating(List<InetAddress> addresses) {
        List<InetAddress> ipv4 = addresses.stream()
                .filter(address -> !(address instanceof Inet6Address))
                .toList();
        List<InetAddress> ipv6 =
                addresses.stream().filter(Inet6Address.class::isInstance).toList();
        List<InetAddress> mixed = new ArrayList<>();
        for (int i = 0; i < Math.max(ipv4.size(), ipv6.size()); i++) {
            if (i < ipv4.size()) {
                mixed.add(ipv4.get(i));
            }
            if (i < ipv6.size()) {
                mixed.add(ipv6.get(i));
            }
        }
        return mixed;
    }

    // ---- one attempt

    private void tryAddress(HostPort peer, InetAddress address) {
        List<EmailAddress> now = List.copyOf(open);
        try {
            TransactionReport report = connector.use(
                    peer,
                    address,
                    client -> client.send(mail.envelope().withRecipients(now), mail.content(), mail.request()));
            outcome.taken(report);
            report.recipients().forEach(this::take);
        } catch (SmtpOutcomeUnknown unknown) {
            outcome.failed(unknown);
            takeUnknown(unknown.report());
        } catch (SmtpRefused refused) {
            outcome.failed(refused);
            takeRefusal(peer, refused);
        } catch (SmtpContentFailed failed) {
            // The next host would not get it either.
            outcome.failed(failed);
            closeAll(peer, MxReplies.of(554, "5.6.0", "the message cannot be sent: " + failed.getMessage()));
        } catch (SmtpRequirementUnmet unmet) {
            outcome.failed(unmet);
            note(peer, MxReplies.of(unmet.isTransient() ? 451 : 554, statusOf(unmet), unmet.getMessage()));
        } catch (WireException lost) {
            outcome.failed(lost);
            note(peer, replyFor(lost));
        } catch (IOException e) {
            // A source of the message that fails in its own way.
            outcome.failed(e);
            note(peer, MxReplies.of(451, "4.3.0", String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException impossible) {
            // Nothing that the envelope could be written into as a command; the conversation was in order.
            outcome.failed(impossible);
            closeAll(peer, MxReplies.of(553, "5.1.3", String.valueOf(impossible.getMessage())));
        }
        LOG.debug("{} at {}: {} of {} recipients left", peer, address.getHostAddress(), open.size(), now.size());
    }

    private void take(RecipientResult result) {
        switch (result.outcome()) {
            case ACCEPTED, REFUSED -> settle(result);
            case REFUSED_FOR_NOW -> forNow.put(result.recipient(), result.rcptReply());
            case NOT_TRIED, UNKNOWN -> {
                // The next host is asked, if there is one.
            }
        }
    }

    /** Whoever had not been refused before the end of the message may have got it. */
    private void takeUnknown(TransactionReport report) {
        if (report.isTaken()) {
            outcome.taken(report);
        }
        for (RecipientResult result : report.recipients()) {
            if (result.isRefused() || (report.isTaken() && result.isAccepted())) {
                take(result);
            } else {
                settle(new RecipientResult(result.recipient(), Outcome.UNKNOWN, null));
            }
        }
    }

    private void takeRefusal(HostPort peer, SmtpRefused refused) {
        Reply reply = refused.reply();
        outcome.refused(peer, reply);
        if (refused.report().isEmpty()) {
            note(peer, reply);
            return;
        }
        boolean isFinal = refused.retry() == SmtpRefused.Retry.NEVER;
        for (RecipientResult result : refused.report().get().recipients()) {
            if (result.isRefused()) {
                take(result);
            } else if (isFinal) {
                settle(new RecipientResult(result.recipient(), Outcome.REFUSED, reply));
            } else if (reply.isTransient()) {
                forNow.put(result.recipient(), reply);
            }
        }
        note(peer, reply);
    }

    private static String statusOf(SmtpRequirementUnmet unmet) {
        return switch (unmet.requirement()) {
            case TLS -> "5.7.10";
            case REQUIRETLS -> "5.7.30";
            case SIZE -> "5.3.4";
            case SMTPUTF8 -> "5.6.7";
            case EIGHT_BIT_MIME -> "5.6.3";
            case PROTECTED_LOGIN, MECHANISM, SERVER_PROOF -> "5.7.0";
            case TOKEN -> "4.7.0";
        };
    }

    private static Reply replyFor(WireException lost) {
        if (lost instanceof TlsFailed) {
            return MxReplies.of(451, "4.7.5", lost.getMessage());
        }
        if (!lost.isTransient()) {
            return MxReplies.of(554, "5.5.0", lost.getMessage());
        }
        return MxReplies.of(451, lost instanceof ConnectFailed ? "4.4.1" : "4.4.2", lost.getMessage());
    }

    // ---- what it comes to

    private void settle(RecipientResult result) {
        open.remove(result.recipient());
        outcome.settle(result);
    }

    private void closeAll(HostPort peer, Reply reply) {
        outcome.refused(peer, reply);
        List.copyOf(open).forEach(recipient -> settle(new RecipientResult(recipient, Outcome.REFUSED, reply)));
    }

    private void note(HostPort host, Reply reply) {
        lastHost = host;
        note(reply);
    }

    private void note(Reply reply) {
        if (reply.isTransient()) {
            lastTransient = reply;
        } else {
            lastPermanent = reply;
        }
    }

    private void giveUp() {
        for (EmailAddress recipient : List.copyOf(open)) {
            Reply own = forNow.get(recipient);
            Reply reply = own != null ? own : lastTransient != null ? lastTransient : lastPermanent;
            if (reply == null) {
                // Only a host that takes the message and answers for nobody leaves nothing to say.
                reply = MxReplies.of(451, "4.4.0", "no mail exchanger of " + domain + " has answered for it");
            }
            boolean isForNow = own != null || reply.isTransient();
            outcome.refused(lastHost, reply);
            settle(new RecipientResult(recipient, isForNow ? Outcome.REFUSED_FOR_NOW : Outcome.REFUSED, reply));
        }
    }
}
