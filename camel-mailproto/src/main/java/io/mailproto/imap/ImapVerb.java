package io.mailproto.imap;

import java.util.EnumSet;
import java.util.Set;

/** The commands this client sends, in which state each is allowed, and what it does (RFC 3501 §6 as a table). */
enum ImapVerb {
    CAPABILITY("CAPABILITY", States.ANY),
    NOOP("NOOP", States.ANY, Effect.MAY_RENUMBER),
    ID("ID", States.ANY),
    LOGOUT("LOGOUT", States.ANY, Effect.ALONE),

    STARTTLS("STARTTLS", States.CONNECTED, Effect.ALONE),
    LOGIN("LOGIN", States.CONNECTED, Effect.ALONE),
    AUTHENTICATE("AUTHENTICATE", States.CONNECTED, Effect.ALONE),

    LIST("LIST", States.LOGGED_IN, Effect.MAY_RENUMBER),
    STATUS("STATUS", States.LOGGED_IN, Effect.MAY_RENUMBER),
    LSUB("LSUB", States.LOGGED_IN, Effect.MAY_RENUMBER),
    CREATE("CREATE", States.LOGGED_IN, Effect.MAY_RENUMBER),
    DELETE("DELETE", States.LOGGED_IN, Effect.ALONE),
    RENAME("RENAME", States.LOGGED_IN, Effect.ALONE),
    SUBSCRIBE("SUBSCRIBE", States.LOGGED_IN, Effect.MAY_RENUMBER),
    UNSUBSCRIBE("UNSUBSCRIBE", States.LOGGED_IN, Effect.MAY_RENUMBER),
    NAMESPACE("NAMESPACE", States.LOGGED_IN, Effect.MAY_RENUMBER),
    APPEND("APPEND", States.LOGGED_IN, Effect.ALONE),
    GETQUOTA("GETQUOTA", States.LOGGED_IN, Effect.MAY_RENUMBER),
    GETQUOTAROOT("GETQUOTAROOT", States.LOGGED_IN, Effect.MAY_RENUMBER),
    SETQUOTA("SETQUOTA", States.LOGGED_IN, Effect.MAY_RENUMBER),
    GETACL("GETACL", States.LOGGED_IN, Effect.MAY_RENUMBER),
    SETACL("SETACL", States.LOGGED_IN, Effect.MAY_RENUMBER),
    DELETEACL("DELETEACL", States.LOGGED_IN, Effect.MAY_RENUMBER),
    LISTRIGHTS("LISTRIGHTS", States.LOGGED_IN, Effect.MAY_RENUMBER),
    MYRIGHTS("MYRIGHTS", States.LOGGED_IN, Effect.MAY_RENUMBER),
    ENABLE("ENABLE", States.NOTHING_OPEN, Effect.ALONE),
    NOTIFY("NOTIFY", States.LOGGED_IN, Effect.ALONE),
    COMPRESS("COMPRESS", States.LOGGED_IN, Effect.ALONE),
    SELECT("SELECT", States.LOGGED_IN, Effect.ALONE),
    EXAMINE("EXAMINE", States.LOGGED_IN, Effect.ALONE),

    IDLE("IDLE", States.SELECTED, Effect.ALONE),
    UNSELECT("UNSELECT", States.SELECTED, Effect.ALONE),
    CLOSE("CLOSE", States.SELECTED, Effect.ALONE),
    FETCH("FETCH", States.SELECTED, Effect.USES_NUMBERS, Effect.READS),
    UID_SEARCH("UID SEARCH", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS),
    UID_SORT("UID SORT", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS),
    UID_THREAD("UID THREAD", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS),
    UID_FETCH("UID FETCH", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS),
    UID_STORE("UID STORE", States.SELECTED, Effect.MAY_RENUMBER, Effect.CHANGES),
    UID_COPY("UID COPY", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS),
    UID_MOVE("UID MOVE", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS, Effect.CHANGES),
    UID_EXPUNGE("UID EXPUNGE", States.SELECTED, Effect.MAY_RENUMBER, Effect.READS, Effect.CHANGES);

    /** What matters for having several commands under way at a time (RFC 3501 §5.5). */
    enum Effect {
        /** Nothing may run beside it. */
        ALONE,
        /** Names messages by numbers that shift. */
        USES_NUMBERS,
        /** Its answer may come with untagged EXPUNGE: every command but FETCH, STORE and SEARCH (RFC 3501 §7.4.1). */
        MAY_RENUMBER,
        /** Depends on the messages or their flags. */
        READS,
        /** Changes messages or their flags. */
        CHANGES
    }

    /** Where a conversation stands (RFC 3501 §3). */
    enum State {
        CONNECTED,
        LOGGED_IN,
        SELECTED
    }

    private static final class States {
        static final Set<State> ANY = EnumSet.allOf(State.class);
        static final Set<State> CONNECTED = EnumSet.of(State.CONNECTED);
        static final Set<State> LOGGED_IN = EnumSet.of(State.LOGGED_IN, State.SELECTED);
        static final Set<State> NOTHING_OPEN = EnumSet.of(State.LOGGED_IN);
        static final Set<State> SELECTED = EnumSet.of(State.SELECTED);
    }

    private final String word;
    private final Set<State> states;
    private final Set<Effect> effects;

    ImapVerb(String word, Set<State> states, Effect... effects) {
        this.word = word;
        this.states = states;
        this.effects = EnumSet.noneOf(Effect.class);
        this.effects.addAll(Set.of(effects));
    }

    String word() {
        return word;
    }

    /** Does it find messages that have come unnoticed? */
    boolean looksForMessages() {
        return this == UID_SEARCH || this == UID_SORT || this == UID_THREAD;
    }

    boolean isAllowedIn(State state) {
        return states.contains(state);
    }

    /**
     * May both be under way at a time, in any order of execution?
     *
     * @param sameMessages can both concern the same message?
     */
    boolean mayRunBeside(ImapVerb other, boolean sameMessages) {
        if (has(Effect.ALONE) || other.has(Effect.ALONE)) {
            return false;
        }
        if ((has(Effect.USES_NUMBERS) && other.has(Effect.MAY_RENUMBER))
                || (other.has(Effect.USES_NUMBERS) && has(Effect.MAY_RENUMBER))) {
            return false;
        }
        return !(sameMessages && (changesWhatMatters(other) || other.changesWhatMatters(this)));
    }

    private boolean changesWhatMatters(ImapVerb other) {
        return has(Effect.CHANGES) && (other.has(Effect.READS) || other.has(Effect.CHANGES));
    }

    private boolean has(Effect effect) {
        return effects.contains(effect);
    }
}
