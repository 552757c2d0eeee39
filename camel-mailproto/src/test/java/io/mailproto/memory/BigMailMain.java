package io.mailproto.memory;

import io.mailproto.component.Mail;
import io.mailproto.component.smtp.SmtpConsumer;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Runs in a machine with a small heap. Arguments: way, size, spool directory, file for the result. The result is a line of
 * digest and facts that the test knows.
 */
final class BigMailMain {

    private final BigMail mail;
    private final String spool;
    private final CountDownLatch arrived = new CountDownLatch(1);
    private volatile String result = "";

    private BigMailMain(BigMail mail, String spool) {
        this.mail = mail;
        this.spool = spool;
    }

    /** Ends with 0 if the mail has arrived. */
    public static void main(String[] args) throws Exception {
        BigMailMain main = new BigMailMain(new BigMail(Long.parseLong(args[1])), "spoolDirectory=" + args[2]);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            switch (args[0]) {
                case "smtp-smtp" -> main.smtpToSmtp(context);
                case "imap" -> main.imap(context);
                case "pop3-smtp" -> main.pop3ToSmtp(context);
                case "file-smtp" -> main.fileToSmtp(context, Path.of(args[3] + ".attachment"));
                default -> throw new IllegalArgumentException(args[0]);
            }
            if (!main.arrived.await(10, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the mail has not arrived");
            }
            Files.writeString(Path.of(args[3]), main.result);
        } catch (Exception e) {
            try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(args[3])), false, "UTF-8")) {
                e.printStackTrace(out);
            }
            throw e;
        }
    }

    private String server(String options) {
        return "smtp:127.0.0.1:0?maxMessageSize=0&" + spool + options;
    }

    private static int port(DefaultCamelContext context, String route) {
        return ((SmtpConsumer) context.getRoute(route).getConsumer())
                .localAddress()
                .getPort();
    }

    private void addLastServer(DefaultCamelContext context) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(server("&serverName=last.example")).routeId("last").process(BigMailMain.this::digest);
            }
        });
        context.start();
    }

    private void smtpToSmtp(DefaultCamelContext context) throws Exception {
        addLastServer(context);
        int last = port(context, "last");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(server("&serverName=first.example")).routeId("first").to("smtp:127.0.0.1:" + last + "?" + spool);
            }
        });
        String reply = BigMailPeers.send(mail, port(context, "first"));
        if (!reply.startsWith("250")) {
            throw new IllegalStateException(reply);
        }
    }

    private void imap(DefaultCamelContext context) throws Exception {
        String address = BigMailPeers.imap(mail).address();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("imap:" + address + "?username=a&password=b&initialDelay=0&repeatCount=1&" + spool)
                        .process(BigMailMain.this::read);
            }
        });
        context.start();
    }

    private void pop3ToSmtp(DefaultCamelContext context) throws Exception {
        addLastServer(context);
        int last = port(context, "last");
        String address = BigMailPeers.pop3(mail).address();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("pop3:" + address + "?username=a&password=b&delete=true&mapMailMessage=false&initialDelay=0"
                                + "&repeatCount=1&" + spool)
                        .to("smtp:127.0.0.1:" + last + "?to=bob@example.com&from=ann@example.org&" + spool);
            }
        });
    }

    /** A file is attached, sent, and read back as an attachment at the server. */
    private void fileToSmtp(DefaultCamelContext context, Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            mail.writeTo(out);
        }
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(server("")).routeId("last").process(exchange -> {
                    Mail received = exchange.getMessage().getBody(Mail.class);
                    MessageDigest digest = BigMail.sha256();
                    try (InputStream in = received.attachments().get(0).open()) {
                        in.transferTo(BigMail.into(digest));
                    }
                    result = BigMail.hex(digest);
                    arrived.countDown();
                });
            }
        });
        context.start();
        String uri = "smtp:127.0.0.1:" + port(context, "last") + "?to=bob@example.com&" + spool;
        Exchange sent = context.createProducerTemplate().send(uri, exchange -> {
            AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
            message.setBody("see the file");
            message.addAttachment("big.bin", new DataHandler(new FileDataSource(file.toFile())));
        });
        if (sent.getException() != null) {
            throw sent.getException();
        }
    }

    /** The octets, without the Received fields that servers have put before them. */
    private void digest(Exchange exchange) throws Exception {
        result = digestOf(exchange.getMessage().getBody(Mail.class));
        arrived.countDown();
    }

    private String digestOf(Mail received) throws Exception {
        MessageDigest digest = BigMail.sha256();
        try (InputStream in = received.open()) {
            in.skipNBytes(Math.max(0, received.size() - mail.size()));
            in.transferTo(BigMail.into(digest));
        }
        return BigMail.hex(digest);
    }

    /** Everything a route may look at in a mapped mail: text, header, attachment. */
    private void read(Exchange exchange) throws Exception {
        AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
        long attachment;
        try (InputStream in = message.getAttachment("big.bin").getInputStream()) {
            attachment = in.transferTo(OutputStream.nullOutputStream());
        }
        boolean known =
                BigMail.TEXT.equals(message.getBody(String.class)) && "big".equals(message.getHeader("Subject"));
        result = digestOf(exchange.getMessage().getBody(Mail.class)) + " " + known + " " + attachment;
        arrived.countDown();
    }
}
