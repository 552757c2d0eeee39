package io.mailproto.benchmarks;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A Dovecot of our own with its whole state in one temporary folder, IMAP and POP3 on free loopback ports. Any user
 * name is let in with {@link #PASSWORD}; each has an empty mailbox unless it got a copy of a prepared one. Mailboxes are
 * in Dovecot's mdbox format: with Maildir the server looks through the whole folder at each change of a flag, and the
 * client that changes one at a time would be measured by that.
 *
 * <p>Close it to stop the server and delete the folder.
 */
final class Dovecot implements Closeable {
    static final String PASSWORD = "benchmark";

    private static final Duration START = Duration.ofSeconds(20);
    private static final List<String> PLACES =
            List.of("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot");

    private final Path folder;
    private final Process process;
    private final int imapPort;
    private final int pop3Port;

    private Dovecot(Path folder, Process process, int imapPort, int pop3Port) {
        this.folder = folder;
        this.process = process;
        this.imapPort = imapPort;
        this.pop3Port = pop3Port;
    }

    /** Where Dovecot is installed; empty if it is not. */
    static Optional<Path> installed() {
        return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    static Dovecot start(Path binary) throws IOException, InterruptedException {
        // In memory if there is such a place: it is not the disk that is to be measured.
        Path memory = Path.of("/dev/shm");
        Path folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "mailproto-bench")
                : Files.createTempDirectory("mailproto-bench");
        int imapPort = freePort();
        int pop3Port = freePort();
        run(List.of("chmod", "755", folder.toString())); // Dovecot's unprivileged processes have to pass
        Files.createDirectories(folder.resolve("mail"));
        Path configuration = folder.resolve("dovecot.conf");
        Files.writeString(configuration, configuration(folder, imapPort, pop3Port));
        Process process = new ProcessBuilder(binary.toString(), "-F", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("dovecot.log").toFile())
                .start();
        // A run that is cut short by Ctrl-C must not leave a server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Dovecot dovecot = new Dovecot(folder, process, imapPort, pop3Port);
        try {
            dovecot.awaitGreeting(imapPort, "OK");
            dovecot.awaitGreeting(pop3Port, "+OK");
        } catch (IOException | InterruptedException e) {
            dovecot.close();
            throw e;
        }
        return dovecot;
    }

    InetSocketAddress imap() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), imapPort);
    }

    InetSocketAddress pop3() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), pop3Port);
    }

    /**
     * Prepares a mailbox of {@code count} messages and lets Dovecot index it. Copies of it are made by {@link #copy}.
     *
     * @param mails makes the mail of a number
     */
    void prepare(String user, int count, IntFunction<byte[]> mails) throws IOException, InterruptedException {
        Path source = folder.resolve("source");
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(source.resolve(part));
        }
        for (int i = 0; i < count; i++) {
            String name = String.format(Locale.ROOT, "%d.M%06dP1.bench:2,", 1_700_000_000L + i, i);
            Files.write(source.resolve("cur").resolve(name), mails.apply(i));
        }
        own(source);
        doveadm("import", "-u", user, "maildir:" + source, "", "all");
        doveadm("fetch", "-u", user, "uid size.virtual pop3.uidl", "mailbox", "INBOX", "all"); // fills the index
        deleteAll(source);
    }

    /** Gives {@code user} a fresh copy of the mailbox of {@code template}. */
    void copy(String template, String user) throws IOException, InterruptedException {
        Path home = folder.resolve("mail");
        run(List.of(
                "cp",
                "-a",
                home.resolve(template).toString(),
                home.resolve(user).toString()));
    }

    /** Deletes the mailbox of {@code user}. */
    void drop(String user) throws IOException {
        deleteAll(folder.resolve("mail").resolve(user));
    }

    /** Number of messages in the inbox that match, by Dovecot's own tool; for instance {@code "unseen"} or {@code "all"}. */
    long count(String user, String query) throws IOException, InterruptedException {
        return doveadm("search", "-u", user, "mailbox", "INBOX", query).size();
    }

    private List<String> doveadm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("doveadm", "-c", folder.resolve("dovecot.conf").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static void own(Path path) throws IOException, InterruptedException {
        if (isRoot()) {
            run(List.of("chown", "-R", "mail:mail", path.toString()));
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String configuration(Path folder, int imapPort, int pop3Port)
            throws IOException, InterruptedException {
        String user = System.getProperty("user.name");
        String login = isRoot() ? "dovenull" : user;
        String internal = isRoot() ? "dovecot" : user;
        String group = isRoot() ? "dovecot" : run(List.of("id", "-gn")).get(0);
        String mailUser = isRoot() ? "mail" : user;
        String mailGroup = isRoot() ? "mail" : group;
        if (isRoot()) {
            own(folder.resolve("mail"));
        }
        return """
                base_dir = %1$s/run
                state_dir = %1$s/state
                protocols = imap pop3
                listen = 127.0.0.1
                log_path = /dev/stderr
                ssl = no
                disable_plaintext_auth = no
                default_login_user = %4$s
                default_internal_user = %5$s
                default_internal_group = %6$s
                first_valid_uid = 1
                first_valid_gid = 1
                mail_home = %1$s/mail/%%u
                mail_location = mdbox:~/mdbox
                mail_fsync = never
                mail_max_userip_connections = 1000
                auth_mechanisms = plain login
                auth_failure_delay = 0
                passdb {
                  driver = static
                  args = password=%9$s
                }
                userdb {
                  driver = static
                  args = uid=%7$s gid=%8$s home=%1$s/mail/%%u allow_all_users=yes
                }
                namespace inbox {
                  inbox = yes
                  separator = /
                }
                service imap-login {
                  inet_listener imap {
                    port = %2$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                  service_count = 0
                  chroot =
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = %3$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                  service_count = 0
                  chroot =
                }
                service anvil {
                  chroot =
                }
                service imap-urlauth-login {
                  chroot =
                }
                """.formatted(folder, imapPort, pop3Port, login, internal, group, mailUser, mailGroup, PASSWORD);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Dovecot accepts before it can serve, so only a greeting that says OK counts. */
    private void awaitGreeting(int port, String expected) throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(1000);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String line = in.readLine();
                if (line != null && line.contains(expected) && line.contains("ready")) {
                    return;
                }
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20); // nothing listens yet, or the greeting takes longer than a second
            }
        }
        throw new IOException("Dovecot did not start within " + START.toSeconds() + " s:\n"
                + Files.readString(folder.resolve("dovecot.log")));
    }

    private static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(tool.getInputStream(), StandardCharsets.UTF_8))) {
            lines = out.lines().toList();
        }
        int exit = tool.waitFor();
        if (exit != 0) {
            throw new IOException(command.get(0) + " ended with " + exit + ": " + String.join(" / ", lines));
        }
        return lines;
    }

    private static void deleteAll(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        deleteAll(folder);
    }
}
