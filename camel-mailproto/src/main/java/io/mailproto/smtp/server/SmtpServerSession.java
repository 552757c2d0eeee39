package io.mailproto.smtp.server;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.EsmtpParameters;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.SessionState;
import io.mailproto.smtp.SmtpCommand;
import io.mailproto.smtp.SmtpCommandParser;
import io.mailproto.smtp.SmtpSyntaxException;
import io.mailproto.smtp.Verb;
import io.mailproto.spool.Spool;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.ServerSession;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of one SMTP conversation (RFC 5321 §4). Blocks; runs on the session's own thread. */
public final class SmtpServerSession implements ServerSession {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpServerSession.class);

    // Far beyond the 512 octets of RFC 5321 §4.5.3.1.4, for extensions that lengthen lines.
    private static final int MAX_COMMAND = 2048;
    // RFC 4954 §4: base64 lines of 12288 octets must be taken, with the command or alone.
    private static final int MAX_AUTH_LINE = 12_288 + 32;
    /** So many recipients beyond the limit are told to come later; who goes on then does not listen. */
    private static final int MAX_OVERSHOOT = 1000;
    /** A handler that is quicker leaves a client no time to go away, and looking costs a millisecond. */
    private static final Duration LONG_WAIT = Duration.ofMillis(200);

    private static final Set<String> MAIL_PARAMETERS = Set.of("SIZE", "BODY", "SMTPUTF8");
    private static final Set<String> MAIL_PARAMETERS_WITH_AUTH = Set.of("SIZE", "BODY", "SMTPUTF8", "AUTH");

    private final Connection connection;
    private final LineReader in;
    private final SmtpServerOptions options;
    private final Spool spool;
    private final MessageHandler handler;
    private final Supplier<String> ids;
    private final SmtpCommandParser parser;
    private final Dialogue dialogue;
    private final Authentication authentication;
    private final ErrorBudget budget;

    private SessionState state = SessionState.CONNECTED;
    private Optional<String> heloName = Optional.empty();
    private boolean isExtended;
    private Optional<String> user = Optional.empty();
    private Transaction transaction;
    private int authFailures;
    private int messages;
    private boolean isEnding;

    SmtpServerSession(
            Connection connection,
            SmtpServerOptions options,
            Spool spool,
            MessageHandler handler,
            Supplier<String> ids) {
        this.connection = connection;
        this.in = connection.in();
        this.options = options;
        this.spool = spool;
        this.handler = handler;
        this.ids = ids;
        this.parser = new SmtpCommandParser(options.rules().isEnvelopeStrict());
        this.dialogue = new Dialogue(connection, options.timeouts(), MAX_AUTH_LINE);
        this.authentication = new Authentication(connection, dialogue, options.security());
        this.budget = new ErrorBudget(options.limits());
    }

    @Override
    public void dismiss(String reason) {
        dialogue.dismiss();
    }

    @Override
    public void serve() throws WireException {
        try {
            if (options.security().isTlsImplicit()) {
                acceptTls();
            }
            dialogue.replyNow(greeting());
            while (!isEnding) {
                String line = dialogue.awaitLine();
                if (line == null) {
                    return;
                }
                Reply reply = answer(line);
                if (reply != null) {
                    say(reply);
                }
            }
        } finally {
            LOG.debug("{}: session ended after {} messages", connection.peer(), messages);
        }
    }

    private Reply greeting() throws WireException {
        Duration delay = options.rules().earlyTalkerDelay();
        if (!delay.isZero() && in.await(delay)) {
            isEnding = true;
            return Reply.of(554, "5.5.1 a client must wait for the greeting");
        }
        Optional<Reply> refusal = ask(() -> options.policy().connect(facts()));
        // RFC 5321 §3.1: 554 instead of 220, and the client may only QUIT; it does so more surely if it has to.
        refusal.ifPresent(reply -> isEnding = true);
        return refusal.orElseGet(() -> Reply.of(220, options.serverName().ascii() + " ESMTP"));
    }

    /** Sends a reply, slowed down or replaced if the client has made too many errors. */
    private void say(Reply reply) throws WireException {
        Reply said = reply;
        // Refused recipients beyond the limit are no errors of the client: it was told the limit by the refusal.
        if (reply.code() >= 400 && reply.code() != 452) {
            budget.error();
            dialogue.pause(budget.delay());
        }
        if (budget.isExhausted() && !isEnding) {
            said = Reply.of(421, "4.7.0 too many errors, closing");
        }
        if (said.isClosing()) {
            isEnding = true;
        }
        if (isEnding) {
            dialogue.replyNow(said);
        } else {
            dialogue.reply(said);
        }
    }

    /** The reply to a line; null if it has been given already. */
    private Reply answer(String line) throws WireException {
        if (in.lastLineTooLong()) {
            return Reply.of(500, "5.5.2 line too long");
        }
        // The same rule as for messages: what ends a line must not be open to two readings.
        if (in.lastLineEndedBare() && options.rules().bareLineEnding() == BareLineEnding.REJECT) {
            return Reply.of(500, "5.5.2 line must end with CR LF");
        }
        SmtpCommand command;
        try {
            command = parser.parse(line);
        } catch (SmtpSyntaxException fault) {
            isEnding |= fault.isFatal();
            boolean isOutOfOrder =
                    fault.verb().map(verb -> !verb.isAllowedIn(state)).orElse(false);
            return isOutOfOrder ? outOfOrder(fault.verb().get()) : reply(fault);
        }
        Verb verb = command.verb();
        if (verb != Verb.AUTH && line.length() > MAX_COMMAND) {
            return Reply.of(500, "5.5.2 line too long");
        }
        if (verb == Verb.BDAT) {
            // Not offered. Whether the octets follow nobody knows, so nothing that does is a command.
            isEnding = true;
        }
        if (!verb.isProgress()) {
            budget.chatter();
        }
        return verb.isAllowedIn(state) ? perform(command) : outOfOrder(verb);
    }

    private static Reply reply(SmtpSyntaxException fault) {
        return Reply.of(fault.code(), fault.enhancedStatus() + " " + fault.text());
    }

    private Reply outOfOrder(Verb verb) {
        String hint =
                switch (state) {
                    case CONNECTED -> "say EHLO or HELO first";
                    case GREETED -> "give MAIL first";
                    case IN_TRANSACTION -> "not within a mail transaction";
                };
        return Reply.of(503, "5.5.1 " + verb + " is not allowed here, " + hint);
    }

    private Reply perform(SmtpCommand command) throws WireException {
        return switch (command.verb()) {
            case EHLO, HELO -> hello((SmtpCommand.Hello) command);
            case STARTTLS -> startTls();
            case AUTH -> auth((SmtpCommand.Auth) command);
            case MAIL -> mail((SmtpCommand.MailFrom) command);
            case RCPT -> rcpt((SmtpCommand.RcptTo) command);
            case DATA -> data();
            case BDAT -> Reply.of(502, "5.5.1 BDAT is not offered");
            case RSET -> reset();
            case NOOP -> Reply.of(250, "2.0.0 ok");
            case VRFY -> Reply.of(252, "2.5.2 cannot say, but will take the message and try");
            case EXPN -> Reply.of(502, "5.5.1 EXPN is not offered");
            case HELP ->
                Reply.of(214, "2.0.0 see RFC 5321: EHLO HELO STARTTLS AUTH MAIL RCPT DATA RSET NOOP VRFY QUIT");
            case QUIT -> quit();
        };
    }

    // RFC 5321 §4.1.1.1
    private Reply hello(SmtpCommand.Hello hello) {
        SessionFacts facts = new SessionFacts(
                connection.remoteAddress(),
                connection.localAddress(),
                Optional.of(hello.name()),
                hello.isExtended(),
                connection.tls(),
                user);
        Optional<Reply> refusal = ask(() -> options.policy().helo(facts));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        heloName = facts.heloName();
        isExtended = hello.isExtended();
        state = SessionState.GREETED;
        transaction = null;
        String name = options.serverName().ascii();
        return hello.isExtended() ? new Reply(250, extensions(name)) : Reply.of(250, name);
    }

    private List<String> extensions(String name) {
        List<String> lines = new ArrayList<>();
        lines.add(name);
        lines.add("PIPELINING");
        long maxSize = options.limits().maxMessageSize();
        lines.add(maxSize == 0 ? "SIZE" : "SIZE " + maxSize);
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        if (options.security().tls().isPresent() && connection.tls().isEmpty()) {
            lines.add("STARTTLS");
        }
        if (authentication.isOffered()) {
            lines.add("AUTH PLAIN LOGIN");
        }
        lines.add("HELP");
        return lines;
    }

    // RFC 3207 §4
    private Reply startTls() throws WireException {
        if (options.security().tls().isEmpty()) {
            return Reply.of(502, "5.5.1 STARTTLS is not offered");
        }
        if (connection.tls().isPresent()) {
            return Reply.of(503, "5.5.1 TLS has begun already");
        }
        if (in.hasBuffered()) {
            // Whoever sits between could have added it, to be taken for the client's words under TLS.
            isEnding = true;
            return Reply.of(501, "5.5.1 pipelined data after STARTTLS");
        }
        dialogue.replyNow(Reply.of(220, "2.0.0 ready to start TLS"));
        acceptTls();
        // RFC 3207 §4.2: what the client has said before counts no more.
        state = SessionState.CONNECTED;
        heloName = Optional.empty();
        isExtended = false;
        user = Optional.empty();
        transaction = null;
        return null;
    }

    private void acceptTls() throws WireException {
        connection.within(Deadline.in(options.timeouts().handshake()), Step.of("accepting TLS"));
        connection.acceptTls(options.security().tls().orElseThrow());
    }

    // RFC 4954 §4
    private Reply auth(SmtpCommand.Auth auth) throws WireException {
        if (user.isPresent()) {
            return Reply.of(503, "5.5.1 authenticated already");
        }
        Authentication.Result result = authentication.run(auth);
        isEnding |= result.isFatal();
        user = result.user();
        if (result.isWrong()) {
            authFailures++;
            dialogue.pause(options.limits().errorDelay());
            if (authFailures >= options.limits().maxAuthFailures()) {
                return Reply.of(421, "4.7.0 too many wrong passwords, closing");
            }
        }
        return result.reply();
    }

    private Reply mail(SmtpCommand.MailFrom mail) {
        if (options.security().isTlsRequired() && connection.tls().isEmpty()) {
            // RFC 3207 §4
            return Reply.of(530, "5.7.0 give STARTTLS first");
        }
        if (options.security().isAuthenticationRequired() && user.isEmpty()) {
            return Reply.of(
                    530,
                    authentication.isOffered()
                            ? "5.7.0 authentication required"
                            : "5.7.0 authentication required; give STARTTLS first");
        }
        EsmtpParameters parameters = mail.parameters();
        boolean isAuthKnown = options.security().passwordVerifier().isPresent();
        if (parameters.hasOtherThan(isAuthKnown ? MAIL_PARAMETERS_WITH_AUTH : MAIL_PARAMETERS)
                || parameters.get("BODY").filter("BINARYMIME"::equalsIgnoreCase).isPresent()) {
            return Reply.of(555, "5.5.4 parameter not recognized");
        }
        boolean isUtf8 = parameters.get("SMTPUTF8").isPresent();
        if (!isUtf8 && mail.sender().isPresent() && mail.sender().get().needsUtf8()) {
            return Reply.of(553, "5.6.7 this address needs SMTPUTF8");
        }
        long announced;
        try {
            announced = parameters.size().orElse(-1L);
        } catch (SmtpSyntaxException fault) {
            return reply(fault);
        }
        if (options.limits().isTooBig(announced)) {
            return MessageReceiver.tooBig(options.limits());
        }
        Optional<Reply> refusal = ask(() -> options.policy().mail(facts(), mail.sender()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        transaction = new Transaction(mail.sender(), announced, isUtf8);
        state = SessionState.IN_TRANSACTION;
        return Reply.of(250, "2.1.0 sender ok");
    }

    private Reply rcpt(SmtpCommand.RcptTo rcpt) {
        if (transaction.recipients() >= options.limits().maxRecipients()) {
            // RFC 5321 §4.5.3.1.10: 452, so that the client sends the rest in another transaction.
            return transaction.countTooMany() > MAX_OVERSHOOT
                    ? Reply.of(421, "4.7.0 too many recipients, closing")
                    : Reply.of(452, "4.5.3 too many recipients");
        }
        if (rcpt.parameters().hasOtherThan(Set.of())) {
            return Reply.of(555, "5.5.4 parameter not recognized");
        }
        if (!transaction.isUtf8() && rcpt.recipient().needsUtf8()) {
            return Reply.of(553, "5.6.7 this address needs SMTPUTF8");
        }
        if (!options.rules().recipientDomains().include(rcpt.recipient())) {
            return Reply.of(550, "5.7.1 no mail for this domain is taken here");
        }
        Optional<Reply> refusal = ask(() -> options.policy().rcpt(facts(), transaction.sender(), rcpt.recipient()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        transaction.add(rcpt.recipient());
        return Reply.of(250, "2.1.5 recipient ok");
    }

    private Reply data() throws WireException {
        if (in.hasBuffered() && user.isEmpty()) {
            // RFC 2920 §3.1: DATA is the last of a group. A message that comes unasked is how smuggling looks.
            isEnding = true;
            return Reply.of(503, "5.5.0 a client must wait for the reply to DATA");
        }
        if (transaction.recipients() == 0) {
            isEnding |= in.hasBuffered();
            return Reply.of(554, "5.5.1 no valid recipients");
        }
        if (dialogue.isDismissed()) {
            // What is not asked for now need not be waited for.
            return Reply.of(421, "4.3.2 shutting down, closing");
        }
        Envelope envelope = transaction.envelope();
        Optional<Reply> refusal = ask(() -> options.policy().data(facts(), envelope));
        if (refusal.isPresent()) {
            isEnding |= in.hasBuffered();
            return refusal.get();
        }
        dialogue.replyNow(Reply.of(354, "go on, end with a line that is a lone dot"));
        boolean isUtf8 = transaction.isUtf8();
        long announced = transaction.announcedOctets();
        // However it ends, the transaction is over (RFC 5321 §4.1.1.4).
        transaction = null;
        state = SessionState.GREETED;

        String id = ids.get();
        SessionFacts facts = facts();
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        String field = ReceivedField.of(facts, options.serverName(), id, envelope, isUtf8, now);
        MessageReceiver.Outcome outcome = new MessageReceiver(connection, spool, options).receive(field, announced);
        connection.within(Deadline.in(options.timeouts().command()), Step.of("answering the final dot"));
        if (outcome.octets() == null) {
            LOG.debug("{}: message {} refused: {}", connection.peer(), id, outcome.refusal());
            isEnding = outcome.isEnding();
            dialogue.replyNow(outcome.refusal());
            return null;
        }
        deliver(new ReceivedMessage(id, facts, envelope, outcome.octets(), isUtf8, Instant.now()));
        return null;
    }

    private void deliver(ReceivedMessage message) throws WireException {
        messages++;
        SessionReplyPath path = new SessionReplyPath(connection, dialogue);
        long start = System.nanoTime();
        Reply reply = accepted(message, path);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LOG.debug("{}: message {} handled with {} after {}", connection.peer(), message.id(), reply, took);
        if (!path.claim()) {
            isEnding = true;
            path.lost();
            return;
        }
        isEnding = reply.isClosing();
        if (reply.isPositive()) {
            budget.reset();
        }
        connection.within(Deadline.in(options.timeouts().command()), Step.of("answering the final dot"));
        try {
            if (took.compareTo(LONG_WAIT) > 0 && !in.hasBuffered()) {
                // Writing to a client that has closed succeeds once; only reading tells that it is gone.
                in.await(Duration.ofMillis(1));
            }
            dialogue.replyNow(reply);
        } catch (WireException e) {
            path.lost();
            throw e;
        }
    }

    private Reply accepted(ReceivedMessage message, ReplyPath path) {
        try {
            Reply reply = handler.accept(message, path);
            if (reply != null && (reply.isPositive() || reply.code() >= 400) && isSendable(reply)) {
                return reply;
            }
            LOG.warn("message {}: the reply of the handler cannot be sent: {}", message.id(), reason(reply));
        } catch (RuntimeException e) {
            LOG.error("message {}: the handler failed", message.id(), e);
        }
        return Reply.of(451, "4.3.0 local error, try again later");
    }

    private Reply reset() {
        transaction = null;
        // RFC 5321 §4.1.1.5: RSET forgets the transaction, never the greeting.
        state = state == SessionState.IN_TRANSACTION ? SessionState.GREETED : state;
        return Reply.of(250, "2.0.0 ok");
    }

    private Reply quit() {
        isEnding = true;
        return Reply.of(221, "2.0.0 bye");
    }

    private SessionFacts facts() {
        return new SessionFacts(
                connection.remoteAddress(), connection.localAddress(), heloName, isExtended, connection.tls(), user);
    }

    /** Asks the policy; what goes wrong in it is not the client's fault. */
    private Optional<Reply> ask(Supplier<Optional<Reply>> question) {
        try {
            Optional<Reply> refusal = question.get();
            if (refusal.isEmpty() || (refusal.get().code() >= 400 && isSendable(refusal.get()))) {
                return refusal;
            }
            LOG.warn("{}: the refusal of the policy cannot be sent: {}", connection.peer(), reason(refusal.get()));
        } catch (RuntimeException e) {
            LOG.warn("{}: the policy failed", connection.peer(), e);
        }
        return Optional.of(Reply.of(451, "4.3.0 local error, try again later"));
    }

    private static boolean isSendable(Reply reply) {
        return reply.lines().stream()
                .allMatch(line -> line.length() <= 500 && line.chars().allMatch(c -> c >= 0x20 && c <= 0x7e));
    }

    private static String reason(Reply reply) {
        return reply == null
                ? "there is none"
                : "code " + reply.code() + ", it must be 2yz, 4yz or 5yz with up to 500 ASCII characters a line";
    }
}
