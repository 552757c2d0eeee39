package io.mailproto.smtp.mx;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.address.Domain;
import io.mailproto.testing.FakeZone;
import io.mailproto.wire.Networks;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where mail for a domain goes (RFC 5321 §5.1, RFC 7505). */
class RoutePlannerTest {
    private static final MxLimits LIMITS = new MxLimits(3, 3, 5, Duration.ofMinutes(1));

    private static final FakeZone ZONE = new FakeZone()
            .mx("two.test", 20, "b.test")
            .mx("two.test", 10, "a.test.")
            .mx("many.test", 3, "c.test")
            .mx("many.test", 1, "a.test")
            .mx("many.test", 2, "b.test")
            .mx("many.test", 4, "d.test")
            .address("implicit.test", "192.0.2.1")
            .empty("nodata.test")
            .mx("null.test", 0, ".")
            .mx("nullandmore.test", 0, ".")
            .mx("nullandmore.test", 10, "a.test")
            .failing("servfail.test")
            .mx("garbage.test", 5, "192.0.2.1")
            .mx("garbage.test", 6, "localhost")
            .mx("garbage.test", 7, "host.localhost")
            .mx("garbage.test", 8, "a\\032b.test")
            .mx("partlygarbage.test", 1, "127.0.0.1")
            .mx("partlygarbage.test", 2, "a.test")
            .mx("backup.test", 10, "a.test")
            .mx("backup.test", 20, "me.test")
            .mx("backup.test", 20, "b.test")
            .mx("backup.test", 30, "c.test")
            .mx("loop.test", 10, "ME.test")
            .mx("loop.test", 20, "a.test")
            .mx("loopbyaddress.test", 10, "other.test")
            .address("other.test", "198.51.100.7")
            .address("a.test", "198.51.100.8")
            .address("me.test", "198.51.100.7")
            .mx("xn--bcher-kva.test", 1, "a.test");

    private static MxRoute plan(String domain, boolean literals) {
        MxOptions options = new MxOptions(
                Set.of(Domain.parse("me.test")),
                Networks.parse("198.51.100.7"),
                AddressScope.ANY,
                literals,
                25,
                true,
                LIMITS);
        return new RoutePlanner(ZONE, options, () -> new Random(1)).plan(Domain.parse(domain));
    }

    private static String words(MxRoute route) {
        return route.refusal() != null
                ? route.refusal().code() + " " + route.refusal().enhanced().orElseThrow()
                : route.hosts().stream().map(MxRoute.Host::name).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "two.test, a.test b.test",
        "many.test, a.test b.test c.test",
        "implicit.test, implicit.test",
        "nodata.test, nodata.test",
        "null.test, 556 5.1.10",
        "nullandmore.test, a.test",
        "missing.test, 550 5.1.2",
        "servfail.test, 451 4.4.3",
        "garbage.test, 550 5.4.4",
        "partlygarbage.test, a.test",
        "backup.test, a.test",
        "loop.test, 554 5.4.6",
        "loopbyaddress.test, 554 5.4.6",
        "me.test, 554 5.4.6",
        "bücher.test, a.test",
        "[192.0.2.1], 192.0.2.1",
        "[IPv6:2001:db8::1], 2001:db8::1",
        "[198.51.100.7], 554 5.4.6",
    })
    void goesWhereTheDnsSays(String domain, String expected) {
        assertThat(words(plan(domain, true))).isEqualTo(expected);
    }

    @Test
    void addressLiteralsCanBeForbidden() {
        assertThat(words(plan("[192.0.2.1]", false))).isEqualTo("550 5.1.3");
    }

    @Test
    void aRecipientWithoutDomainGoesNowhere() {
        MxOptions options = Mx.options(25, LIMITS);
        assertThat(words(new RoutePlanner(ZONE, options, () -> new Random(1)).plan(Domain.NONE)))
                .isEqualTo("550 5.1.3");
    }

    @Test
    void hostsOfEqualPreferenceTakeTurns() {
        FakeZone zone = new FakeZone()
                .mx("x.test", 10, "a.test")
                .mx("x.test", 10, "b.test")
                .mx("x.test", 5, "first.test");
        Random random = new Random(7);
        RoutePlanner planner = new RoutePlanner(zone, Mx.options(25, LIMITS), () -> random);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            seen.add(words(planner.plan(Domain.parse("x.test"))));
        }
        assertThat(seen).containsExactlyInAnyOrder("first.test a.test b.test", "first.test b.test a.test");
    }

    @Test
    void addressesAreNotLookedUpBeforeTheyAreNeeded() {
        FakeZone zone = new FakeZone().mx("x.test", 1, "a.test").mx("x.test", 2, "b.test");
        new RoutePlanner(zone, Mx.options(25, LIMITS), () -> new Random(1)).plan(Domain.parse("x.test"));
        assertThat(zone.questions()).isEqualTo(1);
    }

    @Test
    void aRefusalCannotBringInALine() {
        FakeZone zone = new FakeZone().mx("x.test", 1, "evil\r\n250 ok");
        MxRoute route =
                new RoutePlanner(zone, Mx.options(25, LIMITS), () -> new Random(1)).plan(Domain.parse("x.test"));
        assertThat(route.refusal().toWireLines())
                .isEqualTo(List.of("550 5.4.4 no mail exchanger of x.test is a host name: evil\\r\\n250 ok"));
    }
}
