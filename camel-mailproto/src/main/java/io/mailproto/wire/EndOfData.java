package io.mailproto.wire;

/** What ends a dot-stuffed text. */
public enum EndOfData {
    /** CRLF . CRLF and nothing else (RFC 5321 §4.1.1.4); anything laxer lets mail be smuggled. */
    STRICT,
    /** Also CRLF . LF, which some POP3 servers write; never where mail could be smuggled. LF . LF is content. */
    LAX_DOT,
    /** Also lines that end with LF alone; for POP3 servers that end all their lines so. */
    LENIENT
}
