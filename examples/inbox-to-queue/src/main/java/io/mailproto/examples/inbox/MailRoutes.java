package io.mailproto.examples.inbox;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/**
 * The routes in Java; {@code camel/mail-routes.yaml} holds the same ones in YAML. The names in double braces are the
 * {@link Settings}.
 */
final class MailRoutes extends RouteBuilder {
    /** Also one without a name or with the name of another one; without these options as camel-mail does it. */
    private static final String EVERY_ATTACHMENT =
            "&decodeFilename=true&generateMissingAttachmentNames=part&handleDuplicateAttachmentNames=number";

    @Override
    public void configure() {
        from("{{imap.scheme}}:{{imap.host}}:{{imap.port}}?username=RAW({{imap.username}})&password=RAW({{imap.password}})"
                        + EVERY_ATTACHMENT
                        + "&folderName={{imap.folder}}&delay=500&initialDelay=0&pollStrategy=#pollStrategy&{{imap.options}}")
                .routeId("imap")
                .autoStartup("{{imap.enabled}}")
                .to("direct:mail");

        from("{{pop3.scheme}}:{{pop3.host}}:{{pop3.port}}?username=RAW({{pop3.username}})&password=RAW({{pop3.password}})"
                        + EVERY_ATTACHMENT
                        + "&delay=500&initialDelay=0&pollStrategy=#pollStrategy&{{pop3.options}}")
                .routeId("pop3")
                .autoStartup("{{pop3.enabled}}")
                .to("direct:mail");

        // The mail is acknowledged to its server when this has ended well: both queues have what belongs on them.
        from("direct:mail")
                .routeId("mail")
                .bean("tracker", "received")
                .bean("attachments", "save")
                .multicast()
                .stopOnException()
                .to("direct:summary", "direct:whole");

        from("direct:summary")
                .routeId("summary")
                .bean("summary", "summarise")
                .marshal()
                .json(JsonLibrary.Jackson)
                .convertBodyTo(String.class, "UTF-8")
                .removeHeaders("*")
                .to("jms:queue:mail.summaries")
                .bean("tracker", "summarised");

        // Brokers drop most headers, so the envelope travels within the octets.
        from("direct:whole")
                .routeId("whole")
                .setHeader("CamelMailEnvelopeSender", constant("{{relay.from}}"))
                .setHeader("CamelMailEnvelopeRecipients", constant("{{relay.to}}"))
                .marshal()
                .custom("bsmtp")
                .removeHeaders("*")
                .to("jms:queue:mail.whole")
                .bean("tracker", "queued");

        from("jms:queue:mail.summaries")
                .routeId("summaries")
                .to("file:{{run.folder}}?fileName=summaries.jsonl&fileExist=Append&appendChars=\\n&charset=UTF-8");

        // Transacted: the mail stays on its queue until the SMTP server has taken it.
        from("jms:queue:mail.whole?transacted=true&cacheLevelName=CACHE_CONSUMER")
                .routeId("relay")
                .unmarshal()
                .custom("bsmtp")
                .bean("tracker", "dequeued")
                .to("{{smtp.scheme}}:{{smtp.host}}:{{smtp.port}}?{{smtp.options}}")
                .bean("tracker", "relayed");

        from("smtp:{{server.host}}:{{server.port}}?{{server.options}}")
                .routeId("server")
                .to("file:{{run.folder}}/delivered?fileName=${header.CamelMailQueueId}.eml&fileExist=Fail")
                .bean("tracker", "delivered");
    }
}
