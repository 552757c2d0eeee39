package io.mailproto.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One conversation over TCP, later perhaps over TLS. For one thread at a time, except {@link #abort}, which any thread
 * may call, and a farewell that another thread writes while the owner waits for input. All reads and writes block
 * within the {@link Deadline} of the current {@link Step}. After any {@link WireException} the connection is closed.
 */
public final class Connection implements Closeable, OctetSource {

    private static final long NOT_WATCHED = Long.MAX_VALUE;
    private static final int LAST_WORDS_MILLIS = 200;
    private static final Duration GENTLE_CLOSE = Duration.ofSeconds(1);
    private static final int PIECE = 64 * 1024;

    private final boolean isProxied;
    private final Socket rawSocket;
    private final InetSocketAddress localAddress;
    private final Watchdog watchdog;
    private final Trace trace;
    private final LineReader in;
    private final LineWriter out;
    private final AtomicBoolean closed = new AtomicBoolean();

    private volatile HostPort peer;
    private volatile InetSocketAddress remoteAddress;
    private Socket socket;
    private InputStream input;
    private OutputStream output;
    private TlsFacts tls;
    /** As a client only. */
    private volatile SSLSession tlsSession;

    private volatile Deadline deadline = Deadline.in(Duration.ofMinutes(5));
    private volatile Step step = Step.of("starting the conversation");
    private boolean areReadsWatched;
    private MinimumRate rate;
    private long rateStart;
    private long rateOctets;

    private final SentSecrets secrets = new SentSecrets();
    private Runnable whenLate;
    private volatile String abortReason;
    private volatile boolean overdue;
    /** When the write or handshake in progress must have ended, by {@link System#nanoTime}. */
    private volatile long writeEnd = NOT_WATCHED;
    /** The same for the read in progress, unless that has a time limit of its own. */
    private volatile long readEnd = NOT_WATCHED;

    Connection(HostPort peer, Socket connected, Watchdog watchdog) throws IOException {
        this(peer, connected, watchdog, false);
    }

    /** @param isProxied whether the other end of the socket is not yet the peer */
    Connection(HostPort peer, Socket connected, Watchdog watchdog, boolean isProxied) throws IOException {
        this.isProxied = isProxied;
        this.peer = peer;
        this.rawSocket = connected;
        this.socket = connected;
        this.remoteAddress = (InetSocketAddress) connected.getRemoteSocketAddress();
        this.localAddress = (InetSocketAddress) connected.getLocalSocketAddress();
        this.watchdog = watchdog;
        connected.setTcpNoDelay(true);
        connected.setKeepAlive(true);
        this.input = connected.getInputStream();
        this.output = connected.getOutputStream();
        this.trace = new Trace(peer + "/" + localAddress.getPort());
        this.in = new LineReader(this, trace, secrets);
        this.out = new LineWriter(this, trace, secrets);
        watchdog.watch(this);
    }

    /** The other side as it was asked for (client) or as it came (server). */
    public HostPort peer() {
        return peer;
    }

    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** A proxy has told on whose behalf it has come; from now on that is the other side. */
    void actFor(InetSocketAddress client) {
        remoteAddress = client;
        peer = new HostPort(client.getAddress().getHostAddress(), client.getPort());
        trace.note("the client is " + peer);
    }

    /** True if the other side is on this machine, by its address and not by its name; never through a proxy. */
    public boolean isLoopback() {
        return !isProxied && remoteAddress.getAddress().isLoopbackAddress();
    }

    public LineReader in() {
        return in;
    }

    public LineWriter out() {
        return out;
    }

    /** What was agreed with the peer; empty while in clear. */
    public Optional<TlsFacts> tls() {
        return Optional.ofNullable(tls);
    }

    /** Gives all following reads and writes a time and errors their words, until set anew. */
    public void within(Deadline newDeadline, Step newStep) {
        deadline = newDeadline;
        step = newStep;
    }

    /** The step that is being done. */
    public Step step() {
        return step;
    }

    /** From now on octets must move at least so fast, both ways counted together; ended by {@link #noMinimumRate}. */
    public void minimumRate(MinimumRate newRate) {
        rate = newRate;
        rateStart = System.nanoTime();
        rateOctets = 0;
    }

    /**
     * From now on the watchdog guards reads, as it does writes, so that they may end a quarter of a second late. A read that
     * has a timeout of its own costs Java three system calls, one without costs a single one, as long as there never was
     * another; where each answer is waited for, that is much of all the work.
     */
    public void watchReads() {
        areReadsWatched = true;
    }

    public void noMinimumRate() {
        rate = null;
    }

    /**
     * What to do before the connection is closed because octets do not come in time: to say so. Runs once, on the thread
     * that waits for them, and sets a deadline for what it writes.
     */
    public void whenLate(Runnable farewell) {
        whenLate = farewell;
    }

    /**
     * Begins TLS as the client, under the current deadline. What was learned before in clear must be forgotten by the
     * caller.
     *
     * @throws ProtocolViolation if octets have been received already that belong behind the handshake (RFC 3207 §6)
     * @throws TlsFailed if the certificate is refused or the handshake fails
     */
    public void startTls(TlsSettings settings) throws WireException {
        handshake(settings, true);
    }

    /** Begins TLS as the server; otherwise as {@link #startTls}. */
    public void acceptTls(TlsSettings settings) throws WireException {
        handshake(settings, false);
    }

    private void handshake(TlsSettings settings, boolean asClient) throws WireException {
        if (in.hasBuffered()) {
            throw violation("the TLS handshake", "octets in clear in front of it");
        }
        int timeout = millisLeft();
        try {
            SSLSocket secured = (SSLSocket)
                    settings.context().getSocketFactory().createSocket(rawSocket, peer.host(), peer.port(), true);
            secured.setUseClientMode(asClient);
            if (asClient && settings.verifyHostname()) {
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
            }
            settings.limitProtocols(secured);
            secured.setSoTimeout(timeout);
            writeEnd = nanosAtEnd();
            secured.startHandshake();
            writeEnd = NOT_WATCHED;
            socket = secured;
            input = secured.getInputStream();
            output = secured.getOutputStream();
            SSLSession session = secured.getSession();
            boolean verified = settings.verifyTrust() && (!asClient || settings.verifyHostname());
            tlsSession = asClient ? session : null;
            tls = new TlsFacts(
                    session.getProtocol(), session.getCipherSuite(), verified, serverCertificate(session, asClient));
            trace.note("TLS " + tls.protocol() + " " + tls.cipher());
        } catch (SocketTimeoutException e) {
            throw late(e);
        } catch (SSLHandshakeException e) {
            throw handshakeFailed(settings, e);
        } catch (IOException e) {
            if (abortReason != null || overdue) {
                throw lost(e);
            }
            close();
            String question = isAnsweredInClear(e) ? "; does the other side speak TLS on this port?" : "";
            throw new TlsFailed(
                    name(), step, "the TLS handshake broke off: " + Excerpt.of(reasonOf(e)) + question, false, e);
        }
    }

    /** What the JDK says of octets that are no TLS record, such as a greeting. */
    private static boolean isAnsweredInClear(IOException e) {
        return e instanceof SSLException && reasonOf(e).contains("unrecognized SSL message");
    }

    private static X509Certificate serverCertificate(SSLSession session, boolean asClient)
            throws SSLPeerUnverifiedException {
        Certificate[] chain = asClient ? session.getPeerCertificates() : session.getLocalCertificates();
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate certificate
                ? certificate
                : null;
    }

    private TlsFailed handshakeFailed(TlsSettings settings, SSLHandshakeException e) {
        close();
        boolean refused = false;
        Throwable deepest = e;
        for (Throwable t = e; t != null; t = t.getCause()) {
            refused |= t instanceof CertificateException || t instanceof java.security.cert.CertPathValidatorException;
            deepest = t;
        }
        if (!refused) {
            return new TlsFailed(name(), step, "the TLS handshake failed: " + Excerpt.of(reasonOf(e)), false, e);
        }
        String advice = settings.advice().isEmpty() ? "" : "; " + settings.advice();
        String what =
                "the certificate of " + peer.host() + " is not accepted: " + Excerpt.of(reasonOf(deepest)) + advice;
        return new TlsFailed(name(), step, what, true, e);
    }

    /**
     * From now on octets go compressed both ways (RFC 4978), below lines and above TLS. What was buffered of the peer's
     * octets counts as compressed: it may begin right behind the line that agrees.
     */
    public void startDeflate() {
        input = new DeflatedInput(input, this, in.takeBuffered(), DeflatedInput.FREE);
        // As for the inflater: freed by its cleaner.
        output = new DeflaterOutputStream(output, new Deflater(Deflater.DEFAULT_COMPRESSION, true), 16 * 1024, true);
        trace.note("compressed with deflate");
    }

    /**
     * Closes and returns the exception to throw when the peer did not speak as expected.
     *
     * @param expected in words
     * @param got what came; is cut and escaped
     */
    public ProtocolViolation violation(String expected, String got) {
        close();
        return new ProtocolViolation(
                name(), step, "expected " + expected + ", got \"" + Excerpt.of(hide(got)) + "\"", null);
    }

    /**
     * A text of the peer's without the secrets that were sent to it by {@link LineWriter#sendSecret}: peers exist that say
     * back what they do not understand. To be asked before such a text gets into a log or an exception.
     */
    public String hide(String text) {
        return secrets.hide(text);
    }

    /** Has {@link #hide} hide a secret that is sent in a way of its own, such as an IMAP literal. */
    public void conceal(String secret) {
        secrets.add(secret);
    }

    /** Closes and returns the exception to throw when the peer sends more than is taken. */
    @Override
    public LimitExceeded tooMuch(String what) {
        close();
        return new LimitExceeded(name(), step, what, null);
    }

    /** Closes the socket at once; the thread that is blocked in it gets {@link ConnectionLost} with the reason. */
    public void abort(String reason) {
        abortReason = reason;
        close();
    }

    public boolean isOpen() {
        return !closed.get();
    }

    /** Closes without a farewell; never blocks, never throws, harmless when repeated. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watchdog.forget(this);
        SSLSession session = tlsSession;
        if (session != null) {
            // No later connection may resume it: servers that verify client certificates without a session context
            // break
            // off when one does (OpenSSL's error 0A000115; Dovecot with ssl_verify_client_cert).
            session.invalidate();
        }
        try {
            // The socket below TLS: closing the upper one may block on its close_notify.
            rawSocket.close();
        } catch (IOException e) {
            trace.note("closing failed: " + e.getMessage());
        }
    }

    /**
     * Closes so that what was sent last still arrives: octets that meet a closed socket are answered with a reset, which
     * makes the other side forget what it has not read yet (RFC 1122 §4.2.2.13). So it is told that no more will come,
     * and what it still sends is read and forgotten until it closes too. Blocks for a second at most.
     */
    public void closeGently() {
        if (closed.get()) {
            return;
        }
        Deadline end = Deadline.in(GENTLE_CLOSE);
        writeEnd = System.nanoTime() + end.remainingNanos();
        try {
            if (socket != rawSocket) {
                socket.shutdownOutput();
            }
            if (!rawSocket.isOutputShutdown()) {
                rawSocket.shutdownOutput();
            }
            byte[] forgotten = new byte[8192];
            InputStream rest = rawSocket.getInputStream();
            int read = 0;
            while (read >= 0 && !end.isOver()) {
                rawSocket.setSoTimeout((int) Math.max(1, end.remaining().toMillis()));
                read = rest.read(forgotten, 0, forgotten.length);
            }
        } catch (IOException e) {
            // Late, gone or aborted: it is closed in any case.
            trace.note("the other side did not close: " + reasonOf(e));
        } finally {
            writeEnd = NOT_WATCHED;
            close();
        }
    }

    void abortIfOverdue(long now) {
        if (isOver(writeEnd, now) || isOver(readEnd, now)) {
            overdue = true;
            close();
        }
    }

    private static boolean isOver(long end, long now) {
        return end != NOT_WATCHED && now - end > 0;
    }

    /** Nobody guards a read in progress any more. */
    void watchdogStops() {
        if (readEnd != NOT_WATCHED) {
            abort("nobody watches over it any more");
        }
    }

    @Override
    public int receive(byte[] buffer, int offset, int length) throws WireException {
        try {
            if (nanosLeft() <= 0) {
                throw lateReading(null);
            }
            int read = areReadsWatched && watchdog.isRunning()
                    ? readWatched(buffer, offset, length)
                    : readTimed(buffer, offset, length);
            if (read > 0) {
                moved(read);
            } else if (abortReason != null || overdue) {
                throw lost(null);
            }
            return read;
        } catch (SocketTimeoutException e) {
            throw lateReading(e);
        } catch (WireException e) {
            throw e;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private int readTimed(byte[] buffer, int offset, int length) throws IOException {
        socket.setSoTimeout(millisLeft());
        return input.read(buffer, offset, length);
    }

    private int readWatched(byte[] buffer, int offset, int length) throws IOException {
        if (socket.getSoTimeout() != 0) {
            socket.setSoTimeout(0);
        }
        readEnd = nanosAtEnd();
        try {
            if (!watchdog.isRunning()) {
                // It was stopped this very moment, and has not seen this read.
                return readTimed(buffer, offset, length);
            }
            return input.read(buffer, offset, length);
        } finally {
            readEnd = NOT_WATCHED;
        }
    }

    @Override
    public int receiveWithin(Duration time, byte[] buffer, int offset, int length) throws WireException {
        try {
            socket.setSoTimeout((int) Math.max(1, Math.min(time.toMillis(), Integer.MAX_VALUE)));
            return input.read(buffer, offset, length);
        } catch (SocketTimeoutException e) {
            trace.note("nothing came within " + Durations.inWords(time));
            return 0;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** What the peer sent before it stopped reading; -1 if nothing can be had any more. For one who is about to close. */
    int receiveLastWords(byte[] buffer, int offset, int length) {
        if (closed.get()) {
            return -1;
        }
        try {
            socket.setSoTimeout(LAST_WORDS_MILLIS);
            return input.read(buffer, offset, length);
        } catch (IOException nothingMore) {
            // The failed write is what is reported; this was only to learn why.
            trace.note("nothing more came: " + reasonOf(nothingMore));
            return -1;
        }
    }

    void transmit(byte[] octets, int offset, int length) throws WireException {
        // In pieces, so that a renewing deadline and the minimum rate see a big write move.
        int end = offset + length;
        for (int from = offset; from < end; from += PIECE) {
            transmitPiece(octets, from, Math.min(PIECE, end - from));
        }
    }

    private void transmitPiece(byte[] octets, int offset, int length) throws WireException {
        if (closed.get()) {
            throw lost(null);
        }
        millisLeft();
        writeEnd = nanosAtEnd();
        try {
            output.write(octets, offset, length);
            // Matters only where a compressor keeps octets back.
            output.flush();
        } catch (IOException e) {
            writeEnd = NOT_WATCHED;
            in.keepLastWords(this);
            throw lost(e);
        } finally {
            writeEnd = NOT_WATCHED;
        }
        moved(length);
    }

    private void moved(int octets) {
        deadline.progressed();
        if (rate != null) {
            rateOctets += octets;
        }
    }

    private long nanosAtEnd() {
        return System.nanoTime() + nanosLeft();
    }

    private long nanosLeft() {
        long left = deadline.remainingNanos();
        if (rate != null) {
            left = Math.min(left, rate.allowedNanos(rateOctets) - (System.nanoTime() - rateStart));
        }
        return left;
    }

    private int millisLeft() throws WireException {
        long left = nanosLeft();
        if (left <= 0) {
            throw late(null);
        }
        // A timeout of 0 would mean for ever.
        return (int) Math.max(1, Math.min(left / 1_000_000, Integer.MAX_VALUE));
    }

    private DeadlineExceeded lateReading(Throwable cause) {
        DeadlineExceeded lateness = lateness(cause);
        Runnable farewell = whenLate;
        whenLate = null;
        if (farewell != null && !closed.get()) {
            rate = null;
            farewell.run();
            closeGently();
        }
        close();
        return lateness;
    }

    private DeadlineExceeded late(Throwable cause) {
        close();
        return lateness(cause);
    }

    private DeadlineExceeded lateness(Throwable cause) {
        String what = deadline.isOver() || rate == null
                ? "no answer within " + deadline
                : "slower than " + rate.octetsPerSecond() + " octets/s";
        return new DeadlineExceeded(name(), step, what, cause);
    }

    @Override
    public ConnectionLost endOfStream() {
        close();
        return new ConnectionLost(name(), step, "the peer closed the connection", null);
    }

    private WireException lost(IOException cause) {
        close();
        if (overdue) {
            return late(cause);
        }
        if (abortReason != null) {
            return new ConnectionLost(name(), step, "aborted: " + abortReason, cause);
        }
        String what =
                cause == null ? "the connection is closed" : "the connection broke: " + Excerpt.of(reasonOf(cause));
        return new ConnectionLost(name(), step, what, cause);
    }

    private String name() {
        return peer.toString();
    }

    private static String reasonOf(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public String toString() {
        return peer + (tls == null ? "" : " over " + tls.protocol()) + (isOpen() ? "" : " (closed)");
    }
}
