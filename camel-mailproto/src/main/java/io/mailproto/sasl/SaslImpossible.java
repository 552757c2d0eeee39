package io.mailproto.sasl;

/** No mechanism can be used; nothing has been sent. */
public final class SaslImpossible extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean needsEncryption;

    SaslImpossible(String what, boolean needsEncryption) {
        super(what);
        this.needsEncryption = needsEncryption;
    }

    /** Would there be one if the connection were encrypted? */
    public boolean needsEncryption() {
        return needsEncryption;
    }
}
