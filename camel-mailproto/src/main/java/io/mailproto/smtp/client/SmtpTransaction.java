package io.mailproto.smtp.client;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.wire.Connection;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One mail transaction (RFC 5321 §3.3): MAIL, RCPT…, DATA, the message.
 *
 * <p>Commands go out in flights: several at a time if the server offers PIPELINING, else one by one; either way the
 * replies of a flight are read before the next is written, and a flight is small, so that never both sides are blocked
 * in writing (RFC 2920 §3.1).
 */
final class SmtpTransaction {
    /** Octets of commands in one flight; below every send buffer there is. */
    private static final int FLIGHT = 4096;

    private record Command(SmtpPhase phase, EmailAddress recipient, String line) {}

    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final Extensions extensions;
    private final Envelope envelope;
    private final MessageContent content;

    private final List<RecipientResult> results = new ArrayList<>();
    private Reply mailReply;
    private Reply dataReply;
    private boolean isOpen;

    SmtpTransaction(
            SmtpDialogue dialogue,
            SmtpClientOptions options,
            Extensions extensions,
            Envelope envelope,
            MessageContent content) {
        this.dialogue = dialogue;
        this.options = options;
        this.extensions = extensions;
        this.envelope = envelope;
        this.content = content;
    }

    /** Has the server a transaction that must be reset before the next one? */
    boolean isOpen() {
        return isOpen;
    }

    /** Did the server take MAIL? If not, it has seen nothing of the message, whatever happened. */
    boolean isBegun() {
        return mailReply != null && mailReply.isPositive();
    }

    TransactionReport run() throws IOException {
        boolean utf8 = needsSmtpUtf8();
        List<Command> commands = commands(utf8);
        dialogue.connection().out().allowUtf8(utf8);
        try {
            converse(commands);
        } finally {
            dialogue.connection().out().allowUtf8(false);
        }
        if (!mailReply.isPositive()) {
            abandonData();
            throw refused(SmtpPhase.MAIL, mailReply, "2yz, 4yz or 5yz");
        }
        if (results.stream().noneMatch(RecipientResult::isAccepted)) {
            abandonData();
            throw allRefused();
        }
        if (dataReply.code() != 354) {
            throw refused(SmtpPhase.DATA, dataReply, "354, 4yz or 5yz");
        }
        Reply last = new SmtpBody(dialogue, options, content).send(this::reportSoFar);
        isOpen = false;
        if (!last.isPositive()) {
            throw new SmtpRefused(
                    peer(), SmtpPhase.FINAL_DOT, SmtpBody.NOT_TAKEN, "refused", last, report(last, false));
        }
        return report(last, true);
    }

    /** Everything that goes out before the message, checked before the first octet of it is written. */
    private List<Command> commands(boolean utf8) throws SmtpRequirementUnmet {
        List<Command> commands = new ArrayList<>(envelope.recipients().size() + 2);
        commands.add(new Command(SmtpPhase.MAIL, null, SmtpDialogue.checkedLength(mailCommand(utf8))));
        for (EmailAddress recipient : envelope.recipients()) {
            String line = "RCPT TO:<" + onTheWire(recipient, utf8) + ">";
            commands.add(new Command(SmtpPhase.RCPT, recipient, SmtpDialogue.checkedLength(line)));
        }
        commands.add(new Command(SmtpPhase.DATA, null, "DATA"));
        return commands;
    }

    private String mailCommand(boolean utf8) throws SmtpRequirementUnmet {
        StringBuilder line = new StringBuilder("MAIL FROM:<")
                .append(envelope.sender().map(sender -> onTheWire(sender, utf8)).orElse(""))
                .append('>');
        if (extensions.offers(Extensions.SIZE) && content.size() >= 0) {
            if (extensions.maxSize().isPresent()
                    && content.size() > extensions.maxSize().getAsLong()) {
                throw new SmtpRequirementUnmet(
                        peer(),
                        SmtpPhase.MAIL.step(),
                        Requirement.SIZE,
                        "the message has " + content.size() + " octets, the server takes at most "
                                + extensions.maxSize().getAsLong());
            }
            line.append(" SIZE=").append(content.size());
        }
        // RFC 6152; a server that does not offer it gets the octets all the same, as practically all of them take them.
        if (content.isEightBit() && extensions.offers(Extensions.EIGHT_BIT_MIME)) {
            line.append(" BODY=8BITMIME");
        }
        if (utf8) {
            line.append(" SMTPUTF8");
        }
        return line.toString();
    }

    private boolean needsSmtpUtf8() throws SmtpRequirementUnmet {
        if (extensions.offers(Extensions.SMTPUTF8)) {
            return envelope.needsUtf8() || content.needsSmtpUtf8();
        }
        // A domain alone can be written in its A-label form; a local part cannot.
        boolean impossible = content.needsSmtpUtf8()
                || Stream.concat(envelope.sender().stream(), envelope.recipients().stream())
                        .anyMatch(address -> address.localPart().chars().anyMatch(c -> c >= 0x80));
        if (impossible) {
            throw new SmtpRequirementUnmet(
                    peer(),
                    SmtpPhase.MAIL.step(),
                    Requirement.SMTPUTF8,
                    "an address has characters beyond ASCII, and the server does not offer SMTPUTF8");
        }
        return false;
    }

    private static String onTheWire(EmailAddress address, boolean utf8) {
        return utf8 || !address.domain().needsUtf8()
                ? address.toString()
                : new EmailAddress(
                                address.localPart(),
                                Domain.parse(address.domain().ascii()))
                        .toString();
    }

    private void converse(List<Command> commands) throws IOException {
        int next = 0;
        while (next < commands.size() && isWorthGoingOn(commands.get(next))) {
            int end = writeFlight(commands, next);
            for (; next < end; next++) {
                Command command = commands.get(next);
                take(command, dialogue.await(command.phase()));
            }
        }
    }

    private boolean isWorthGoingOn(Command next) {
        if (next.phase() == SmtpPhase.MAIL) {
            return true;
        }
        return mailReply.isPositive()
                && (next.phase() == SmtpPhase.RCPT || results.stream().anyMatch(RecipientResult::isAccepted));
    }

    /** Writes at least one command and sends; returns the index behind the last one written. */
    private int writeFlight(List<Command> commands, int from) throws WireException {
        boolean pipelined = options.isPipeliningWanted() && extensions.offers(Extensions.PIPELINING);
        dialogue.begin(commands.get(from).phase());
        int octets = 0;
        int index = from;
        do {
            String line = commands.get(index).line();
            // Beyond ASCII a character may have up to three octets.
            octets += 3 * line.length();
            dialogue.write(line);
            index++;
        } while (pipelined && index < commands.size() && octets < FLIGHT);
        dialogue.flush();
        return index;
    }

    private void take(Command command, Reply reply) throws IOException {
        switch (command.phase()) {
            case MAIL -> {
                mailReply = reply;
                isOpen = reply.isPositive();
            }
            case RCPT -> takeRcpt(command.recipient(), reply);
            default -> dataReply = reply;
        }
        if (SmtpDialogue.endsConversation(reply)) {
            boolean ofTransaction = command.phase() != SmtpPhase.RCPT || isBegun();
            throw new SmtpRefused(
                    peer(),
                    command.phase(),
                    command.phase().step(),
                    "the server ends the conversation",
                    ofTransaction ? reply : mailReply,
                    report(reply, false));
        }
    }

    private void takeRcpt(EmailAddress recipient, Reply reply) throws WireException {
        if (reply.isIntermediate()) {
            throw dialogue.unexpected("2yz, 4yz or 5yz", reply);
        }
        if (reply.isClosing() || !isBegun()) {
            // 421 says nothing about the recipient (RFC 5321 §3.8), and a RCPT without MAIL neither.
            return;
        }
        results.add(RecipientResult.judge(recipient, reply));
    }

    /**
     * RFC 2920 §3.1: if DATA was sent along and the server says 354 although there is nobody to send to, it waits for a
     * message: it gets an empty one, and its answer does not count.
     */
    private void abandonData() throws WireException {
        if (dataReply != null && dataReply.code() == 354) {
            dialogue.ask(SmtpPhase.DATA, ".");
            isOpen = false;
        }
    }

    private IOException refused(SmtpPhase phase, Reply reply, String expected) {
        if (!reply.isTransient() && !reply.isPermanent()) {
            return dialogue.unexpected(expected, reply);
        }
        return new SmtpRefused(peer(), phase, phase.step(), "refused", reply, report(reply, false));
    }

    private SmtpRefused allRefused() {
        RecipientResult first = results.get(0);
        boolean isTransient =
                results.stream().anyMatch(result -> result.outcome() == RecipientResult.Outcome.REFUSED_FOR_NOW);
        String what = results.size() == 1
                ? "<" + first.recipient() + "> refused"
                : "all " + results.size() + " recipients refused, the first with";
        return new SmtpRefused(
                peer(),
                SmtpPhase.RCPT,
                SmtpPhase.RCPT.step(),
                what,
                first.rcptReply(),
                report(first.rcptReply(), false),
                isTransient);
    }

    private TransactionReport reportSoFar() {
        return report(null, false);
    }

    private TransactionReport report(Reply last, boolean isTaken) {
        List<RecipientResult> all = new ArrayList<>(results);
        for (EmailAddress recipient : envelope.recipients()
                .subList(results.size(), envelope.recipients().size())) {
            all.add(RecipientResult.notTried(recipient));
        }
        Connection connection = dialogue.connection();
        InetSocketAddress address = connection.remoteAddress();
        HostPort remote = new HostPort(address.getAddress().getHostAddress(), address.getPort());
        return new TransactionReport(
                connection.peer(),
                remote.toString(),
                all,
                last,
                isTaken,
                connection.tls().orElse(null));
    }

    private HostPort peer() {
        return dialogue.connection().peer();
    }
}
