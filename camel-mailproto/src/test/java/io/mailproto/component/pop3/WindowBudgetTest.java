package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.spool.SpoolWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for comes, whatever LIST has said about its size. */
class WindowBudgetTest {
    private static final int SIZE = 100 * 1024;

    private static Octets write(Spool spool, int size) throws IOException {
        try (SpoolWriter writer = spool.newWriter(-1)) {
            writer.write(new byte[size]);
            return writer.finish();
        }
    }

    @Test
    void whatGoesBeyondTheBudgetGoesToFilesAndTheNextWindowsAreSmaller(@TempDir Path directory) throws IOException {
        WindowBudget budget = new WindowBudget(new Spool(new SpoolOptions(128 * 1024, directory)));
        assertThat(budget.expected(1)).isEqualTo(1);
        budget.begin();
        int inMemory = 0;
        for (int i = 0; i < 370; i++) {
            Octets mail = write(budget.spool(), SIZE);
            inMemory += mail.isInMemory() ? 1 : 0;
            budget.fetched(mail.size());
            mail.release();
        }

        assertThat(inMemory).isBetween(80, 90);
        assertThat(write(budget.spool(), 1000).isInMemory())
                .as("not worth a file")
                .isTrue();
        assertThat(budget.expected(1)).isEqualTo(SIZE);
        budget.begin();
        assertThat(write(budget.spool(), SIZE).isInMemory()).isTrue();
    }

    @Test
    void oneLargeMailIsNoDeception() {
        WindowBudget budget = new WindowBudget(new Spool(SpoolOptions.defaults()));
        budget.begin();
        budget.fetched(1L << 30);

        assertThat(budget.expected(3000)).isEqualTo(3000);
    }
}
