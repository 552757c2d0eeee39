package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that answers BAD to ID, NAMESPACE and ENABLE, and offers no mechanism for passwords. */
class ImapGreenMailTest {
    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    @Test
    void worksWithAPoorServer() throws Exception {
        String user = DovecotPeer.BOB;
        GREENMAIL.deliver(user, "Subject: one\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII));
        GREENMAIL.deliver(user, "Subject: two\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII));
        try (ImapClient client = ClientFixture.open(GREENMAIL.imap(), ClientFixture.inClear())) {
            client.login(new Credentials(user, Secret.of(DovecotPeer.passwordOf(user))));
            assertThatThrownBy(client::id).isInstanceOf(CommandRefused.class);
            MailboxName done = MailboxName.of("Erledigt & gepr\u00fcft");
            client.create(done);
            assertThat(client.list("", "*")).extracting(MailboxInfo::name).contains(MailboxName.INBOX, done);
            assertThat(client.select(MailboxName.INBOX).exists()).isEqualTo(2);
            UidSet found = client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(found.count()).isEqualTo(2);
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(
                    found,
                    FetchItems.of(Attribute.FLAGS, Attribute.SIZE, Attribute.INTERNAL_DATE, Attribute.ENVELOPE)
                            .with(BodySection.WHOLE),
                    got::add);
            assertThat(got).hasSize(2).allSatisfy(message -> {
                assertThat(message.damage()).isEmpty();
                assertThat(message.internalDate()).isPresent();
                assertThat(new String(message.octets(BodySection.WHOLE).toByteArray(), StandardCharsets.US_ASCII))
                        .contains("Hello.");
            });
            client.uidStore(found, FlagChange.add(Flag.SEEN));
            assertThat(client.uidSearch(SearchCriteria.UNSEEN)).isEqualTo(UidSet.empty());
            client.uidCopy(UidSet.of(found.first()), done);
            client.uidMove(UidSet.of(found.last()), done);
            assertThat(client.uidExpunge(UidSet.of(found.first()))).isTrue();
            assertThat(client.uidSearch(SearchCriteria.UNDELETED)).isEqualTo(UidSet.empty());
            assertThat(client.status(done).messages()).hasValue(2);
            client.logout();
        }
    }

    @Test
    void reportsAWrongPassword() throws Exception {
        try (ImapClient client = ClientFixture.open(GREENMAIL.imap(), ClientFixture.inClear())) {
            assertThatThrownBy(() -> client.login(new Credentials(DovecotPeer.BOB, Secret.of("wrong"))))
                    .isInstanceOf(LoginRefused.class);
        }
    }
}
