package dev.tokencache.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the claims of a token must be, and what they grant.
 *
 * @param issuer what {@code iss} must be, or null
 * @param audience what {@code aud} must be or hold, or null
 * @param leeway how far {@code nbf} and {@code iat} may be in the future
 * @param maxLifetime how far {@code exp} may be in the future
 * @param notBefore tokens issued earlier are refused; null for no such rule
 * @param revoked ids of refused tokens
 */
record ClaimRules(
        String issuer, String audience, Duration leeway, Duration maxLifetime, Instant notBefore, Set<String> revoked) {
    /**
     * The caller that the claims describe, provided that their signature turns out to be good.
     *
     * @param now seconds since 1970
     * @return null when a claim is of a wrong type or does not allow it
     */
    Caller caller(Map<String, Object> claims, long now) {
        boolean valid = timesAllow(claims, now)
                && partiesAllow(claims)
                && isTextIfThere(claims, "sub")
                && isTextIfThere(claims, "jti")
                && isTextIfThere(claims, "scope")
                && !(claims.get("jti") instanceof String jti && revoked.contains(jti));
        Set<String> projects = valid ? texts(claims.getOrDefault("projects", List.of())) : null;
        if (projects == null) {
            return null;
        }
        boolean all = projects.equals(Set.of(JwtIssuer.ALL_PROJECTS));
        return new Caller(
                (String) claims.getOrDefault("sub", ""),
                scopes((String) claims.getOrDefault("scope", "")),
                all ? Set.of() : projects,
                all,
                (Long) claims.get("exp"),
                (String) claims.get("jti"));
    }

    private boolean timesAllow(Map<String, Object> claims, long now) {
        if (!(claims.get("exp") instanceof Long exp) || exp <= now || exp > now + maxLifetime.toSeconds()) {
            return false;
        }
        return isPastIfThere(claims, "nbf", now)
                && isPastIfThere(claims, "iat", now)
                && issuedInTime(claims.get("iat"));
    }

    private boolean isPastIfThere(Map<String, Object> claims, String name, long now) {
        Object value = claims.get(name);
        return value == null || (value instanceof Long seconds && seconds <= now + leeway.toSeconds());
    }

    private boolean issuedInTime(Object iat) {
        if (notBefore == null) {
            return true;
        }
        // The claim has whole seconds: issued in the same second may have been earlier.
        long earliest = notBefore.getEpochSecond() + (notBefore.getNano() > 0 ? 1 : 0);
        return iat instanceof Long seconds && seconds >= earliest;
    }

    private boolean partiesAllow(Map<String, Object> claims) {
        if (!isTextIfThere(claims, "iss") || (issuer != null && !issuer.equals(claims.get("iss")))) {
            return false;
        }
        Object aud = claims.get("aud");
        Set<String> audiences = aud == null ? Set.of() : aud instanceof String one ? Set.of(one) : texts(aud);
        return audiences != null && (audience == null || audiences.contains(audience));
    }

    private static boolean isTextIfThere(Map<String, Object> claims, String name) {
        Object value = claims.get(name);
        return value == null || value instanceof String;
    }

    /** The elements of an array of strings, or null if it is something else. */
    private static Set<String> texts(Object value) {
        if (!(value instanceof List<?> list)) {
            return null;
        }
        Set<String> texts = new HashSet<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                return null;
            }
            texts.add(text);
        }
        return texts;
    }

    private static Set<Scope> scopes(String claim) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : claim.split(" ", -1)) {
            Scope scope = Scope.named(word);
            if (scope != null) {
                scopes.add(scope);
            }
        }
        return scopes;
    }
}
