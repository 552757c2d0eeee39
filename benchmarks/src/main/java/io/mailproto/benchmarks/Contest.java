package io.mailproto.benchmarks;

import io.mailproto.benchmarks.Meter.Sample;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Lets contestants do the same work in turn, round after round, and prints medians, spread and ratios. The order is
 * reversed in every second round, so that nobody always runs on a machine that is warm or tired.
 */
final class Contest {
    /** Does the work once and measures it. */
    @FunctionalInterface
    interface Round {
        Sample run() throws Exception;
    }

    private final String title;
    private final PrintStream out;
    private final Map<String, Round> contestants = new LinkedHashMap<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<String, String> dropped = new LinkedHashMap<>();

    Contest(String title, PrintStream out) {
        this.title = title;
        this.out = out;
    }

    /** Adds a contestant; the last one is the one whose ratio to the others is printed. */
    Contest with(String name, Round round) {
        contestants.put(name, round);
        samples.put(name, new ArrayList<>());
        return this;
    }

    /** Runs {@code warmups} rounds that do not count and {@code rounds} that do, then prints the table. */
    void run(int warmups, int rounds) {
        out.println();
        out.println(title);
        for (int i = 0; i < warmups + rounds; i++) {
            List<String> order = new ArrayList<>(contestants.keySet());
            if (i % 2 == 1) {
                java.util.Collections.reverse(order);
            }
            for (String name : order) {
                if (!dropped.containsKey(name)) {
                    runOne(name, i >= warmups);
                }
            }
        }
        print();
    }

    private void runOne(String name, boolean counts) {
        try {
            Sample sample = contestants.get(name).run();
            out.printf(
                    Locale.ROOT,
                    "  %-18s %,12.0f msg/s  %,10.1f us CPU  %,12.0f octets%s%n",
                    name,
                    sample.perSecond(),
                    sample.cpuMicros(),
                    sample.allocated(),
                    counts ? "" : "  (warm-up)");
            if (counts) {
                samples.get(name).add(sample);
            }
        } catch (Exception e) {
            dropped.put(name, e.toString());
            out.printf("  %-18s FAILED: %s%n", name, e);
        }
    }

    private void print() {
        out.println("  median [least-most]");
        for (Map.Entry<String, List<Sample>> contestant : samples.entrySet()) {
            List<Sample> all = contestant.getValue();
            if (all.isEmpty()) {
                out.printf("  %-18s no figures: %s%n", contestant.getKey(), dropped.get(contestant.getKey()));
            } else {
                out.printf(
                        "  %-18s %s msg/s   %s us CPU/msg   %s octets/msg%n",
                        contestant.getKey(),
                        spread(all, Sample::perSecond),
                        spread(all, Sample::cpuMicros),
                        spread(all, Sample::allocated));
            }
        }
        List<String> names = new ArrayList<>(samples.keySet());
        String ours = names.remove(names.size() - 1);
        for (String other : names) {
            printRatio(ours, other);
        }
        out.flush();
    }

    private void printRatio(String ours, String other) {
        if (samples.get(ours).isEmpty() || samples.get(other).isEmpty()) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "  %s / %s: %.1f times the rate [%.1f-%.1f in single rounds], 1/%.1f of the CPU, 1/%.1f of the octets%n",
                ours,
                other,
                ratio(ours, other, Sample::perSecond),
                roundRatio(ours, other, true),
                roundRatio(ours, other, false),
                ratio(other, ours, Sample::cpuMicros),
                ratio(other, ours, Sample::allocated));
    }

    private double ratio(String a, String b, ToDoubleFunction<Sample> figure) {
        return median(samples.get(a), figure) / median(samples.get(b), figure);
    }

    /** The least or the greatest ratio of the rates within one round. */
    private double roundRatio(String a, String b, boolean least) {
        List<Sample> as = samples.get(a);
        List<Sample> bs = samples.get(b);
        double found = Double.NaN;
        for (int i = 0; i < Math.min(as.size(), bs.size()); i++) {
            double ratio = as.get(i).perSecond() / bs.get(i).perSecond();
            if (Double.isNaN(found) || (least ? ratio < found : ratio > found)) {
                found = ratio;
            }
        }
        return found;
    }

    private static String spread(List<Sample> all, ToDoubleFunction<Sample> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        return String.format(
                Locale.ROOT, "%,.0f [%,.0f-%,.0f]", median(all, figure), sorted[0], sorted[sorted.length - 1]);
    }

    private static double median(List<Sample> all, ToDoubleFunction<Sample> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
