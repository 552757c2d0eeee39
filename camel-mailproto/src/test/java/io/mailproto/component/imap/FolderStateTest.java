package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.CapturedLog;
import io.mailproto.imap.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered of a folder. */
class FolderStateTest {
    private final List<String> stored = new ArrayList<>();

    private FolderState state(String text) {
        FolderState state = new FolderState("alice@host/INBOX", text, stored::add);
        state.opened(77, OptionalLong.of(1000));
        return state;
    }

    private String last() {
        return stored.get(stored.size() - 1);
    }

    private static UidSet uids(String set) {
        return UidSet.parse(set);
    }

    @Test
    void rememberWhatIsKnownAndNotDoneYet() {
        FolderState state = state(null);
        assertThat(state.wanted()).hasToString("1:4294967295");
        state.found(uids("3:9"));
        assertThat(last()).isEqualTo("1;77;9;3:9;");
        state.done(77, uids("3:5,8"));
        assertThat(last()).isEqualTo("1;77;9;6:7,9;");
        assertThat(state.failed(77, 9)).isEqualTo(1);
        assertThat(state.failed(77, 9)).isEqualTo(2);
        assertThat(last()).isEqualTo("1;77;9;6:7,9;9x2");

        FolderState again = state(last());
        assertThat(again.wanted()).hasToString("6:7,9:4294967295");
        assertThat(again.failures(77, 9)).isEqualTo(2);
        again.found(uids("7,9,12"));
        assertThat(last()).as("6 has vanished").isEqualTo("1;77;12;7,9,12;9x2");
        again.succeeded(77, 9);
        again.done(77, uids("7,9,12"));
        assertThat(last()).isEqualTo("1;77;12;;");
        assertThat(again.wanted()).hasToString("13:4294967295");
    }

    @Test
    void writesOnlyWhatHasChanged() {
        FolderState state = state(null);
        state.found(uids("3"));
        state.found(uids("3"));
        state.done(77, uids("4"));
        state.done(78, uids("3"));
        state.succeeded(77, 3);
        assertThat(stored).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"78,1000,rebuilt", "77,9,gives UIDs anew"})
    void aRebuiltFolderIsAnnouncedAndLookedAtAnew(long validity, long uidNext, String text) {
        try (CapturedLog log = new CapturedLog(FolderState.class)) {
            FolderState state = new FolderState("alice@host/INBOX", "1;77;9;6;6x2", stored::add);
            state.opened(validity, OptionalLong.of(uidNext));
            state.opened(validity, OptionalLong.of(uidNext));
            assertThat(log.warnings()).singleElement().asString().contains("alice@host/INBOX", text);
            assertThat(state.wanted()).hasToString("1:4294967295");
            assertThat(state.failures(validity, 6)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2;77;9;6;", "1;77;9;x;", "1;77;9;6", "1;77;9;6;6", "1;;;;"})
    void whatCannotBeUnderstoodIsAnnouncedAndBegunAnew(String text) {
        try (CapturedLog log = new CapturedLog(FolderState.class)) {
            assertThat(state(text).wanted()).hasToString("1:4294967295");
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void eachFolderHasAnEntryOfItsOwn() {
        MemoryStateRepository repository = new MemoryStateRepository();
        FolderStates states = new FolderStates(repository);
        states.of("alice@host/a=b%").opened(77, OptionalLong.empty());
        states.of("alice@host/a=b%").found(uids("5"));
        assertThat(repository.getState("alice@host/a%3Db%25")).isEqualTo("1;77;5;5;");
        assertThat(states.of("alice@host/c").wanted()).hasToString("1:4294967295");
        assertThat(new FolderStates(repository).of("alice@host/a=b%").wanted()).hasToString("5:4294967295");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"1:10;3:5,8;1:2,6:7,9:10", "1:3;1:3;''", "5;4,6;5", "1,3,5;1:2,5;3", "2:4,7:9;1:7;8:9", "4:6;5;4,6"
            })
    void setsAreSubtracted(String from, String what, String left) {
        assertThat(uids(from).minus(uids(what))).hasToString(left);
        assertThat(uids(from).minus(UidSet.empty())).hasToString(from);
        assertThat(UidSet.empty().minus(uids(what)).isEmpty()).isTrue();
    }
}
