package io.mailproto.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The server's half of SCRAM (RFC 5802 §5):
 *
 * <pre>
 * C: n,,n=user,r=CNONCE                       gs2-header, client-first-message-bare
 * S: r=CNONCE SNONCE,s=SALT,i=ITERATIONS
 * C: c=biws,r=CNONCE SNONCE,p=PROOF           c is the gs2-header again, with the channel binding
 * S: v=SIGNATURE                              answered with nothing
 * </pre>
 *
 * A user that does not exist gets a salt like any other and is refused at the end, like a wrong password.
 */
final class ScramSaslServer implements SaslServer {
    private static final int MAX_MESSAGE = 8192;

    private enum State {
        FIRST,
        FINAL,
        PROVED
    }

    private final String mechanism;
    private final ScramMechanism scram;
    private final ScramKeySource source;
    private final byte[] endPoint;
    private final Function<String, byte[]> saltOfNobody;
    private final Supplier<String> nonces;

    private State state = State.FIRST;
    private boolean isAsked;
    private String user = "";
    private boolean isKnown;
    private boolean isForeignIdentity;
    private ScramKeys keys;
    private String gs2Header;
    private String nonce;
    private String firstBare;
    private String serverFirst;

    /** @param endPoint this server's end point; empty if it cannot bind, and -PLUS is not offered */
    ScramSaslServer(String mechanism, ScramKeySource source, byte[] endPoint, Function<String, byte[]> saltOfNobody) {
        this(mechanism, source, endPoint, saltOfNobody, ScramSaslClient::nonce);
    }

    ScramSaslServer(
            String mechanism,
            ScramKeySource source,
            byte[] endPoint,
            Function<String, byte[]> saltOfNobody,
            Supplier<String> nonces) {
        this.mechanism = mechanism;
        this.scram = ScramMechanism.byName(mechanism);
        this.source = source;
        this.endPoint = endPoint;
        this.saltOfNobody = saltOfNobody;
        this.nonces = nonces;
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public Step next(byte[] response) {
        if (response == null && state == State.FIRST && !isAsked) {
            isAsked = true;
            return new Challenge(new byte[0]);
        }
        if (state == State.PROVED) {
            return response != null && response.length == 0 ? new Done(user) : malformed();
        }
        String text = response == null || response.length > MAX_MESSAGE
                ? null
                : SaslText.decodeOrNull(response, 0, response.length);
        if (text == null) {
            return malformed();
        }
        return state == State.FIRST ? first(text) : last(text);
    }

    private Step first(String text) {
        // gs2-header = gs2-cbind-flag "," [ authzid ] ","
        int flagEnd = text.indexOf(',');
        int headerEnd = flagEnd < 0 ? -1 : text.indexOf(',', flagEnd + 1);
        if (headerEnd < 0) {
            return malformed();
        }
        gs2Header = text.substring(0, headerEnd + 1);
        String flag = text.substring(0, flagEnd);
        String authzid = text.substring(flagEnd + 1, headerEnd);
        firstBare = text.substring(headerEnd + 1);
        String[] parts = firstBare.split(",", -1);
        // An "m=" in front is a mandatory extension, of which there are none (RFC 5802 §5.1).
        if (parts.length < 2 || !parts[0].startsWith("n=") || !parts[1].startsWith("r=") || parts[1].length() < 3) {
            return malformed();
        }
        String name = SaslText.fromSaslName(parts[0].substring(2));
        if (name == null || name.isEmpty() || !(authzid.isEmpty() || authzid.startsWith("a="))) {
            return malformed();
        }
        user = name;
        isForeignIdentity = !authzid.isEmpty() && !name.equals(SaslText.fromSaslName(authzid.substring(2)));
        if (!isFlagRight(flag)) {
            return new Refused(Reason.WRONG, user);
        }
        Optional<ScramKeys> found = source.keys(user, mechanism.replace("-PLUS", ""));
        isKnown = found.isPresent();
        keys = found.orElseGet(
                () -> new ScramKeys(saltOfNobody.apply(user), ScramKeys.ITERATIONS, new byte[] {0}, new byte[] {0}));
        nonce = parts[1].substring(2) + nonces.get();
        serverFirst =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(keys.salt()) + ",i=" + keys.iterations();
        state = State.FINAL;
        return new Challenge(SaslText.utf8(serverFirst));
    }

    /**
     * RFC 5802 §6: {@code p} with -PLUS and only then; {@code y} says that the client could bind and believes that this
     * side cannot: if it can, somebody has taken the offer away.
     */
    private boolean isFlagRight(String flag) {
        if (mechanism.endsWith("-PLUS")) {
            return flag.equals("p=" + ScramSaslClient.BINDING);
        }
        return flag.equals("n") || (flag.equals("y") && endPoint.length == 0);
    }

    private Step last(String text) {
        int proofAt = text.lastIndexOf(",p=");
        if (proofAt < 0) {
            return malformed();
        }
        String withoutProof = text.substring(0, proofAt);
        String[] parts = withoutProof.split(",", -1);
        byte[] binding;
        byte[] proof;
        try {
            binding = Base64.getDecoder().decode(parts[0].startsWith("c=") ? parts[0].substring(2) : "!");
            proof = Base64.getDecoder().decode(text.substring(proofAt + 3));
        } catch (IllegalArgumentException noBase64) {
            // Said to the client as malformed; nothing of what it sent is kept.
            return malformed();
        }
        boolean isSameDialogue =
                parts.length >= 2 && parts[1].equals("r=" + nonce) && MessageDigest.isEqual(binding, expectedBinding());
        if (!isSameDialogue || !isProved(withoutProof, proof)) {
            return new Refused(Reason.WRONG, user);
        }
        if (isForeignIdentity) {
            return new Refused(Reason.NOT_AUTHORIZED, user);
        }
        byte[] signature = ScramFunctions.serverSignature(scram, keys.serverKey(), authMessage(withoutProof));
        state = State.PROVED;
        return new Challenge(SaslText.utf8("v=" + Base64.getEncoder().encodeToString(signature)));
    }

    private byte[] expectedBinding() {
        byte[] header = SaslText.utf8(gs2Header);
        if (!mechanism.endsWith("-PLUS")) {
            return header;
        }
        byte[] all = Arrays.copyOf(header, header.length + endPoint.length);
        System.arraycopy(endPoint, 0, all, header.length, endPoint.length);
        return all;
    }

    private boolean isProved(String withoutProof, byte[] proof) {
        // The work is done for a user that does not exist too, so that time tells nothing either.
        byte[] signature = ScramFunctions.clientSignature(
                scram, isKnown ? keys.storedKey() : new byte[] {0}, authMessage(withoutProof));
        if (proof.length != signature.length) {
            return false;
        }
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        boolean isRight = MessageDigest.isEqual(ScramFunctions.hash(scram, clientKey), keys.storedKey());
        return isRight && isKnown;
    }

    private String authMessage(String withoutProof) {
        return firstBare + "," + serverFirst + "," + withoutProof;
    }

    private Step malformed() {
        return new Refused(Reason.MALFORMED, user);
    }
}
