package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import io.mailproto.testing.GreenMailPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A Camel message is sent to GreenMail and looked at as it has arrived. */
abstract class ComposedAtGreenMail {
    static final String USER = "alice@example.test";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    @TempDir
    Path directory;

    DefaultCamelContext context;

    @BeforeEach
    void start() throws IOException {
        GREENMAIL.purge();
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    final Exchange send(String options, Processor processor) {
        String uri = "smtp:" + GREENMAIL.smtp() + "?to=" + USER + (options.isEmpty() ? "" : "&") + options;
        return context.createProducerTemplate().send(uri, processor);
    }

    interface Change {
        void apply(AttachmentMessage message) throws Exception;
    }

    final ParsedMail arrived(String options, Change change) throws IOException {
        Exchange exchange = send(options, ex -> change.apply(ex.getMessage(AttachmentMessage.class)));
        assertThat(exchange.getException()).isNull();
        List<byte[]> messages = GREENMAIL.messages(USER);
        GREENMAIL.purge();
        assertThat(messages).hasSize(1);
        // GreenMail does not keep the last line end.
        String message = new String(messages.get(0), StandardCharsets.ISO_8859_1);
        String whole = message.endsWith("\n") ? message : message + "\r\n";
        return ParsedMail.of(Octets.of(whole.getBytes(StandardCharsets.ISO_8859_1)));
    }

    final Throwable failure(String options, Change change) {
        return send(options, ex -> change.apply(ex.getMessage(AttachmentMessage.class)))
                .getException();
    }
}
