package dev.tokencache;

import java.util.List;

/**
 * What must hold of a token before it is written or deleted: nothing, that it is absent ({@code If-None-Match: *}), or that
 * it has one of some entity tags ({@code If-Match}, RFC 9110 section 13.1.1). Weak tags never match. Immutable.
 */
public final class Precondition {
    /** Nothing is demanded. */
    public static final Precondition NONE = new Precondition(Kind.NONE, List.of());

    /** There must be no such token; a write never replaces one then. */
    public static final Precondition ABSENT = new Precondition(Kind.ABSENT, List.of());

    /** There must be one, whatever its version ({@code If-Match: *}). */
    public static final Precondition PRESENT = new Precondition(Kind.PRESENT, List.of());

    private enum Kind {
        NONE,
        ABSENT,
        PRESENT,
        MATCH
    }

    private final Kind kind;
    private final List<String> etags;

    private Precondition(Kind kind, List<String> etags) {
        this.kind = kind;
        this.etags = etags;
    }

    /** One exact version, by its entity tag without quotes, as {@link TokenFile#etag()} gives it. */
    public static Precondition match(String etag) {
        return new Precondition(Kind.MATCH, List.of(etag));
    }

    /**
     * Reads the value of an {@code If-Match} header: {@code *} or a list of quoted entity tags.
     *
     * @param header the value, or null for none
     * @throws TokenCacheException {@link Failure#BAD_REQUEST} when it is neither
     */
    public static Precondition ifMatch(String header) {
        if (header == null) {
            return NONE;
        }
        EntityTags tags = EntityTags.parse(header);
        return tags.isAny() ? PRESENT : new Precondition(Kind.MATCH, tags.strong());
    }

    /** Whether the state of the token has to be known to judge this. */
    public boolean isConditional() {
        return kind != Kind.NONE;
    }

    /** Whether only a write that creates the token can hold it. */
    public boolean demandsAbsence() {
        return kind == Kind.ABSENT;
    }

    /**
     * Whether it holds.
     *
     * @param etag entity tag of the present version without quotes, or null when there is no token
     */
    public boolean holds(String etag) {
        return switch (kind) {
            case NONE -> true;
            case ABSENT -> etag == null;
            case PRESENT -> etag != null;
            case MATCH -> etag != null && etags.contains(etag);
        };
    }

    /** The {@code If-Match} value that {@link #ifMatch} reads back, or null when none is demanded. */
    String header() {
        return switch (kind) {
            case NONE, ABSENT -> null;
            case PRESENT -> "*";
            case MATCH -> etags.isEmpty() ? "W/\"\"" : "\"" + String.join("\", \"", etags) + "\"";
        };
    }
}
