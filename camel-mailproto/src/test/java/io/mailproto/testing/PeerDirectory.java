package io.mailproto.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the fixtures need to do with files: directories that other users may enter, owners, templates, cleaning. */
final class PeerDirectory {
    private PeerDirectory() {}

    /** A short path below the temp directory: Unix socket names end at 107 octets. */
    static Path make(String prefix) throws IOException {
        return open(Files.createTempDirectory(prefix));
    }

    /** Lets servers that drop their privileges enter a directory, which is made if it is missing. */
    static Path open(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        // JUnit's temporary directories are closed to others.
        for (Path up = directory.toAbsolutePath().getParent(); isRoot() && up != null; up = up.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(up);
            if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(up, permissions);
            }
        }
        return directory;
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Gives a file or directory to a user and group. */
    static void give(Path path, String user, String group) throws IOException {
        UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        view.setOwner(names.lookupPrincipalByName(user));
        view.setGroup(names.lookupPrincipalByGroupName(group));
    }

    static void chmod(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** The group of files that this process makes. */
    static String ownGroup(Path directory) throws IOException {
        return Files.getFileAttributeView(directory, PosixFileAttributeView.class)
                .readAttributes()
                .group()
                .getName();
    }

    /** A template from the test resources, with each {@code @NAME@} replaced. */
    static String template(String resource, Map<String, String> values) throws IOException {
        String text;
        try (var in = PeerDirectory.class.getResourceAsStream(resource)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        return text;
    }

    /** The messages of a Maildir, new and seen, by name; nothing if it does not exist yet. */
    static List<byte[]> maildir(Path maildir) throws IOException {
        return Stream.of("new", "cur")
                .map(maildir::resolve)
                .filter(Files::isDirectory)
                .flatMap(PeerDirectory::list)
                .sorted(Comparator.comparing(path -> path.getFileName().toString()))
                .map(PeerDirectory::read)
                .toList();
    }

    static Stream<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            // A dying server may still remove its own files under our feet.
            if (e.getCause() instanceof NoSuchFileException) {
                delete(directory);
                return;
            }
            throw e;
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
