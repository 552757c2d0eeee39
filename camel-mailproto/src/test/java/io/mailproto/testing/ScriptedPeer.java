package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/**
 * Plays one side of a {@link Transcript} over real TCP: a server for our clients ({@link #serving}) or a client for our
 * servers ({@link #talkingTo}). It has threads of its own; {@link #close()} ends them and every connection.
 *
 * <p>Nothing hangs: who says nothing for ten seconds where a line is expected has failed. A failure closes the
 * connection, and is thrown as {@link AssertionError} by {@link #assertPlayedToTheEnd()} or {@link #play()}, or by
 * {@link #close()} if nobody asked before; so in a try-with-resources block an exception of the code under test
 * carries the mismatch as a suppressed one.
 */
public final class ScriptedPeer implements Closeable {
    private final List<Transcript> transcripts;
    private final Side self;
    private final Pace pace;
    private final SSLContext tls;
    private final HostPort address;
    private final ServerSocket listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Conversation> conversations = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile Thread acceptor;
    private volatile boolean isReported;
    private volatile boolean isClosed;

    /** One connection: its player when it has come, and the end of the play. */
    private static final class Conversation {
        final CompletableFuture<TranscriptPlayer> player = new CompletableFuture<>();
        final CompletableFuture<Void> played = new CompletableFuture<>();
        final CompletableFuture<Void> afterwards = new CompletableFuture<>();
    }

    private ScriptedPeer(
            Side self,
            Pace pace,
            SSLContext tls,
            HostPort address,
            ServerSocket listener,
            List<Transcript> transcripts) {
        this.self = self;
        this.pace = pace;
        this.tls = tls;
        this.address = address;
        this.listener = listener;
        this.transcripts = transcripts;
        transcripts.forEach(transcript -> conversations.add(new Conversation()));
    }

    /** A server that plays each transcript on one connection, in the order in which they come, in one write per turn. */
    public static ScriptedPeer serving(String... transcripts) throws IOException {
        return serving(Pace.WHOLE, transcripts);
    }

    /**
     * A server on a free loopback port that plays each transcript on one connection, in the order in which they come;
     * several may be open at once. Connections beyond that are closed at once. TLS shows the certificate for localhost.
     */
    public static ScriptedPeer serving(Pace pace, String... transcripts) throws IOException {
        return serving(pace, TestCertificates.server(), transcripts);
    }

    /** The same with another certificate. */
    public static ScriptedPeer serving(Pace pace, SSLContext tls, String... transcripts) throws IOException {
        List<Transcript> parsed =
                Arrays.stream(transcripts).map(Transcript::parse).toList();
        parsed.forEach(transcript -> transcript.requirePlayableBy(Side.SERVER));
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        HostPort address = new HostPort("127.0.0.1", listener.getLocalPort());
        ScriptedPeer peer = new ScriptedPeer(Side.SERVER, pace, tls, address, listener, parsed);
        peer.acceptor = start("scripted-server-" + address.port(), peer::acceptAll);
        return peer;
    }

    /** A client that will play the {@code C:} lines against the server. Connects in {@link #play()}. */
    public static ScriptedPeer talkingTo(Pace pace, HostPort server, String transcript) {
        return talkingTo(pace, TestCertificates.client(), server, transcript);
    }

    /** The same for a server that knows its address as the JDK does. */
    public static ScriptedPeer talkingTo(Pace pace, InetSocketAddress server, String transcript) {
        return talkingTo(pace, new HostPort(server.getAddress().getHostAddress(), server.getPort()), transcript);
    }

    /** The same, with own trust. */
    public static ScriptedPeer talkingTo(Pace pace, SSLContext tls, HostPort server, String transcript) {
        Transcript parsed = Transcript.parse(transcript);
        parsed.requirePlayableBy(Side.CLIENT);
        return new ScriptedPeer(Side.CLIENT, pace, tls, server, null, List.of(parsed));
    }

    /** Where the server is: this one (serving), or the one talked to. */
    public HostPort address() {
        return address;
    }

    /** The port of {@link #address()}. */
    public int port() {
        return address.port();
    }

    /** How many connections have come so far, those beyond the transcripts included. */
    public int connections() {
        return connections.get();
    }

    /**
     * Client role: connects and plays all lines; blocks until that is done. The connection stays open (unless the
     * transcript ends it) until {@link #close()}.
     *
     * @throws AssertionError if the server says anything else than the transcript
     */
    public void play() throws IOException {
        if (self != Side.CLIENT) {
            throw new IllegalStateException("a serving peer plays by itself");
        }
        if (connections() > 0) {
            throw new IllegalStateException("played already");
        }
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(address.host(), address.port()), (int) TranscriptPlayer.PATIENCE.toMillis());
        converse(socket);
        assertPlayedToTheEnd();
    }

    /** Waits until the other side has said a line, so that a test can interfere just then. */
    public void awaitHeard(String line) {
        Awaitility.await().atMost(TranscriptPlayer.PATIENCE).until(() -> conversations.stream()
                .map(conversation -> conversation.player.getNow(null))
                .anyMatch(player -> player != null && player.hasHeard(line)));
    }

    /** Ends the connections that there are; a server goes on to listen. */
    public void hangUp() {
        for (Conversation conversation : conversations) {
            TranscriptPlayer player = conversation.player.getNow(null);
            if (player != null) {
                player.stop();
            }
        }
    }

    /**
     * All transcripts are played to their last line and nothing came after it. Waits for it as long as the conversation
     * goes on.
     *
     * @throws AssertionError saying where it stopped and why
     */
    public void assertPlayedToTheEnd() {
        isReported = true;
        for (int i = 0; i < conversations.size(); i++) {
            await(i, conversations.get(i));
        }
    }

    private void await(int index, Conversation conversation) {
        TranscriptPlayer player;
        try {
            player = conversation.player.get(TranscriptPlayer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            while (true) {
                try {
                    conversation.played.get(100, TimeUnit.MILLISECONDS);
                    break;
                } catch (TimeoutException e) {
                    // Twice the patience: a line that does not come is reported by the player itself; this is for a
                    // write that the other side does not read.
                    if (System.nanoTime() - player.lastProgress() > 2 * TranscriptPlayer.PATIENCE.toNanos()) {
                        player.stop();
                        throw new AssertionError("transcript stands still " + player.whereabouts(), e);
                    }
                }
            }
            if (conversation.afterwards.isCompletedExceptionally()) {
                conversation.afterwards.get();
            }
            if (player.hasUnexpectedOctets()) {
                conversation.afterwards.get(TranscriptPlayer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "nobody connected to " + address + " for transcript " + (index + 1) + " of " + transcripts.size(),
                    e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the transcript was played", e);
        }
    }

    /**
     * Ends all connections and threads.
     *
     * @throws AssertionError if a line did not match and nobody has asked yet
     */
    @Override
    public void close() throws IOException {
        isClosed = true;
        if (listener != null) {
            listener.close();
            joinAcceptor();
        }
        for (Conversation conversation : conversations) {
            conversation.played.complete(null);
        }
        hangUp();
        if (!isReported) {
            isReported = true;
            for (Conversation conversation : conversations) {
                raise(conversation.played);
            }
        }
    }

    /** The port is free only when nobody sleeps in accept() any more. */
    private void joinAcceptor() {
        try {
            acceptor.join(TranscriptPlayer.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void raise(CompletableFuture<Void> played) {
        try {
            played.join();
        } catch (CompletionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    private void acceptAll() {
        while (!isClosed) {
            try {
                Socket socket = listener.accept();
                converse(socket);
            } catch (IOException e) {
                // The listener was closed; anything else would show as a connection that never comes.
                return;
            }
        }
    }

    private void converse(Socket socket) throws IOException {
        connections.incrementAndGet();
        int index = next.getAndIncrement();
        if (index >= conversations.size()) {
            socket.close();
            return;
        }
        Conversation conversation = conversations.get(index);
        TranscriptPlayer player;
        try {
            player = new TranscriptPlayer(transcripts.get(index), self, pace, socket, tls);
        } catch (IOException | RuntimeException e) {
            socket.close();
            conversation.player.completeExceptionally(e);
            throw e;
        }
        conversation.player.complete(player);
        if (isClosed) {
            // Our own end, not a failure of the play: close() may not have come to this conversation yet.
            conversation.played.complete(null);
            player.stop();
        }
        start("scripted-" + self + "-" + address.port() + "-" + index, () -> run(conversation, player));
    }

    private static void run(Conversation conversation, TranscriptPlayer player) {
        try {
            player.play();
            conversation.played.complete(null);
        } catch (AssertionError | RuntimeException e) {
            conversation.played.completeExceptionally(e);
            player.stop();
            return;
        }
        try {
            player.listenAfterTheEnd();
            conversation.afterwards.complete(null);
        } catch (AssertionError | RuntimeException e) {
            conversation.afterwards.completeExceptionally(e);
            player.stop();
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
