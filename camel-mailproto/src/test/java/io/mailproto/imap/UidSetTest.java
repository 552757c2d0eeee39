package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UidSetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1                 | 1
            3,2,1             | 1:3
            5:1               | 1:5
            1:3,4,9           | 1:4,9
            1:5,2:3           | 1:5
            9,7,8,1,1         | 1,7:9
            4294967295        | 4294967295
            """)
    void isAlwaysAscendingAndCompact(String text, String normalised) {
        assertThat(UidSet.parse(text)).hasToString(normalised);
        assertThat(SequenceSet.parse(text)).hasToString(normalised);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1,", ",1", "a", "1:", ":2", "4294967296", "1 2", "*", "-1", "1::2", "12345678901"})
    void refusesWhatIsNoSet(String text) {
        assertThatThrownBy(() -> UidSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void canBeEmpty() {
        assertThat(UidSet.parse("")).isEqualTo(UidSet.empty());
        assertThat(UidSet.empty().isEmpty()).isTrue();
        assertThat(UidSet.empty().split(100)).isEmpty();
        assertThat(UidSet.empty().iterator().hasNext()).isFalse();
    }

    @Test
    void knowsWhatIsInIt() {
        UidSet set = UidSet.of(7, 3, 4, 100);

        assertThat(set.count()).isEqualTo(4);
        assertThat(set.first()).isEqualTo(3);
        assertThat(set.last()).isEqualTo(100);
        assertThat(set.contains(4)).isTrue();
        assertThat(set.contains(5)).isFalse();
        assertThat(numbers(set)).containsExactly(3L, 4L, 7L, 100L);
        assertThat(set.intersects(UidSet.range(5, 7))).isTrue();
        assertThat(set.intersects(UidSet.range(8, 99))).isFalse();
        assertThat(set.plus(UidSet.range(5, 6))).hasToString("3:7,100");
    }

    @Test
    void isSplitBetweenRangesToFitOnALine() {
        UidSet scattered =
                UidSet.of(LongStream.range(0, 1000).map(i -> 1 + i * 2).toArray());

        List<UidSet> pieces = scattered.split(100);

        assertThat(pieces).allSatisfy(piece -> assertThat(piece.toString()).hasSizeLessThanOrEqualTo(100));
        UidSet together = pieces.stream().reduce(UidSet.empty(), UidSet::plus);
        assertThat(together).isEqualTo(scattered);
        assertThat(pieces.stream().mapToLong(UidSet::count).sum()).isEqualTo(1000);
    }

    @Test
    void pairsOldAndNewUidsOfACopy() {
        CopiedUids copied = CopiedUids.of(ResponseCode.parse("COPYUID 38505 304,319:320 3956:3958"));

        assertThat(copied.newUidOf(304)).hasValue(3956);
        assertThat(copied.newUidOf(320)).hasValue(3958);
        assertThat(copied.newUidOf(305)).isEmpty();
        assertThat(CopiedUids.of(ResponseCode.parse("COPYUID 701  "))).isEqualTo(CopiedUids.UNKNOWN);
    }

    private static List<Long> numbers(UidSet set) {
        List<Long> numbers = new ArrayList<>();
        set.iterator().forEachRemaining((long n) -> numbers.add(n));
        return numbers;
    }
}
