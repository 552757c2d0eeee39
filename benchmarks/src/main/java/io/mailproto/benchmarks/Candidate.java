package io.mailproto.benchmarks;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.MailComponent;

/**
 * Who is measured.
 *
 * <p>camel-mail takes part twice: as it comes, and with the cures that a user could find (no Nagle delay on loopback, no
 * search for a service provider per encoded part). A claim counts only against the tuned one.
 */
enum Candidate {
    STOCK("stock", "camel-mail", ""),
    TUNED("tuned", "camel-mail tuned", ""),
    OURS("ours", "camel-mailproto", "mailproto-");

    private static final String STREAM_PROVIDER = "jakarta.mail.util.StreamProvider";

    private final String option;
    private final String label;
    private final String schemePrefix;

    Candidate(String option, String label, String schemePrefix) {
        this.option = option;
        this.label = label;
        this.schemePrefix = schemePrefix;
    }

    static List<Candidate> chosenBy(Options options) {
        return List.of(values()).stream()
                .filter(c -> options.takesPart(c.option))
                .toList();
    }

    String label() {
        return label;
    }

    /**
     * Makes sure that {@link #scheme} leads to this candidate: both jars claim the plain names, and which one gets them
     * depends on the order of the class path.
     */
    void register(CamelContext context, String protocol) {
        if (this != OURS) {
            context.addComponent(protocol, new MailComponent());
        }
    }

    /** The name under which Camel finds this one's component for a protocol, for instance {@code mailproto-imap}. */
    String scheme(String protocol) {
        return schemePrefix + protocol;
    }

    /** Query options that belong to this one only, beginning with {@code &}; for sending. */
    String sendingOptions() {
        return this == TUNED ? "&mail.smtp.socketFactory.class=" + NoDelaySocketFactory.class.getName() : "";
    }

    /** Sets what is set for the whole process, before a round. */
    void prepareProcess() {
        if (this == TUNED) {
            System.setProperty(STREAM_PROVIDER, "org.eclipse.angus.mail.util.MailStreamProvider");
        } else {
            System.clearProperty(STREAM_PROVIDER);
        }
    }
}
