package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * Dovecot: IMAP, POP3, LMTP and submission on loopback ports, with the users alice/secret1, bob/secret2, carol/secret3
 * and, with a quota of 64 kB, small/secret4, all {@code @example.test}. It shows the good certificate of
 * {@link TestCertificates}; plaintext logins are allowed. Mailboxes are Maildirs with the folders Drafts, Junk, Sent,
 * Trash and Archive beside INBOX; {@code /} separates levels.
 */
public final class DovecotPeer extends PeerFixture {
    /** A user, by the name to log in with. */
    public static final String ALICE = "alice@example.test";

    public static final String BOB = "bob@example.test";
    public static final String CAROL = "carol@example.test";
    public static final String SMALL = "small@example.test";

    private static final Map<String, String> PASSWORDS = Map.of(
            ALICE, "secret1",
            BOB, "secret2",
            CAROL, "secret3",
            SMALL, "secret4");

    private static final int IMAP = 43;
    private static final int IMAPS = 93;
    private static final int POP3 = 10;
    private static final int POP3S = 95;
    private static final int LMTP = 24;
    private static final int SUBMISSION = 87;
    private static final int SUBMISSIONS = 65;
    private static final int RELAY = 99;
    private static final byte[] FILLER =
            "The quick brown fox jumps over the lazy dog 0123456789 abcdef.\n".getBytes(StandardCharsets.US_ASCII);

    private PortBlock ports;
    private PeerProcess process;
    private String mailUser;
    private String mailGroup;

    private DovecotPeer() {}

    /** For a static {@code @RegisterExtension} field. */
    public static DovecotPeer extension() {
        return new DovecotPeer();
    }

    /** Starts it with its state below a directory, or skips the test. The caller closes it. */
    public static DovecotPeer startOrSkip(Path directory) throws IOException {
        DovecotPeer peer = new DovecotPeer();
        peer.start(directory);
        return peer;
    }

    @Override
    void requireAvailable() {
        PeerCommand.requireInstalled("dovecot");
        PeerCommand.requireInstalled("doveadm");
    }

    @Override
    void launch(Path below) throws IOException {
        for (String sub : List.of("run", "state", "mail")) {
            PeerDirectory.open(below.resolve(sub));
        }
        TestCertificates.writePem(below.resolve("tls"), TestCertificates.Kind.LOCALHOST);
        ports = PortBlock.find(IMAP, IMAPS, POP3, POP3S, LMTP, SUBMISSION, SUBMISSIONS, RELAY);
        boolean isRoot = PeerDirectory.isRoot();
        String self = System.getProperty("user.name");
        String ownGroup = PeerDirectory.ownGroup(below);
        // Dovecot refuses uid 0 for mail users.
        mailUser = isRoot ? "mail" : self;
        mailGroup = isRoot ? "mail" : ownGroup;
        if (isRoot) {
            PeerDirectory.give(below.resolve("mail"), mailUser, mailGroup);
        }
        writeUsers(below);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("DIR", below.toString());
        values.put("BASE", String.valueOf(ports.at(0)));
        values.put("LISTEN", PortBlock.hasIpv6() ? "127.0.0.1, ::1" : "127.0.0.1");
        values.put("LOGIN_USER", isRoot ? "dovenull" : self);
        values.put("USER", isRoot ? "dovecot" : self);
        values.put("GROUP", isRoot ? "dovecot" : ownGroup);
        values.put("MAIL_USER", mailUser);
        values.put("MAIL_GROUP", mailGroup);
        values.put("IMAP", String.valueOf(ports.at(IMAP)));
        values.put("IMAPS", String.valueOf(ports.at(IMAPS)));
        values.put("POP3", String.valueOf(ports.at(POP3)));
        values.put("POP3S", String.valueOf(ports.at(POP3S)));
        values.put("LMTP", String.valueOf(ports.at(LMTP)));
        values.put("SUBMISSION", String.valueOf(ports.at(SUBMISSION)));
        values.put("SUBMISSIONS", String.valueOf(ports.at(SUBMISSIONS)));
        values.put("RELAY_PORT", String.valueOf(ports.at(RELAY)));
        Path config = below.resolve("dovecot.conf");
        Files.writeString(config, PeerDirectory.template("/peers/dovecot.conf", values));
        launchServer(below);
    }

    private void launchServer(Path below) throws IOException {
        Path config = below.resolve("dovecot.conf");
        Files.deleteIfExists(below.resolve("run/master.pid"));
        String dovecot = PeerCommand.requireInstalled("dovecot").toString();
        process = PeerProcess.start(below.resolve("log"), List.of(dovecot, "-F", "-c", config.toString()));
        // "Waiting for authentication process" may come before; only this is the greeting.
        process.awaitGreeting(ports.at(IMAP), "ready");
        process.awaitGreeting(ports.at(POP3), "ready");
    }

    /** Kills the server, which ends all conversations without a word, and starts it anew with its ports and its mail. */
    public void restart() throws IOException {
        requireRunning();
        process.close();
        launchServer(directory());
    }

    private static void writeUsers(Path below) throws IOException {
        StringBuilder users = new StringBuilder();
        for (Map.Entry<String, String> user : PASSWORDS.entrySet()) {
            String quota = user.getKey().equals(SMALL) ? "userdb_quota_rule=*:storage=64K" : "";
            // Exactly six colons between password and extra fields.
            users.append(user.getKey() + ":{PLAIN}" + user.getValue() + "::::::" + quota + "\n");
        }
        Files.writeString(below.resolve("users"), users);
    }

    @Override
    void shutDown() throws IOException {
        if (process != null) {
            process.close();
            process = null;
        }
        if (ports != null) {
            ports.close();
            ports = null;
        }
    }

    public HostPort imap() {
        return at(IMAP);
    }

    public HostPort imaps() {
        return at(IMAPS);
    }

    public HostPort pop3() {
        return at(POP3);
    }

    public HostPort pop3s() {
        return at(POP3S);
    }

    public HostPort lmtp() {
        return at(LMTP);
    }

    /** Needs a login; what it takes is relayed to {@link #submissionTarget()}. */
    public HostPort submission() {
        return at(SUBMISSION);
    }

    public HostPort submissions() {
        return at(SUBMISSIONS);
    }

    /** Where submission sends its mail; nothing listens there unless the test starts something. */
    public HostPort submissionTarget() {
        return at(RELAY);
    }

    private HostPort at(int offset) {
        requireRunning();
        return new HostPort("localhost", ports.at(offset));
    }

    /** The password of one of the four users. */
    public static String passwordOf(String user) {
        return PASSWORDS.get(user);
    }

    /** The authority's certificate, for foreign clients. */
    public Path caPem() {
        return directory().resolve("tls/ca.pem");
    }

    /** The socket of Dovecot's SASL service, for Postfix. */
    public Path authSocket() {
        return directory().resolve("run/auth-client");
    }

    /** What Dovecot has logged so far. */
    public String log() throws IOException {
        requireRunning();
        return process.log();
    }

    /** The server and all its children. */
    List<ProcessHandle> processes() {
        requireRunning();
        return process.family();
    }

    /** Runs doveadm; fails the test if it fails. */
    public String doveadm(String... arguments) throws IOException {
        return doveadm(new byte[0], arguments);
    }

    private String doveadm(byte[] input, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("-c", directory().resolve("dovecot.conf").toString()));
        all.addAll(List.of(arguments));
        return PeerCommand.of("doveadm", all.toArray(String[]::new))
                .input(input)
                .run()
                .orFail()
                .output();
    }

    /** Puts a message into a folder, behind the back of every client. */
    public void save(String user, String folder, byte[] message) throws IOException {
        doveadm(message, "save", "-u", user, "-m", folder);
    }

    /** Removes all messages of a folder. */
    public void expungeAll(String user, String folder) throws IOException {
        doveadm("expunge", "-u", user, "mailbox", folder, "all");
    }

    /** Makes a folder. */
    public void create(String user, String folder) throws IOException {
        doveadm("mailbox", "create", "-u", user, folder);
    }

    /** The messages as they are stored, in the order of their UIDs, with CRLF. */
    public List<byte[]> messages(String user, String folder) throws IOException {
        List<byte[]> messages = new ArrayList<>();
        for (long uid : uids(user, folder)) {
            messages.add(message(user, folder, uid));
        }
        return messages;
    }

    /** One message as it is stored, with CRLF. */
    public byte[] message(String user, String folder, long uid) throws IOException {
        // Through IMAP: doveadm's text output ends with a form feed and does not keep line ends.
        String script = """
                import imaplib, sys
                m = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
                m.login(sys.argv[2], sys.argv[3])
                m.select('"' + sys.argv[4] + '"', readonly=True)
                sys.stdout.buffer.write(m.uid('FETCH', sys.argv[5], '(BODY.PEEK[])')[1][0][1].hex().encode())
                m.logout()
                """;
        String hex = PeerCommand.python(
                        script, String.valueOf(ports.at(IMAP)), user, passwordOf(user), folder, String.valueOf(uid))
                .run()
                .orFail()
                .output();
        return HexFormat.of().parseHex(hex.strip());
    }

    /** How many messages are in a folder. */
    public int count(String user, String folder) throws IOException {
        String status = doveadm("-f", "flow", "mailbox", "status", "-u", user, "messages", folder);
        return Integer.parseInt(status.strip().replaceAll(".*messages=(\\d+).*", "$1"));
    }

    /** The UIDs of a folder's messages, ascending. */
    public List<Long> uids(String user, String folder) throws IOException {
        return new ArrayList<>(flagsByUid(user, folder).keySet());
    }

    /** Each message's flags ({@code \Seen}, keywords), by its UID, ascending. */
    public Map<Long, Set<String>> flagsByUid(String user, String folder) throws IOException {
        Map<Long, Set<String>> flags = new LinkedHashMap<>();
        String table = doveadm("-f", "tab", "fetch", "-u", user, "uid flags", "mailbox", folder, "all");
        for (String line : table.lines().skip(1).toList()) {
            String[] columns = line.split("\t", -1);
            Set<String> set = new TreeSet<>(List.of(columns[1].strip().split(" ", -1)));
            set.remove("");
            set.remove("\\Recent");
            flags.put(Long.parseLong(columns[0]), set);
        }
        return flags;
    }

    /** Adds flags to the messages with these UIDs ({@code 1:3,5}). */
    public void addFlags(String user, String folder, String uids, String flags) throws IOException {
        doveadm("flags", "add", "-u", user, flags, "mailbox", folder, "uid", uids);
    }

    /**
     * Fills a folder fast, by writing Maildir files: message i has the subject {@code Message i} and about so many
     * octets. Only for a folder that nobody has open. 10,000 messages take a second.
     */
    public void preload(String user, String folder, int count, int octets) throws IOException {
        preload(user, folder, count, i -> generated(i, octets));
    }

    /** Fills a folder with these messages, whose lines end with LF (kept as they are on disk, CRLF on the wire). */
    public void preload(String user, String folder, int count, IntFunction<byte[]> message) throws IOException {
        Path maildir = maildir(user, folder);
        for (String sub : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(sub));
        }
        long now = Instant.now().getEpochSecond() - count;
        for (int i = 0; i < count; i++) {
            byte[] octets = message.apply(i);
            // With both sizes in the name, on disk (S) and with CRLF (W), Dovecot need not open the files.
            String name = String.format(
                    Locale.ROOT,
                    "%d.M%06dP1.kit,S=%d,W=%d:2,",
                    now + i,
                    i,
                    octets.length,
                    octets.length + bareLfs(octets));
            Path file = maildir.resolve("cur").resolve(name);
            Files.write(file, octets);
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(now + i)));
            if (PeerDirectory.isRoot()) {
                PeerDirectory.give(file, mailUser, mailGroup);
            }
        }
        giveAll(maildir, directory().resolve("mail"));
    }

    /** Where a folder's files are: INBOX is the Maildir itself. */
    public Path maildir(String user, String folder) {
        Path root = directory().resolve("mail").resolve(user).resolve("Maildir");
        return folder.equals("INBOX") ? root : root.resolve(folder);
    }

    private void giveAll(Path maildir, Path end) throws IOException {
        if (!PeerDirectory.isRoot()) {
            return;
        }
        for (String sub : List.of("cur", "new", "tmp")) {
            PeerDirectory.give(maildir.resolve(sub), mailUser, mailGroup);
        }
        for (Path up = maildir; !up.equals(end); up = up.getParent()) {
            PeerDirectory.give(up, mailUser, mailGroup);
        }
    }

    private static int bareLfs(byte[] octets) {
        int count = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) {
                count++;
            }
        }
        return count;
    }

    private static byte[] generated(int i, int octets) {
        byte[] head = String.format(Locale.ROOT, """
                        From: Sender %1$d <s%1$d@sender.test>
                        To: alice@example.test
                        Subject: Message %1$d
                        Date: Mon, 01 Jan 2024 %2$02d:%3$02d:%4$02d +0000
                        Message-ID: <m%1$d@sender.test>
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=us-ascii

                        """, i, i / 3600 % 24, i / 60 % 60, i % 60)
                .getBytes(StandardCharsets.US_ASCII);
        int lines = Math.max(1, (octets - head.length) / (FILLER.length + 1));
        byte[] message = Arrays.copyOf(head, head.length + lines * FILLER.length);
        for (int line = 0; line < lines; line++) {
            System.arraycopy(FILLER, 0, message, head.length + line * FILLER.length, FILLER.length);
        }
        return message;
    }

    /** Cuts the sessions of a user, as an administrator would. */
    public void kick(String user) throws IOException {
        doveadm("kick", user);
    }

    /** Waits until the folder has so many messages; what is delivered by others takes a moment. */
    public void awaitCount(String user, String folder, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> Assertions.assertThat(count(user, folder))
                .as("messages in %s of %s", folder, user)
                .isEqualTo(count));
    }
}
