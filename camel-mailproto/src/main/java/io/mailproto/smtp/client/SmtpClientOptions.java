package io.mailproto.smtp.client;

import io.mailproto.address.Domain;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.MinimumRate;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that a conversation needs to know beforehand. Immutable; one object serves any number of conversations.
 */
public final class SmtpClientOptions {
    /** What Postfix asks of its peers too: slower than 500 octets a second over three minutes is no transfer. */
    public static final MinimumRate DEFAULT_RATE = new MinimumRate(500, Duration.ofMinutes(3));

    private final Domain ehloName;
    private final TlsMode tlsMode;
    private final TlsSettings tlsSettings;
    private final SmtpLogin login;
    private final SmtpTimeouts timeouts;
    private final BareLineEnding bareLineEnding;
    private final MinimumRate minimumRate;
    private final boolean pipelining;
    private final boolean chunking;
    private final boolean lmtp;

    private SmtpClientOptions(
            Domain ehloName,
            TlsMode tlsMode,
            TlsSettings tlsSettings,
            SmtpLogin login,
            SmtpTimeouts timeouts,
            BareLineEnding bareLineEnding,
            MinimumRate minimumRate,
            boolean pipelining,
            boolean chunking,
            boolean lmtp) {
        this.ehloName = ehloName;
        this.tlsMode = tlsMode;
        this.tlsSettings = tlsSettings;
        this.login = login;
        this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
        this.bareLineEnding = Objects.requireNonNull(bareLineEnding, "bareLineEnding");
        this.minimumRate = minimumRate;
        this.pipelining = pipelining;
        this.chunking = chunking;
        this.lmtp = lmtp;
    }

    /**
     * No TLS, no login, the RFC's timeouts, pipelining and chunking when offered, bare line endings repaired; EHLO names the local
     * address as a literal.
     */
    public static SmtpClientOptions defaults() {
        return new SmtpClientOptions(
                null,
                TlsMode.NONE,
                null,
                null,
                SmtpTimeouts.defaults(),
                BareLineEnding.NORMALIZE,
                DEFAULT_RATE,
                true,
                true,
                false);
    }

    /** With this name in EHLO; null for the connection's local address as a literal (RFC 5321 §4.1.4). */
    public SmtpClientOptions withEhloName(Domain name) {
        return new SmtpClientOptions(
                name, tlsMode, tlsSettings, login, timeouts, bareLineEnding, minimumRate, pipelining, chunking, lmtp);
    }

    /**
     * With TLS as told.
     *
     * @param settings may be null only for {@link TlsMode#NONE}
     */
    public SmtpClientOptions withTls(TlsMode mode, TlsSettings settings) {
        if (mode != TlsMode.NONE && settings == null) {
            throw new IllegalArgumentException("TLS mode " + mode + " needs TLS settings");
        }
        return new SmtpClientOptions(
                ehloName, mode, settings, login, timeouts, bareLineEnding, minimumRate, pipelining, chunking, lmtp);
    }

    /** With authentication; null for none. */
    public SmtpClientOptions withLogin(SmtpLogin newLogin) {
        return new SmtpClientOptions(
                ehloName,
                tlsMode,
                tlsSettings,
                newLogin,
                timeouts,
                bareLineEnding,
                minimumRate,
                pipelining,
                chunking,
                lmtp);
    }

    /** With other timeouts. */
    public SmtpClientOptions withTimeouts(SmtpTimeouts newTimeouts) {
        return new SmtpClientOptions(
                ehloName,
                tlsMode,
                tlsSettings,
                login,
                newTimeouts,
                bareLineEnding,
                minimumRate,
                pipelining,
                chunking,
                lmtp);
    }

    /** What becomes of a CR or LF that stands alone in a message: outbound it could smuggle a second message. */
    public SmtpClientOptions withBareLineEnding(BareLineEnding policy) {
        return new SmtpClientOptions(
                ehloName, tlsMode, tlsSettings, login, timeouts, policy, minimumRate, pipelining, chunking, lmtp);
    }

    /** How fast the peer must take a message; null for no limit but the timeout of each block. */
    public SmtpClientOptions withMinimumRate(MinimumRate rate) {
        return new SmtpClientOptions(
                ehloName, tlsMode, tlsSettings, login, timeouts, bareLineEnding, rate, pipelining, chunking, lmtp);
    }

    /** Whether PIPELINING is used when offered. */
    public SmtpClientOptions withPipelining(boolean whenOffered) {
        return new SmtpClientOptions(
                ehloName,
                tlsMode,
                tlsSettings,
                login,
                timeouts,
                bareLineEnding,
                minimumRate,
                whenOffered,
                chunking,
                lmtp);
    }

    /** Whether CHUNKING is used when offered. */
    public SmtpClientOptions withChunking(boolean whenOffered) {
        return new SmtpClientOptions(
                ehloName,
                tlsMode,
                tlsSettings,
                login,
                timeouts,
                bareLineEnding,
                minimumRate,
                pipelining,
                whenOffered,
                lmtp);
    }

    /** Whether LMTP (RFC 2033) is spoken instead of SMTP: LHLO, and a reply for each recipient after the message. */
    public SmtpClientOptions withLmtp(boolean isWanted) {
        return new SmtpClientOptions(
                ehloName,
                tlsMode,
                tlsSettings,
                login,
                timeouts,
                bareLineEnding,
                minimumRate,
                pipelining,
                chunking,
                isWanted);
    }

    public Optional<Domain> ehloName() {
        return Optional.ofNullable(ehloName);
    }

    public TlsMode tlsMode() {
        return tlsMode;
    }

    /** Present unless the mode is {@link TlsMode#NONE}. */
    public Optional<TlsSettings> tlsSettings() {
        return Optional.ofNullable(tlsSettings);
    }

    public Optional<SmtpLogin> login() {
        return Optional.ofNullable(login);
    }

    public SmtpTimeouts timeouts() {
        return timeouts;
    }

    public BareLineEnding bareLineEnding() {
        return bareLineEnding;
    }

    public Optional<MinimumRate> minimumRate() {
        return Optional.ofNullable(minimumRate);
    }

    public boolean isPipeliningWanted() {
        return pipelining;
    }

    public boolean isChunkingWanted() {
        return chunking;
    }

    /** LMTP instead of SMTP? */
    public boolean isLmtp() {
        return lmtp;
    }
}
