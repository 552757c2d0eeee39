package io.mailproto.smtp.server;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.SessionState;
import io.mailproto.smtp.SmtpCommand;
import io.mailproto.smtp.SmtpCommandParser;
import io.mailproto.smtp.SmtpSyntaxException;
import io.mailproto.smtp.Verb;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.ClientRate;
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
import java.util.Collections;
import java.util.Optional;
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
    /** Chunks below this size bring a message nearer to its end so slowly that they count as chatter. */
    private static final int SMALL_CHUNK = 1024;

    private static final Reply MESSAGE_BEGUN =
            Reply.of(503, "5.5.1 the message has begun with BDAT and must go on with it");

    private final Connection connection;
    private final LineReader in;
    private final SmtpServerOptions options;
    private final Spool spool;
    /** Of messages; shared by all sessions of the server. */
    private final ClientRate rate;

    private final Supplier<String> ids;
    private final SmtpCommandParser parser;
    private final Dialogue dialogue;
    private final Authentication authentication;
    private final HelloReply self;
    private final EnvelopeRules rules;
    private final PolicyQuestions policy;
    private final MessageDelivery delivery;
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
            ClientRate rate,
            Supplier<String> ids) {
        this.connection = connection;
        this.in = connection.in();
        this.options = options;
        this.spool = spool;
        this.rate = rate;
        this.ids = ids;
        this.parser = new SmtpCommandParser(options.rules().isEnvelopeStrict());
        this.dialogue = new Dialogue(connection, options.timeouts(), MAX_AUTH_LINE);
        this.authentication = new Authentication(connection, dialogue, options.security());
        this.self = new HelloReply(options);
        this.policy = new PolicyQuestions(connection.peer().toString());
        this.rules = new EnvelopeRules(options);
        this.delivery = new MessageDelivery(connection, dialogue, options, handler);
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
            endTransaction();
            LOG.debug("{}: session ended after {} messages", connection.peer(), messages);
        }
    }

    private Reply greeting() throws WireException {
        Duration delay = options.rules().earlyTalkerDelay();
        if (!delay.isZero() && in.await(delay)) {
            isEnding = true;
            return Reply.of(554, "5.5.1 a client must wait for the greeting");
        }
        Optional<Reply> refusal = policy.refusal(() -> options.policy().connect(facts()));
        // RFC 5321 §3.1: 554 instead of 220, and the client may only QUIT; it does so more surely if it has to.
        refusal.ifPresent(reply -> isEnding = true);
        return refusal.orElseGet(self::greeting);
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
        boolean isLine = !line.equals(Dialogue.TLS_HELLO);
        if (isLine && in.lastLineTooLong()) {
            return Reply.of(500, "5.5.2 line too long");
        }
        // The same rule as for messages: what ends a line must not be open to two readings.
        if (isLine && in.lastLineEndedBare() && options.rules().bareLineEnding() == BareLineEnding.REJECT) {
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
        if (!self.isSpoken(verb)) {
            return Reply.of(
                    500, "5.5.1 " + verb + " is not for " + (options.dialect().isLmtp() ? "LMTP" : "SMTP"));
        }
        if (verb == Verb.BDAT) {
            return chunk((SmtpCommand.Bdat) command);
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
            case EHLO, HELO, LHLO -> hello((SmtpCommand.Hello) command);
            case STARTTLS -> startTls();
            case AUTH -> auth((SmtpCommand.Auth) command);
            case MAIL -> mail((SmtpCommand.MailFrom) command);
            case RCPT -> rcpt((SmtpCommand.RcptTo) command);
            case DATA -> data();
            case BDAT -> chunk((SmtpCommand.Bdat) command);
            case RSET -> reset();
            case NOOP -> Reply.of(250, "2.0.0 ok");
            case VRFY ->
                policy.answer(() -> options.policy().verify(facts(), ((SmtpCommand.Verify) command).subject()))
                        .orElse(Reply.of(252, "2.5.2 cannot say, but will take the message and try"));
            case EXPN ->
                policy.answer(() -> options.policy().expand(facts(), ((SmtpCommand.Expand) command).list()))
                        .orElse(Reply.of(502, "5.5.1 EXPN is not offered"));
            case HELP -> self.help();
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
        Optional<Reply> refusal = policy.refusal(() -> options.policy().helo(facts));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        heloName = facts.heloName();
        isExtended = hello.isExtended();
        state = SessionState.GREETED;
        endTransaction();
        return hello.isExtended() ? self.hello(connection.tls().isPresent(), authentication.offered()) : self.hello();
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
        endTransaction();
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

    private Reply mail(SmtpCommand.MailFrom mail) throws WireException {
        SessionFacts facts = facts();
        if (!rate.permits(facts.remoteAddress().getAddress())) {
            return Reply.of(450, "4.7.1 too many messages from your address, try again later");
        }
        Optional<Reply> refusal = rules.refusalOf(mail, facts, authentication.isOffered());
        if (refusal.isEmpty()) {
            refusal = policy.refusal(() -> options.policy().mail(facts, mail.sender()));
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        try {
            transaction = new Transaction(mail, mail.parameters().size().orElse(-1L));
        } catch (SmtpSyntaxException fault) {
            return reply(fault);
        }
        state = SessionState.IN_TRANSACTION;
        return Reply.of(250, "2.1.0 sender ok");
    }

    private Reply rcpt(SmtpCommand.RcptTo rcpt) {
        if (transaction.chunks() != null) {
            return MESSAGE_BEGUN;
        }
        if (transaction.recipients() >= options.limits().maxRecipients()) {
            // RFC 5321 §4.5.3.1.10: 452, so that the client sends the rest in another transaction.
            return transaction.countTooMany() > MAX_OVERSHOOT
                    ? Reply.of(421, "4.7.0 too many recipients, closing")
                    : Reply.of(452, "4.5.3 too many recipients");
        }
        Optional<Reply> refusal = rules.refusalOf(rcpt, transaction.isUtf8());
        if (refusal.isEmpty()) {
            refusal = policy.refusal(() -> options.policy().rcpt(facts(), transaction.sender(), rcpt.recipient()));
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        transaction.add(rcpt);
        return Reply.of(250, "2.1.5 recipient ok");
    }

    private Reply data() throws WireException {
        if (transaction.chunks() != null) {
            return MESSAGE_BEGUN;
        }
        if (in.hasBuffered() && user.isEmpty()) {
            // RFC 2920 §3.1: DATA is the last of a group. A message that comes unasked is how smuggling looks.
            isEnding = true;
            return Reply.of(503, "5.5.0 a client must wait for the reply to DATA");
        }
        Optional<Reply> refusal = refusalOfMessage();
        if (refusal.isPresent()) {
            isEnding |= in.hasBuffered();
            return refusal.get();
        }
        dialogue.replyNow(Reply.of(354, "go on, end with a line that is a lone dot"));
        Transaction ended = transaction;
        // However it ends, the transaction is over (RFC 5321 §4.1.1.4).
        transaction = null;
        state = SessionState.GREETED;
        String id = ids.get();
        Envelope envelope = ended.envelope();
        try (IncomingMessage message = incoming(ended, id, envelope)) {
            MessageReceiver.Outcome outcome = new MessageReceiver(connection, options).receive(message);
            isEnding = outcome.isEnding();
            end(ended, id, envelope, outcome.octets(), outcome.refusal());
        }
        return null;
    }

    // RFC 3030 §2. The octets follow whatever the reply will be, and nothing in them is a command.
    private Reply chunk(SmtpCommand.Bdat bdat) throws WireException {
        if (!options.dialect().isChunkingOffered()) {
            isEnding = true;
            return state == SessionState.IN_TRANSACTION
                    ? Reply.of(502, "5.5.1 BDAT is not offered")
                    : outOfOrder(Verb.BDAT);
        }
        if (!bdat.isLast() && bdat.octets() < SMALL_CHUNK) {
            budget.chatter();
        }
        dialogue.flush();
        Optional<Reply> refusal = Optional.empty();
        if (state != SessionState.IN_TRANSACTION) {
            refusal = Optional.of(outOfOrder(Verb.BDAT));
        } else if (transaction.chunks() == null) {
            refusal = refusalOfMessage();
        }
        if (refusal.isPresent()) {
            isEnding |= !ChunkedMessage.skip(connection, options, bdat.octets());
            return refusal.get();
        }
        if (transaction.chunks() == null) {
            String id = ids.get();
            Envelope envelope = transaction.envelope();
            transaction.beginChunks(
                    new ChunkedMessage(connection, options, id, envelope, incoming(transaction, id, envelope)));
        }
        ChunkedMessage message = transaction.chunks();
        isEnding |= !message.read(bdat.octets());
        Octets octets = bdat.isLast() ? message.finish() : null;
        if (message.refusal().isEmpty() && !bdat.isLast()) {
            return Reply.of(250, "2.0.0 " + bdat.octets() + " octets received");
        }
        // A chunk that is refused ends the transaction too: those that follow are answered with 503.
        Transaction ended = transaction;
        transaction = null;
        state = SessionState.GREETED;
        try (ended) {
            if (!bdat.isLast()) {
                return message.refusal().get();
            }
            end(
                    ended,
                    message.id(),
                    message.envelope(),
                    octets,
                    message.refusal().orElse(null));
        }
        return null;
    }

    /** Why no message is taken now. */
    private Optional<Reply> refusalOfMessage() {
        if (transaction.recipients() == 0) {
            // RFC 2033 §4.2 wants 503 in LMTP, where each reply behind the message would be a recipient's.
            return Optional.of(
                    options.dialect().isLmtp()
                            ? Reply.of(503, "5.5.1 no valid recipients")
                            : Reply.of(554, "5.5.1 no valid recipients"));
        }
        if (dialogue.isDismissed()) {
            // What is not asked for now need not be waited for.
            return Optional.of(Reply.of(421, "4.3.2 shutting down, closing"));
        }
        Envelope envelope = transaction.envelope();
        return policy.refusal(() -> options.policy().data(facts(), envelope));
    }

    private IncomingMessage incoming(Transaction of, String id, Envelope envelope) {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        boolean isLmtp = options.dialect().isLmtp();
        String field = ReceivedField.of(facts(), options.serverName(), isLmtp, id, envelope, of.isUtf8(), now);
        return new IncomingMessage(connection.peer().toString(), options.limits(), spool, field, of.announcedOctets());
    }

    /** The message is there, or refused: says what becomes of it. */
    private void end(Transaction ended, String id, Envelope envelope, Octets octets, Reply refusal)
            throws WireException {
        if (octets == null) {
            LOG.debug("{}: message {} refused: {}", connection.peer(), id, refusal);
            connection.within(Deadline.in(options.timeouts().command()), Step.of("answering the final dot"));
            boolean isForEach = options.dialect().isLmtp() && !isEnding;
            dialogue.replyNow(Collections.nCopies(isForEach ? ended.recipients() : 1, refusal));
            return;
        }
        messages++;
        MessageDelivery.Outcome outcome = delivery.deliver(new ReceivedMessage(
                id, facts(), envelope, octets, ended.parameters(), ended.recipientParameters(), Instant.now()));
        isEnding |= outcome.isEnding();
        if (outcome.isAccepted()) {
            budget.reset();
        }
    }

    private void endTransaction() {
        if (transaction != null) {
            transaction.close();
            transaction = null;
        }
    }

    private Reply reset() {
        endTransaction();
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
}
