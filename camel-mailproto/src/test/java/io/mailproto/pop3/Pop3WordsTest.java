package io.mailproto.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies, response codes, capabilities and listings: text in, values out. */
class Pop3WordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+OK|true|''",
                "+OK ready|true|ready",
                "+ok   ready|true|ready",
                "'+OK\tready'|true|ready",
                "-ERR|false|''",
                "-ERR no such message|false|no such message",
                "-err no|false|no",
                "-ERR: no|false|: no"
            })
    void readsStatusLinesInTheFormsThatServersWrite(String line, boolean isOk, String text) {
        assertThat(Pop3Reply.parse(line)).isEqualTo(new Pop3Reply(isOk, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "+", "+ ", "OK", "+OKAY", "-ERROR", "+ Hola mundo", "220 smtp ready", "* OK imap", " +OK"})
    void takesNothingElseForAStatusLine(String line) {
        assertThat(Pop3Reply.parse(line)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "[IN-USE] locked,IN_USE",
        "[LOGIN-DELAY] minimum 300 s,LOGIN_DELAY",
        "[sys/temp] later,SYS_TEMP",
        "[SYS/PERM/DISK] full,SYS_PERM",
        "[AUTH] wrong,AUTH",
        "[AUTHX] other,",
        "[SYS] unknown level,",
        "[AUTH not closed,",
        "no code,",
        "AUTH],"
    })
    void findsTheResponseCodeAndIgnoresFurtherLevels(String text, Pop3ResponseCode code) {
        assertThat(Pop3ResponseCode.parse(text).orElse(null)).isEqualTo(code);
    }

    @Test
    void capabilitiesAreFoundInAnyCaseAndWithTooManySpaces() {
        Pop3Capabilities capabilities =
                Pop3Capabilities.parse(List.of("top", "SASL  PLAIN Login ", "", "LOGIN-DELAY 900", "PIPELINING"));

        assertThat(capabilities.areKnown()).isTrue();
        assertThat(capabilities.has("TOP")).isTrue();
        assertThat(capabilities.hasMechanism("LOGIN")).isTrue();
        assertThat(capabilities.hasMechanism("CRAM-MD5")).isFalse();
        assertThat(capabilities.parameters("login-delay")).containsExactly("900");
        assertThat(capabilities.has("STLS")).isFalse();
        assertThat(Pop3Capabilities.UNKNOWN.has("TOP")).isFalse();
    }

    @Test
    void statusTakesAbsentAndAbsurdSizes() {
        assertThat(MaildropStatus.parse("2 320")).isEqualTo(new MaildropStatus(2, 320));
        assertThat(MaildropStatus.parse("2  320 octets")).isEqualTo(new MaildropStatus(2, 320));
        assertThat(MaildropStatus.parse("2")).isEqualTo(new MaildropStatus(2, -1));
        assertThat(MaildropStatus.parse("1 -42")).isEqualTo(new MaildropStatus(1, -1));
        assertThat(MaildropStatus.parse("1 99999999999999999999")).isEqualTo(new MaildropStatus(1, -1));
        assertThat(MaildropStatus.parse("many")).isNull();
        assertThat(MaildropStatus.parse("99999999999 1")).isNull();
    }

    @Test
    void uidlLinesAreReadWithSpacesTabsAndAnIndicatorOnEveryLine() {
        UidListing listing =
                uids("1 whqtswO00WBw418f9t5JxYwZ", "2   QhdPYR:00WBw1Ph7x7", "+OK 3 third", "4\tfour \t", "7 seven");

        assertThat(listing.count()).isEqualTo(5);
        assertThat(listing.uid(0)).isEqualTo("whqtswO00WBw418f9t5JxYwZ");
        assertThat(listing.uid(1)).isEqualTo("QhdPYR:00WBw1Ph7x7");
        assertThat(listing.uid(2)).isEqualTo("third");
        assertThat(listing.uid(3)).isEqualTo("four");
        assertThat(listing.number(3)).isEqualTo(4);
        assertThat(listing.number(4)).isEqualTo(7);
        assertThat(listing.indexOf("seven")).isEqualTo(4);
        assertThat(listing.indexOf("eight")).isEqualTo(-1);
    }

    @Test
    void linesThatNameNoMessageAreLeftOut() {
        UidListing listing = uids("0 zero", "-1 minus", "99999999999 big", "one 1", "", "1x uid", "1 good");

        assertThat(listing.count()).isEqualTo(1);
        assertThat(listing.unreadableLines()).isEqualTo(6);
        assertThat(listing.uid(0)).isEqualTo("good");
    }

    @Test
    void equalEmptyAndOverlongIdsStillNameOneMessageEach() {
        String overlong = "x".repeat(500);
        UidListing listing = uids("1 same", "2 same", "3", "4 ", "5 " + overlong, "6 same", "7 same #2");

        assertThat(listing.uid(0)).isEqualTo("same");
        assertThat(listing.uid(1)).isEqualTo("same #2");
        assertThat(listing.uid(2)).isEmpty();
        assertThat(listing.uid(3)).isEqualTo(" #2");
        assertThat(listing.uid(4)).isEqualTo(overlong);
        assertThat(listing.uid(5)).isEqualTo("same #3");
        for (int i = 0; i < 6; i++) {
            if (i != 1) {
                assertThat(listing.indexOf(listing.uid(i))).as(listing.uid(i)).isEqualTo(i);
            }
        }
        assertThat(listing.indexOf("same #9")).isEqualTo(-1);
        assertThat(listing.indexOf("same #0")).isEqualTo(-1);
    }

    @Test
    void aMillionEqualIdsAreIndexedInReasonableTime() {
        UidListing.Builder builder = new UidListing.Builder();
        for (int i = 1; i <= 1_000_000; i++) {
            builder.add(i + " same");
        }

        long start = System.nanoTime();
        UidListing listing = builder.build();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(listing.indexOf("same #999999")).isEqualTo(999_998);
    }

    @Test
    void sizesAreFoundByNumberAlsoWhereNumbersAreMissingOrOutOfOrder() {
        assertThat(sizes("1 120", "2 4294967400").sizeOf(2)).isEqualTo(4_294_967_400L);
        assertThat(sizes("1 120", "2 200").sizeOf(3)).isEqualTo(-1);
        assertThat(sizes("1 120", "2 200").sizeOf(0)).isEqualTo(-1);
        assertThat(sizes("1 120", "3 300", "9 900").sizeOf(9)).isEqualTo(900);
        assertThat(sizes("1 120", "3 300", "9 900").sizeOf(2)).isEqualTo(-1);
        assertThat(sizes("3 300", "1 100").sizeOf(1)).isEqualTo(100);
        assertThat(sizes("1 huge", "2", "3 -5").sizeOf(3)).isEqualTo(-1);
        assertThat(sizes("+OK 1 120").sizeOf(1)).isEqualTo(120);
    }

    @Test
    void sizesOfAListingInAnyOrderAreFoundInReasonableTime() {
        SizeListing.Builder builder = new SizeListing.Builder();
        int count = 300_000;
        for (int number = count; number > 0; number--) {
            builder.add(number + " " + (number + 7));
        }
        builder.add("5 1");
        SizeListing sizes = builder.build();
        long start = System.nanoTime();
        int wrong = 0;
        for (int number = 1; number <= count; number++) {
            wrong += sizes.sizeOf(number) == number + 7 ? 0 : 1;
        }
        assertThat(wrong).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(sizes.sizeOf(5)).as("the first one counts").isEqualTo(12);
        assertThat(sizes.sizeOf(count + 1)).isEqualTo(-1);
        assertThat(sizes.number(0)).isEqualTo(count);
    }

    @Test
    void aWindowThatCouldBlockBothSidesIsRefused() {
        assertThatThrownBy(() -> new Pop3Window(1, 65536)).hasMessageContaining("4096");
        assertThatThrownBy(() -> new Pop3Window(0, 100)).hasMessageContaining("at least 1");
    }

    private static UidListing uids(String... lines) {
        UidListing.Builder builder = new UidListing.Builder();
        List.of(lines).forEach(builder::add);
        return builder.build();
    }

    private static SizeListing sizes(String... lines) {
        SizeListing.Builder builder = new SizeListing.Builder();
        List.of(lines).forEach(builder::add);
        return builder.build();
    }
}
