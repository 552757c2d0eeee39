package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Python's {@code email} package as another reader of mail. Skips the test if there is no {@code python3}. */
public final class PythonMail {

    private static final String LEAVES = """
            import sys, email, email.policy
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            out = []
            for part in m.walk():
                if not part.is_multipart():
                    out.append("|".join([part.get_content_type(), str(part.get_filename()),
                        part.get_payload(decode=True).hex()]))
                out.extend(type(d).__name__ for d in part.defects)
            sys.stdout.buffer.write("\\n".join(out).encode("utf-8"))
            """;

    private PythonMail() {}

    /** Content type, file name or None, and octets in hex of each leaf, between bars; and the defects it sees. */
    public static List<String> leaves(byte[] message) throws IOException, InterruptedException {
        return run(LEAVES, message);
    }

    static List<String> run(String program, byte[] message) throws IOException, InterruptedException {
        Process python;
        try {
            python = new ProcessBuilder("python3", "-c", program)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException notInstalled) {
            assumeTrue(false, "peer not installed: python3");
            throw notInstalled;
        }
        try (OutputStream in = python.getOutputStream()) {
            in.write(message);
        }
        String out = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).isZero();
        return List.of(out.split("\n", -1));
    }
}
