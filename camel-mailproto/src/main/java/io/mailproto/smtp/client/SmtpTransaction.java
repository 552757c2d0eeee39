package io.mailproto.smtp.client;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.RecipientResult.Outcome;
import io.mailproto.smtp.client.SmtpCommands.Command;
import io.mailproto.wire.Connection;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One mail transaction (RFC 5321 §3.3): MAIL, RCPT…, then DATA and the message, or the message as chunks.
 *
 * <p>Commands go out in flights: several at a time if the server offers PIPELINING, else one by one; either way the
 * replies of a flight are read before the next is written, and a flight's commands are few, so that never both sides are
 * blocked in writing (RFC 2920 §3.1). A small message may be part of the flight as its only chunk.
 *
 * <p>{@link #run} does it all. To overlap transactions: {@link #prepare}, {@link #isOneFlight}, {@link #begin}, {@link
 * #takeEnvelope}; then, if the message has not been sent along, {@link #writeBody}; at last {@link #takeEnd}.
 */
final class SmtpTransaction {
    /** Octets of commands in one flight; below every send buffer there is. */
    private static final int FLIGHT = 4096;

    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final Extensions extensions;
    private final Envelope envelope;
    private MessageContent content;
    private final DeliveryRequest request;

    private final List<RecipientResult> results = new ArrayList<>(4);
    private List<Command> commands;
    private boolean areUtf8;
    private SmtpChunks chunks;
    private Reply mailReply;
    private Reply dataReply;
    private boolean isOpen;
    /** The message has gone out together with its envelope. */
    private boolean isMessageSent;

    private boolean isResetInFront;
    private SmtpBody body;
    private Reply early;

    SmtpTransaction(
            SmtpDialogue dialogue,
            SmtpClientOptions options,
            Extensions extensions,
            Envelope envelope,
            MessageContent content,
            DeliveryRequest request) {
        this.dialogue = dialogue;
        this.options = options;
        this.extensions = extensions;
        this.envelope = envelope;
        this.content = content;
        this.request = request;
    }

    /** Has the server a transaction that must be reset before the next one? */
    boolean isOpen() {
        return isOpen;
    }

    /** May the server have taken something of the message? If not, it can be sent again without coming twice. */
    boolean isBegun() {
        return isMessageSent || (mailReply != null && mailReply.isPositive());
    }

    /** @param mayFly whether the message may go out together with its envelope */
    TransactionReport run(boolean mayFly) throws IOException {
        prepare(mayFly);
        dialogue.connection().out().allowUtf8(areUtf8);
        try {
            converse();
        } finally {
            dialogue.connection().out().allowUtf8(false);
        }
        return conclude();
    }

    /** Checks everything and makes the commands; nothing is sent. */
    void prepare(boolean mayFly) throws IOException {
        content = new EightBitContent(dialogue.connection(), extensions).suited(content);
        SmtpCommands maker = new SmtpCommands(dialogue.connection(), extensions, envelope, content, request);
        commands = maker.make();
        areUtf8 = maker.areUtf8();
        if (options.isChunkingWanted() && extensions.offers(Extensions.CHUNKING)) {
            chunks = new SmtpChunks(dialogue, options, content);
            if (mayFly && isPipelined() && chunks.isOne()) {
                chunks.collect();
                commands.add(new Command(SmtpPhase.LAST_CHUNK, null, ""));
            }
        } else {
            commands.add(new Command(SmtpPhase.DATA, null, "DATA"));
        }
    }

    private boolean isPipelined() {
        return options.isPipeliningWanted() && extensions.offers(Extensions.PIPELINING);
    }

    private void converse() throws IOException {
        int next = 0;
        try {
            while (next < commands.size() && isWorthGoingOn(commands.get(next))) {
                int end = writeFlight(next);
                readFlight(next, end);
                next = end;
            }
        } catch (WireException lost) {
            throw judged(lost);
        }
    }

    private void readFlight(int from, int end) throws IOException {
        for (int i = from; i < end; i++) {
            Command command = commands.get(i);
            dialogue.begin(command.phase(), stepOf(command.phase()));
            take(command, dialogue.read());
        }
    }

    private IOException judged(WireException lost) {
        return isMessageSent && dataReply == null && mayHaveBeenTaken()
                ? new SmtpOutcomeUnknown(lost, report(null, false, Outcome.UNKNOWN))
                : lost;
    }

    private boolean isWorthGoingOn(Command next) {
        if (next.phase() == SmtpPhase.MAIL) {
            return true;
        }
        return mailReply.isPositive() && (next.phase() == SmtpPhase.RCPT || isAnybodyAccepted());
    }

    private boolean isAnybodyAccepted() {
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).isAccepted()) {
                return true;
            }
        }
        return false;
    }

    private boolean mayHaveBeenTaken() {
        boolean isMailFine = mailReply == null || mailReply.isPositive();
        return isMailFine
                && (isAnybodyAccepted()
                        || results.size() < envelope.recipients().size());
    }

    /** Once the message is on its way, the loss of any reply leaves open what became of it. */
    private Step stepOf(SmtpPhase phase) {
        return isMessageSent ? phase.stepInDoubt() : phase.step();
    }

    /** Writes at least one command and sends; returns the index behind the last one written. */
    private int writeFlight(int from) throws WireException {
        dialogue.begin(commands.get(from).phase());
        int end = write(from);
        dialogue.flush();
        return end;
    }

    private int write(int from) throws WireException {
        boolean pipelined = isPipelined();
        int octets = 0;
        int index = from;
        do {
            Command command = commands.get(index);
            if (command.phase() == SmtpPhase.LAST_CHUNK) {
                // From its first octet on: a big chunk may not fit into the buffer and go out at once.
                isMessageSent = true;
                dialogue.begin(SmtpPhase.BODY, stepOf(SmtpPhase.BODY));
                chunks.writeOne();
            } else {
                // Beyond ASCII a character may have up to three octets.
                octets += 3 * command.line().length();
                dialogue.write(command.line());
            }
            index++;
        } while (pipelined && index < commands.size() && octets < FLIGHT);
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
        boolean isLast = command.phase() == SmtpPhase.LAST_CHUNK && reply.isPositive();
        if (SmtpDialogue.endsConversation(reply) && !isLast) {
            throw ended(command.phase(), reply);
        }
    }

    private void takeRcpt(EmailAddress recipient, Reply reply) throws WireException {
        if (reply.isIntermediate()) {
            throw dialogue.unexpected("2yz, 4yz or 5yz", reply);
        }
        if (reply.isClosing() || !isBegunByMail()) {
            // 421 says nothing about the recipient (RFC 5321 §3.8), and a RCPT without MAIL neither.
            return;
        }
        results.add(RecipientResult.judge(recipient, reply));
    }

    private boolean isBegunByMail() {
        return mailReply != null && mailReply.isPositive();
    }

    /**
     * The server hangs up. A 521 to RCPT is about that recipient alone; what becomes of the others is open, so that
     * another attempt may reach them.
     */
    private SmtpRefused ended(SmtpPhase phase, Reply reply) {
        boolean ofTransaction = phase != SmtpPhase.RCPT || isBegunByMail();
        Reply decisive = ofTransaction ? reply : mailReply;
        boolean othersAreOpen = phase == SmtpPhase.RCPT
                && (results.size() < envelope.recipients().size()
                        || results.stream().anyMatch(result -> result.outcome() != Outcome.REFUSED));
        return new SmtpRefused(
                peer(),
                phase,
                phase.step(),
                "the server ends the conversation",
                decisive,
                report(reply, false),
                decisive.isTransient() || othersAreOpen);
    }

    // ---- for overlapping

    /** Can all that comes before the message, and a message that goes along, be written at once? */
    boolean isOneFlight() {
        boolean endsFlight = commands.get(commands.size() - 1).phase() != SmtpPhase.RCPT;
        int octets = 0;
        for (Command command : commands) {
            octets += 3 * command.line().length();
        }
        return isPipelined() && endsFlight && octets < FLIGHT;
    }

    /** Is the message part of the flight? */
    boolean isMessageAlong() {
        return commands.get(commands.size() - 1).phase() == SmtpPhase.LAST_CHUNK;
    }

    int recipients() {
        return envelope.recipients().size();
    }

    /**
     * Writes the flight and does not flush.
     *
     * @param reset whether RSET goes in front, since nobody knows yet how the transaction before will end
     */
    void begin(boolean reset) throws WireException {
        isResetInFront = reset;
        dialogue.connection().out().allowUtf8(areUtf8);
        try {
            dialogue.begin(SmtpPhase.BODY);
            if (reset) {
                dialogue.write("RSET");
            }
            write(0);
        } finally {
            dialogue.connection().out().allowUtf8(false);
        }
    }

    /**
     * Reads the replies to the flight.
     *
     * @throws IOException as {@link #run}, if the message cannot follow or has not been taken
     */
    void takeEnvelope() throws IOException {
        try {
            if (isResetInFront) {
                dialogue.begin(SmtpPhase.RSET, stepOf(SmtpPhase.RSET));
                Reply reply = dialogue.read();
                if (!reply.isPositive()) {
                    throw dialogue.unexpected("250 to RSET", reply);
                }
            }
            readFlight(0, commands.size());
        } catch (WireException lost) {
            throw judged(lost);
        }
        if (!isMessageSent) {
            requireRecipients();
            if (dataReply.code() != 354) {
                throw refused(SmtpPhase.DATA, dataReply, "354, 4yz or 5yz");
            }
        }
    }

    /** Writes the message behind 354; its dot stays in the buffer. */
    void writeBody() throws IOException {
        body = new SmtpBody(dialogue, options, content);
        early = body.write();
    }

    /** The end of a transaction whose message has been written: flushes if need be and reads the reply. */
    TransactionReport takeEnd() throws IOException {
        if (isMessageSent) {
            return conclude();
        }
        return afterMessage(SmtpPhase.FINAL_DOT, early != null ? early : body.await(this::reportOfUnknown));
    }

    /** The connection broke before this transaction's replies: the failure of a message that may have been taken. */
    IOException lostWith(WireException lost) {
        return judged(lost);
    }

    // ---- what came of it

    private void requireRecipients() throws IOException {
        if (!mailReply.isPositive()) {
            abandonData();
            throw refused(SmtpPhase.MAIL, mailReply, "2yz, 4yz or 5yz");
        }
        if (!isAnybodyAccepted()) {
            abandonData();
            throw allRefused();
        }
    }

    private TransactionReport conclude() throws IOException {
        requireRecipients();
        if (isMessageSent) {
            return afterMessage(SmtpPhase.LAST_CHUNK, dataReply);
        }
        if (chunks != null) {
            try {
                return afterMessage(SmtpPhase.LAST_CHUNK, chunks.stream());
            } catch (SmtpChunks.Unfinished unfinished) {
                throw new SmtpOutcomeUnknown(unfinished.lost(), report(null, false, Outcome.UNKNOWN));
            }
        }
        if (dataReply.code() != 354) {
            throw refused(SmtpPhase.DATA, dataReply, "354, 4yz or 5yz");
        }
        return afterMessage(SmtpPhase.FINAL_DOT, new SmtpBody(dialogue, options, content).send(this::reportOfUnknown));
    }

    private TransactionReport afterMessage(SmtpPhase phase, Reply first) throws IOException {
        // RFC 3030 §2: after a chunk that failed only RSET helps.
        isOpen = phase == SmtpPhase.LAST_CHUNK && !first.isPositive();
        if (!first.isPositive() && !first.isTransient() && !first.isPermanent()) {
            throw dialogue.unexpected("2yz, 4yz or 5yz", first);
        }
        if (options.isLmtp()) {
            return afterMessageByLmtp(phase, first);
        }
        if (!first.isPositive()) {
            throw new SmtpRefused(
                    peer(), phase, phase.step().knowing("no message was sent"), "refused", first, report(first, false));
        }
        return report(first, true);
    }

    /** RFC 2033 §4.2: one reply for each recipient that was accepted, in their order. */
    private TransactionReport afterMessageByLmtp(SmtpPhase phase, Reply first) throws IOException {
        Reply last = first;
        Reply positive = null;
        boolean isFirst = true;
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).isAccepted()) {
                continue;
            }
            if (!isFirst && dialogue.connection().isOpen()) {
                try {
                    last = dialogue.await(phase);
                } catch (WireException lost) {
                    throw new SmtpOutcomeUnknown(lost, lmtpReportUpTo(i, positive));
                }
            }
            isFirst = false;
            positive = last.isPositive() ? last : positive;
            results.set(i, results.get(i).afterMessage(last));
        }
        isOpen = false;
        if (positive == null) {
            boolean isTransient = results.stream().anyMatch(result -> result.outcome() == Outcome.REFUSED_FOR_NOW);
            throw new SmtpRefused(
                    peer(),
                    phase,
                    phase.step().knowing("no message was sent"),
                    "refused for every recipient",
                    first,
                    report(first, false),
                    isTransient);
        }
        return report(positive, true);
    }

    private TransactionReport lmtpReportUpTo(int end, Reply positive) {
        for (int i = end; i < results.size(); i++) {
            if (results.get(i).isAccepted()) {
                results.set(i, RecipientResult.unknown(results.get(i).recipient()));
            }
        }
        return report(positive, positive != null);
    }

    /**
     * RFC 2920 §3.1: if DATA was sent along and the server says 354 although there is nobody to send to, it waits for a
     * message: it gets an empty one, and its answer does not count.
     */
    private void abandonData() throws WireException {
        if (dataReply != null && dataReply.code() == 354 && !isMessageSent) {
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
        boolean isTransient = results.stream().anyMatch(result -> result.outcome() == Outcome.REFUSED_FOR_NOW);
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

    private TransactionReport reportOfUnknown() {
        return report(null, false);
    }

    private TransactionReport report(Reply last, boolean isTaken) {
        return report(last, isTaken, Outcome.NOT_TRIED);
    }

    private TransactionReport report(Reply last, boolean isTaken, Outcome ofTheRest) {
        List<EmailAddress> recipients = envelope.recipients();
        List<RecipientResult> all = results.size() == recipients.size() ? results : new ArrayList<>(results);
        for (int i = all.size(); i < recipients.size(); i++) {
            all.add(new RecipientResult(recipients.get(i), ofTheRest, null));
        }
        Connection connection = dialogue.connection();
        return new TransactionReport(
                connection.peer(),
                dialogue.remoteAddress(),
                all,
                last,
                isTaken,
                connection.tls().orElse(null));
    }

    private HostPort peer() {
        return dialogue.connection().peer();
    }
}
