package io.mailproto.examples.inbox;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The command line of the quick start. Exit code 0: every mail arrived as it was sent. 1: not so, the reasons were
 * printed. 2: the settings are wrong. README.md in this folder lists them.
 */
public final class InboxToQueue {
    private InboxToQueue() {}

    public static void main(String[] args) {
        System.exit(run(args, new PrintStream(System.out, true, StandardCharsets.UTF_8)));
    }

    static int run(String[] args, PrintStream out) {
        try {
            Settings settings = Settings.of(args, System.getProperties());
            return new QuickStart(settings, out, isTerminal(settings.get("progress"))).run() ? 0 : 1;
        } catch (IllegalArgumentException | IOException e) {
            out.println("FAILED: " + e.getMessage());
            return 2;
        } catch (Exception e) {
            out.println("FAILED: " + e);
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                out.println("  because of " + cause);
            }
            return 1;
        }
    }

    /** Whether a line can be written over: asked for, or output goes to a terminal that understands it. */
    private static boolean isTerminal(String progress) {
        if (!progress.equals("auto")) {
            return progress.equals("line");
        }
        Console console = System.console();
        String kind = System.getenv("TERM");
        return console != null && kind != null && !kind.equals("dumb") && isRealConsole(console);
    }

    /** Since JDK 22 there is a console object without a terminal too, and a method that tells; 17 does not know it. */
    private static boolean isRealConsole(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJdk22) {
            return true;
        }
    }
}
