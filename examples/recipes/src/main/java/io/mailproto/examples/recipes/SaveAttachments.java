package io.mailproto.examples.recipes;

import io.mailproto.component.MailConstants;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.builder.RouteBuilder;

/** The attachments of each new mail become files, in a folder per mail. */
public final class SaveAttachments extends RouteBuilder {
    private static final Pattern ODD = Pattern.compile("[^\\w. -]|^[. ]+", Pattern.UNICODE_CHARACTER_CLASS);

    @Override
    public void configure() {
        from("imaps:{{imap.host}}?username={{imap.user}}&password=RAW({{imap.password}})")
                .split(simple("${attachments}")) // name and octets of each; nothing for a mail that has none
                .setHeader(Exchange.FILE_NAME, method(SaveAttachments.class, "fileName"))
                .setBody(simple("${body.value.inputStream}"))
                .to("file:{{folder}}");
    }

    /** A stranger has chosen the name: no separators, no leading dots. */
    public static String fileName(@Body Map.Entry<String, ?> attachment, @Header(MailConstants.UID) String uid) {
        return uid + "/" + ODD.matcher(attachment.getKey()).replaceAll("_");
    }
}
