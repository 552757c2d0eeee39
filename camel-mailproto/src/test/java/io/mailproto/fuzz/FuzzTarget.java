package io.mailproto.fuzz;

import java.util.List;

/** Something that takes octets from strangers. Has a public constructor without parameters. */
public interface FuzzTarget {

    /**
     * Feeds it these octets and checks what must hold for any: typed errors only, limits kept, in step afterwards. Called
     * millions of times on one thread, so without waiting and without output.
     *
     * @throws Exception or an error if something does not hold; for what may be thrown it is caught in here
     */
    void run(byte[] input) throws Exception;

    /** Where inventing begins: known attacks and ordinary conversations, and every input that once found something. */
    List<byte[]> seeds();

    /** For files and reports. */
    default String name() {
        return getClass().getSimpleName();
    }
}
