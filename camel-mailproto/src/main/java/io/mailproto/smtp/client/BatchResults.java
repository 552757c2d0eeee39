package io.mailproto.smtp.client;

/** Learns what became of each message of several, on the thread that sends. Each message is told of once at most. */
public interface BatchResults {
    /** The server took the message, for at least one recipient. */
    void sent(int index, TransactionReport report);

    /** It did not, or nobody knows; as {@link SmtpClient#send} throws it. */
    void failed(int index, Exception failure);
}
