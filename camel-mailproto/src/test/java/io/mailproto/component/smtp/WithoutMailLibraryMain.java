package io.mailproto.component.smtp;

import io.mailproto.component.outbound.ComposedMail;
import io.mailproto.component.outbound.OutboundAddresses;
import io.mailproto.component.outbound.OutboundMail;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/** Runs without Jakarta Mail and Angus on its class path, as users do. Arguments: file to attach, file for the mail. */
final class WithoutMailLibraryMain {

    private WithoutMailLibraryMain() {}

    public static void main(String[] args) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Exchange exchange = new DefaultExchange(context);
            AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
            message.setBody("see there");
            message.addAttachment("string.txt", new DataHandler("Größe", "text/plain"));
            message.addAttachment("octets.png", new DataHandler(new byte[] {1}, "image/png"));
            message.addAttachment(
                    "stream.bin",
                    new DataHandler(new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8)), "application/x-s"));
            message.addAttachment(
                    "file.html",
                    new DataHandler(new FileDataSource(Path.of(args[0]).toFile())));
            SmtpConfiguration configuration = new SmtpConfiguration();
            configuration.setTo("bob@x.test");
            SmtpEndpoint endpoint = context.getEndpoint("smtp:h?to=bob@x.test", SmtpEndpoint.class);
            OutboundMail mail = new ComposedMail(
                            exchange,
                            endpoint.getConfiguration(),
                            endpoint.getHeaderFilterStrategy(),
                            new Spool(SpoolOptions.defaults()))
                    .compose(OutboundAddresses.of(message, configuration), null);
            try (var out = Files.newOutputStream(Path.of(args[1]))) {
                mail.writeTo(out);
            }
        }
    }
}
