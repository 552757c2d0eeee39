package io.mailproto.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpCommandParserTest {
    private final SmtpCommandParser tolerant = new SmtpCommandParser(false);
    private final SmtpCommandParser strict = new SmtpCommandParser(true);

    @ParameterizedTest(name = "RCPT TO:{0} is {1}")
    @MethodSource("addresses")
    void readsRecipientsAsTheTableOfAddressesSays(String path, String expected) {
        String octets = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(outcome(tolerant, "RCPT TO:" + octets)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}, strict {2}")
    @MethodSource("senders")
    void readsSendersAsPeopleTypeThemUnlessStrict(String line, String expected, String expectedStrict) {
        assertThat(outcome(tolerant, line)).isEqualTo(expected);
        assertThat(outcome(strict, line)).isEqualTo(expectedStrict);
    }

    @Test
    void refusesAddressesThatAreTooLong() {
        String local64 = "l".repeat(64);
        String label = "d".repeat(60) + ".";
        assertThat(outcome(tolerant, "RCPT TO:<" + local64 + "@b>")).isEqualTo(local64 + "@b");
        assertThat(outcome(tolerant, "RCPT TO:<" + local64 + "l@b>")).isEqualTo("501 5.1.3");
        assertThat(outcome(tolerant, "RCPT TO:<a@" + label.repeat(4) + "d".repeat(12) + ">"))
                .isEqualTo("501 5.1.3");
        assertThat(outcome(tolerant, "RCPT TO:<a@" + label.repeat(4) + "example>"))
                .endsWith("example");
        assertThat(outcome(tolerant, "RCPT TO:<" + "a".repeat(100_000) + "@b>")).isEqualTo("501 5.1.3");
    }

    @Test
    void refusesOctetsThatAreNoUtf8() {
        assertThat(outcome(tolerant, "RCPT TO:<\u00fc@x>")).isEqualTo("501 5.5.4");
        assertThat(outcome(tolerant, "RCPT TO:<\u00ed\u00a0\u0080@x>")).isEqualTo("501 5.5.4");
    }

    @Test
    void takesDomainsInEitherFormForTheSame() throws Exception {
        var unicode = (SmtpCommand.RcptTo) tolerant.parse("RCPT TO:<a@\u00c3\u00bc.example>");
        var ascii = (SmtpCommand.RcptTo) tolerant.parse("RCPT TO:<a@XN--TDA.example>");

        assertThat(unicode.recipient().domain()).isEqualTo(ascii.recipient().domain());
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("others")
    void readsTheOtherCommands(String line, String expected) {
        assertThat(outcome(tolerant, line)).isEqualTo(expected);
    }

    @Test
    void takesAnEmptyLineForNoCommand() {
        assertThat(outcome(tolerant, "")).isEqualTo("500 5.5.2");
    }

    @Test
    void saturatesASizeBeyondAllMeasure() throws Exception {
        var mail = (SmtpCommand.MailFrom) tolerant.parse("MAIL FROM:<a@b> SIZE=99999999999999999999");

        assertThat(mail.parameters().size()).contains(Long.MAX_VALUE);
    }

    @Test
    void neverShowsTheInitialResponse() throws Exception {
        assertThat(tolerant.parse("AUTH PLAIN AGJvYgBzZWNyZXQ=")).hasToString("Auth[PLAIN]");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverThrowsAnythingButASyntaxErrorThatSaysNothingOfTheLine(long seed) {
        Random random = new Random(seed);
        String[] starts = {"MAIL FROM:<", "RCPT TO:<", "EHLO ", "AUTH ", "BDAT ", "VRFY ", "", "MAIL FROM:<a@b> "};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(starts[random.nextInt(starts.length)]);
            for (int n = random.nextInt(40); n > 0; n--) {
                line.append(
                        random.nextBoolean()
                                ? "<>@\"\\.[]:,=+ a\tSIZE".charAt(random.nextInt(19))
                                : (char) random.nextInt(256));
            }
            assertThat(outcome(tolerant, line.toString())).isNotNull();
        }
    }

    private static Stream<Arguments> addresses() {
        return table("""
                <>                                       ; 501 5.1.3
                <Postmaster>                             ; Postmaster
                <postmaster>                             ; postmaster
                <a>                                      ; 501 5.1.3
                <@a.example,@b.example:c@d.example>      ; c@d.example
                <@a.example:c@d.example>                 ; c@d.example
                <@a.example>                             ; 501 5.1.3
                <@,@b:c@d>                               ; 501 5.1.3
                <"a b"@c>                                ; "a b"@c
                <"a\\"b"@c>                              ; "a\\"b"@c
                <"a@x"@c>                                ; "a@x"@c
                <"a>b"@c>                                ; "a>b"@c
                <"a\\\\x07b"@c>                         ; 501 5.1.3
                <"a\\\\x0d\\\\x0ab"@c>                         ; 501 5.1.3
                <"a@c>                                   ; 501 5.1.3
                <""@c>                                   ; 501 5.1.3
                <a(comment)@b>                           ; 501 5.1.3
                <a@b(comment)>                           ; 501 5.1.3
                <user%other.example@local.example>       ; user%other.example@local.example
                <other!user@local>                       ; other!user@local
                <a@[127.0.0.1]>                          ; a@[127.0.0.1]
                <a@[IPv6:::1]>                           ; a@[IPv6:::1]
                <a@[]>                                   ; 501 5.1.3
                <a@[127.0.0.1>                           ; 501 5.1.3
                <a@[300.0.0.1]>                          ; 501 5.1.3
                <a@b..c>                                 ; 501 5.1.3
                <a@.b>                                   ; 501 5.1.3
                <a@b.>                                   ; 501 5.1.3
                <a@-b>                                   ; 501 5.1.3
                <.a@b>                                   ; .a@b
                <a..b@c>                                 ; a..b@c
                <a@b> , <c@d>                            ; 501 5.5.4
                <a@b>x                                   ; 501 5.1.3
                <a@b                                     ; 501 5.1.3
                a@b>                                     ; 501 5.1.3
                a@b                                      ; a@b
                <a@b c>                                  ; 501 5.1.3
                <a@b/c>                                  ; 501 5.1.3
                <a@b\u3002c>                             ; 501 5.1.3
                <a@b\uff0ec>                             ; 501 5.1.3
                <a@b\\x00>                              ; 501 5.1.3
                <ü@x.example>                            ; ü@x.example
                <a@ü.example>                            ; a@ü.example
                <a@xn--tda.example>                      ; a@xn--tda.example
                < a@b >                                  ; 501 5.1.3
                <a@b> ORCPT=rfc822;x+00y                 ; 501 5.5.4
                <a@b> ORCPT=rfc822;x+0Ay                 ; 501 5.5.4
                <a@b> ORCPT=rfc822;x+4                   ; 501 5.5.4
                <a@b> ORCPT=x                            ; 501 5.5.4
                <a@b> ORCPT=rfc822;x+2By                 ; a@b
                <a@b> NOTIFY=SUCCESS,FAILURE,DELAY       ; a@b
                <a@b> NOTIFY=never                       ; a@b
                <a@b> NOTIFY=NEVER,SUCCESS               ; 501 5.5.4
                <a@b> NOTIFY=                            ; 501 5.5.4
                <a@b> NOTIFY                             ; 501 5.5.4
                <a@b> NOTIFY=DELAY,DELAY                 ; 501 5.5.4
                """);
    }

    private static Stream<Arguments> senders() {
        return table("""
                MAIL FROM:<>                             ; <>              ; <>
                MAIL FROM: <a@b>                         ; a@b             ; 501 5.5.4
                MAIL FROM : <a@b>                        ; a@b             ; 501 5.5.4
                mail from:a@b                            ; a@b             ; 501 5.1.7
                mail from:"a b"@c size=7                 ; "a b"@c         ; 501 5.1.7
                Mail From:<a@b> body=8bitmime            ; a@b             ; a@b
                MAIL FROM:<a@b>\t SIZE=5 \t              ; a@b             ; a@b
                MAIL FROM:<a@b>SIZE=5                    ; 501 5.1.7       ; 501 5.1.7
                MAIL FROM:<a b@c>                        ; 501 5.1.7       ; 501 5.1.7
                MAIL FROM:                               ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM                                ; 501 5.5.4       ; 501 5.5.4
                MAIL                                     ; 501 5.5.4       ; 501 5.5.4
                MAIL TO:<a@b>                            ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> BODY=8BITMIME BODY=7BIT  ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> BODY=9BIT                ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> SIZE=-1                  ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> SIZE=                    ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> SIZE=123456789012345678901 ; 501 5.5.4     ; 501 5.5.4
                MAIL FROM:<a@b> SIZE=99999999999999999999 ; a@b             ; a@b
                MAIL FROM:<a@b> SMTPUTF8=1               ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> AUTH=<>                  ; a@b             ; a@b
                MAIL FROM:<a@b> AUTH=a+0Ab               ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> ENVID=+0A                ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> ENVID=+0d                ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> ENVID=+80                ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> RET=ALL                  ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> RET=full ENVID=a+2Bb     ; a@b             ; a@b
                MAIL FROM:<a@b> REQUIRETLS=1             ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> __proto__=1              ; 501 5.5.4       ; 501 5.5.4
                MAIL FROM:<a@b> -X=1                     ; 501 5.5.4       ; 501 5.5.4
                """);
    }

    private static Stream<Arguments> others() {
        return table("""
                starttls                  ; STARTTLS
                STARTTLS\\x20             ; STARTTLS
                STARTTLS foo              ; 501 5.5.4
                STARTTLSFOO               ; 500 5.5.2
                DATA foo                  ; 501 5.5.4
                data                      ; DATA
                QuIt                      ; QUIT
                NOOP whatever             ; NOOP
                HELP mail                 ; HELP
                HELP \\x07               ; 501 5.5.4
                EHLO                      ; 501 5.5.4
                helo 163.com              ; HELO
                EHLO [IPv6:::1]           ; EHLO
                EHLO a b                  ; 501 5.5.4
                EHLO a\\x00              ; 501 5.5.4
                EHLO a\\x85              ; 501 5.5.4
                EHLO \\x1fa              ; 501 5.5.4
                VRFY                      ; 501 5.5.4
                VRFY bob                  ; VRFY
                EXPN list                 ; EXPN
                AUTH                      ; 501 5.5.4
                AUTH PLAIN a b            ; 501 5.5.4
                AUTH ../../x              ; 504 5.5.4
                auth plain =              ; AUTH
                BDAT 25 LAST              ; BDAT
                BDAT 25 last              ; BDAT
                BDAT x                    ; fatal 501 5.5.4
                BDAT                      ; fatal 501 5.5.4
                BDAT -1                   ; fatal 501 5.5.4
                BDAT 1 2                  ; fatal 501 5.5.4
                BDAT 99999999999999999999 LAST ; fatal 501 5.5.4
                GET / HTTP/1.1            ; fatal 221 2.7.0
                POST / HTTP/1.1           ; fatal 221 2.7.0
                connect mx:25 HTTP/1.1    ; fatal 221 2.7.0
                \\x16\\x03\\x01\\x02  ; fatal 221 2.7.0
                XCLIENT NAME=a+0Ab        ; 550 5.7.0
                xforward NAME=a           ; 550 5.7.0
                PROXY TCP4 1.2.3.4 1.2.3.4 1 25 ; fatal 550 5.7.0
                \\x00\\x0aQUIT        ; fatal 221 2.7.0
                LHLO client               ; LHLO
                LHLO                      ; 501 5.5.4
                constructor               ; 500 5.5.2
                \\x31                    ; 500 5.5.2
                """);
    }

    /** Columns between semicolons with spaces around; {@code \\xHH} is an octet. */
    private static Stream<Arguments> table(String text) {
        return text.lines()
                .map(line -> Arguments.of((Object[]) Stream.of(line.split(" +; +"))
                        .map(SmtpCommandParserTest::unescaped)
                        .toArray(String[]::new)));
    }

    private static String unescaped(String column) {
        return Pattern.compile("\\\\x(..)")
                .matcher(column)
                .replaceAll(
                        found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    private static String outcome(SmtpCommandParser parser, String line) {
        SmtpCommand[] command = new SmtpCommand[1];
        SmtpSyntaxException fault =
                catchThrowableOfType(SmtpSyntaxException.class, () -> command[0] = parser.parse(line));
        if (fault != null) {
            assertThat(fault.text()).matches("[ -~]+");
            return (fault.isFatal() ? "fatal " : "") + fault.code() + " " + fault.enhancedStatus();
        }
        if (command[0] instanceof SmtpCommand.MailFrom mail) {
            return mail.sender().map(Object::toString).orElse("<>");
        }
        if (command[0] instanceof SmtpCommand.RcptTo rcpt) {
            return rcpt.recipient().toString();
        }
        return command[0].verb().name();
    }
}
