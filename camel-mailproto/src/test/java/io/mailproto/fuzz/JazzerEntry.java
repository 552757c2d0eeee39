package io.mailproto.fuzz;

/** Where Jazzer comes in, which knows its methods by their names; knows nothing of Jazzer, so that it compiles without. */
public final class JazzerEntry {
    private static FuzzTarget target;

    private JazzerEntry() {}

    /**
     * Called once.
     *
     * @param arguments the target's name
     */
    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.named(arguments[0]);
    }

    /** Called with one input after the other. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.run(input);
    }
}
