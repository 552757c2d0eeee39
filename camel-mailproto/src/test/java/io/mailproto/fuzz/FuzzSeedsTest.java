package io.mailproto.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The targets without Jazzer: over their seeds, and over seeds that chance has spoilt a little, the same in each run. */
class FuzzSeedsTest {
    private static final int SPOILT = 40;

    static List<FuzzTarget> targets() {
        return FuzzTargets.ALL;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void keepsWhatItPromisesForItsSeeds(FuzzTarget target) throws Exception {
        assertThat(target.seeds()).isNotEmpty();
        target.run(new byte[0]);
        for (byte[] seed : target.seeds()) {
            target.run(seed);
            for (int length = 0; length < Math.min(seed.length, SPOILT); length++) {
                target.run(Arrays.copyOf(seed, length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void keepsWhatItPromisesForSpoiltSeeds(FuzzTarget target) throws Exception {
        Random chance = new Random(5321);
        for (byte[] seed : target.seeds()) {
            for (int i = 0; i < SPOILT; i++) {
                target.run(spoilt(seed, chance));
            }
        }
    }

    private static byte[] spoilt(byte[] seed, Random chance) {
        byte[] spoilt = seed.clone();
        for (int i = chance.nextInt(4); i >= 0 && spoilt.length > 0; i--) {
            int place = chance.nextInt(spoilt.length);
            switch (chance.nextInt(3)) {
                case 0 -> spoilt[place] = (byte) chance.nextInt(256);
                case 1 ->
                    spoilt[place] =
                            "\r\n. <>@\"\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)[chance.nextInt(9)];
                default ->
                    System.arraycopy(
                            seed, place, spoilt, chance.nextInt(place + 1), chance.nextInt(seed.length - place + 1));
            }
        }
        return spoilt;
    }
}
