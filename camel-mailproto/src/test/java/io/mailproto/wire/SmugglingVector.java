package io.mailproto.wire;

import java.util.List;

/**
 * One way to make two servers see different ends of one message (SMTP smuggling, CVE-2023-51764 and its kin), with the
 * right answer of RFC 5321 §4.1.1.4: only CRLF . CRLF ends a message.
 *
 * @param octets what stands between the message and the smuggled one
 * @param isEnd whether the message ends in it
 * @param content what of it is content, dots unstuffed and bare line endings left alone
 * @param rest what of it comes after the end
 * @param atStart whether it is the first thing after the reply to DATA
 */
record SmugglingVector(
        String name,
        String octets,
        boolean isEnd,
        String content,
        String rest,
        boolean atStart,
        boolean cr,
        boolean lf) {

    private static final String HEAD = "Subject: x\r\n\r\nbody";
    private static final String SMUGGLED =
            "MAIL FROM:<evil@x>\r\nRCPT TO:<victim@y>\r\nDATA\r\nSubject: smuggled\r\n\r\nhi\r\n";

    static List<SmugglingVector> all() {
        return List.of(
                end("S1 the end", "\r\n.\r\n", "\r\n", "", false, false),
                end("S2 CR before the end", "\r\r\n.\r\n", "\r\r\n", "", true, false),
                no("S3 LF . LF", "\n.\n", "\n.\n", false, true),
                no("S4 LF . CRLF", "\n.\r\n", "\n.\r\n", false, true),
                no("S5 CRLF . LF", "\r\n.\n", "\r\n\n", false, true),
                no("S6 LF . CR", "\n.\r", "\n.\r", true, true),
                no("S7 CR . CR", "\r.\r", "\r.\r", true, false),
                no("S8 CR . LF", "\r.\n", "\r.\n", true, true),
                no("S9 CR . CRLF", "\r.\r\n", "\r.\r\n", true, false),
                no("S10 CRLF . CR x", "\r\n.\rx", "\r\n\rx", true, false),
                no("S11 CRLF . CR CRLF", "\r\n.\r\r\n", "\r\n\r\r\n", true, false),
                no("S12 CR CRLF . CR CRLF", "\r\r\n.\r\r\n", "\r\r\n\r\r\n", true, false),
                no("S13 CRLF NUL . CRLF", "\r\n\0.\r\n", "\r\n\0.\r\n", false, false),
                no("S14 CRLF . NUL CRLF", "\r\n.\0\r\n", "\r\n\0\r\n", false, false),
                no("S15 CRLF CRLF . LF CRLF", "\r\n\r\n.\n\r\n", "\r\n\r\n\n\r\n", false, true),
                atStart("S16 the end at once", ".\r\n", true, ""),
                atStart("S17 a stuffed first line", "..x\r\n", false, ".x\r\n"),
                no("S17 a stuffed dot alone", "\r\n..\r\n", "\r\n.\r\n", false, false),
                no("S18 a dot that is not stuffed", "\r\n.foo\r\n", "\r\nfoo\r\n", false, false),
                end("S19 a command behind the end", "\r\n.\r\nNOOP\r\n", "\r\n", "NOOP\r\n", false, false),
                no("S22 NUL and 8-bit octets", "\r\n\0\u0080\u00ff\r\n", "\r\n\0\u0080\u00ff\r\n", false, false));
    }

    private static SmugglingVector end(
            String name, String octets, String content, String rest, boolean cr, boolean lf) {
        return new SmugglingVector(name, octets, true, content, rest, false, cr, lf);
    }

    private static SmugglingVector no(String name, String octets, String content, boolean cr, boolean lf) {
        return new SmugglingVector(name, octets, false, content, "", false, cr, lf);
    }

    private static SmugglingVector atStart(String name, String octets, boolean isEnd, String content) {
        return new SmugglingVector(name, octets, isEnd, content, "", true, false, false);
    }

    /** All that the attacker sends after the reply to DATA, with a real end. */
    String sent() {
        return (atStart ? "" : HEAD) + octets + SMUGGLED + ".\r\n";
    }

    /** The message that must come out. */
    String expectedContent() {
        return (atStart ? "" : HEAD) + content + (isEnd ? "" : SMUGGLED);
    }

    /** What must be left for the next commands. */
    String expectedRest() {
        return isEnd ? rest + SMUGGLED + ".\r\n" : "";
    }

    /** As a message that our client has to send. */
    String asBody() {
        return (atStart ? "" : HEAD) + octets + SMUGGLED;
    }

    @Override
    public String toString() {
        return name;
    }
}
