package io.mailproto.component.imap;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How servers treat a client that waits, as far as it is not what RFC 2177 §3 and RFC 3501 §5.4 promise. By the names of
 * their hosts, since they say nothing about it themselves.
 *
 * @param provider whose
 * @param domains ends of host names
 * @param longestIdle after so long IDLE has to be begun anew
 * @param longestSilence where there is no IDLE, how long a connection may be without a command before the server ends it
 * @param noopTellsNews does NOOP bring what has changed? Where it does not, the folder is selected again
 */
record ServerHabits(
        String provider, List<String> domains, Duration longestIdle, Duration longestSilence, boolean noopTellsNews) {
    private static final Duration USUAL_IDLE = Duration.ofMinutes(29);
    private static final Duration USUAL_SILENCE = Duration.ofMinutes(29);

    private static final ServerHabits USUAL = new ServerHabits("others", List.of(), USUAL_IDLE, USUAL_SILENCE, true);

    private static final List<ServerHabits> KNOWN = List.of(
            // Ends IDLE after 9 to 10 minutes.
            new ServerHabits(
                    "Gmail",
                    List.of("gmail.com", "googlemail.com", "google.com"),
                    Duration.ofMinutes(8),
                    USUAL_SILENCE,
                    true),
            // Stops telling news after a while.
            new ServerHabits(
                    "Microsoft",
                    List.of("office365.com", "outlook.com", "outlook.de", "hotmail.com", "live.com", "office.com"),
                    Duration.ofMinutes(8),
                    USUAL_SILENCE,
                    true),
            new ServerHabits(
                    "Yahoo",
                    List.of("yahoo.com", "yahoo.co.jp", "aol.com"),
                    Duration.ofMinutes(3),
                    USUAL_SILENCE,
                    true),
            new ServerHabits("Rambler", List.of("rambler.ru"), Duration.ofSeconds(50), Duration.ofSeconds(50), true),
            // No IDLE; a connection without a search or STATUS is ended after a minute, whatever NOOP does.
            new ServerHabits(
                    "NetEase",
                    List.of("163.com", "126.com", "yeah.net", "188.com"),
                    Duration.ofSeconds(50),
                    Duration.ofSeconds(50),
                    false),
            new ServerHabits("Naver", List.of("naver.com"), USUAL_IDLE, USUAL_SILENCE, false));

    /** Those of a server. */
    static ServerHabits of(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return KNOWN.stream()
                .filter(habits -> habits.domains().stream()
                        .anyMatch(domain -> name.equals(domain) || name.endsWith("." + domain)))
                .findFirst()
                .orElse(USUAL);
    }
}
