package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImapVerbTest {
    /** RFC 3501 §5.5: what may be under way together, for the same message and for different ones. */
    @ParameterizedTest
    @CsvSource({
        "UID_FETCH, UID_FETCH,   true,  true",
        "UID_FETCH, UID_STORE,   false, true",
        "UID_FETCH, UID_MOVE,    false, true",
        "UID_STORE, UID_STORE,   false, true",
        "UID_STORE, UID_COPY,    false, true",
        "UID_STORE, UID_EXPUNGE, false, true",
        "UID_COPY,  UID_COPY,    true,  true",
        "ID,        UID_FETCH,   true,  true",
        "NOOP,      UID_FETCH,   true,  true",
        "FETCH,     NOOP,        false, false",
        "FETCH,     UID_FETCH,   false, false",
        "FETCH,     FETCH,       true,  true",
        "SELECT,    UID_FETCH,   false, false",
        "LOGOUT,    NOOP,        false, false",
        "STARTTLS,  CAPABILITY,  false, false",
    })
    void commandsRunTogetherOnlyWhereNothingCanBeMixedUp(ImapVerb a, ImapVerb b, boolean same, boolean others) {
        assertThat(a.mayRunBeside(b, true)).isEqualTo(same);
        assertThat(b.mayRunBeside(a, true)).isEqualTo(same);
        assertThat(a.mayRunBeside(b, false)).isEqualTo(others);
        assertThat(b.mayRunBeside(a, false)).isEqualTo(others);
    }
}
