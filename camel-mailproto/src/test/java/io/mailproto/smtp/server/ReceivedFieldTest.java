package io.mailproto.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedFieldTest {
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 4, 5, 6, 7, 0, ZoneOffset.ofHours(8));

    @Test
    void tellsWhereTheMessageCameFrom() throws Exception {
        assertThat(field("client.example", "2001:db8::1", List.of("bob@example.org")))
                .isEqualTo("Received: from client.example ([IPv6:2001:db8:0:0:0:0:0:1])\r\n"
                        + "\tby mx.example.org with ESMTP id 1-2\r\n"
                        + "\tfor <bob@example.org>;\r\n"
                        + "\tWed, 4 Mar 2026 05:06:07 +0800\r\n");
    }

    @Test
    void tellsNoRecipientOfTheOthers() throws Exception {
        assertThat(field("[127.0.0.1]", "127.0.0.1", List.of("bob@example.org", "eve@example.org")))
                .startsWith("Received: from [127.0.0.1] ([127.0.0.1])\r\n")
                .doesNotContain("for <");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a(b", "a;b", "\"a\"", "a@b", "<x>", "[a b]", "a\\b", "a,b"})
    void takesNoNameIntoTheFieldThatIsNone(String helo) throws Exception {
        assertThat(field(helo, "127.0.0.1", List.of("b@c"))).startsWith("Received: from unknown ([127.0.0.1])\r\n");
    }

    private static String field(String helo, String client, List<String> recipients) throws Exception {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getByName(client), 1);
        SessionFacts session =
                new SessionFacts(remote, remote, Optional.of(helo), true, Optional.empty(), Optional.empty());
        Envelope envelope = new Envelope(
                Optional.empty(), recipients.stream().map(EmailAddress::parse).toList());
        return ReceivedField.of(session, Domain.parse("mx.example.org"), false, "1-2", envelope, false, NOW);
    }
}
