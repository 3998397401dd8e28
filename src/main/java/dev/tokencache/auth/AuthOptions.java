package dev.tokencache.auth;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which bearer tokens are accepted. */
public final class AuthOptions {
    /** How far another machine's clock may be ahead; it never prolongs {@code exp}. */
    public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(30);

    /** How far in the future a token may end. */
    public static final Duration DEFAULT_MAX_LIFETIME = Duration.ofDays(30);

    /** After how many bad credentials in a minute an address is throttled. */
    public static final int DEFAULT_MAX_FAILURES_PER_MINUTE = 30;

    /** How long keys from a URL are used before they are fetched again. */
    public static final Duration DEFAULT_JWKS_REFRESH = Duration.ofMinutes(10);

    private List<KeyOptions> keys = new ArrayList<>();
    private Path jwksFile;
    private URI jwksUrl;
    private Path jwksCaFile;
    private Duration jwksRefresh = DEFAULT_JWKS_REFRESH;
    private Duration jwksPatience = Duration.ZERO;
    private String issuer;
    private String audience;
    private Duration leeway = DEFAULT_LEEWAY;
    private Duration maxLifetime = DEFAULT_MAX_LIFETIME;
    private int maxFailuresPerMinute = DEFAULT_MAX_FAILURES_PER_MINUTE;
    private Instant notBefore;
    private Path revokedFile;

    public AuthOptions() {}

    /** A copy that shares nothing with the original. */
    public AuthOptions(AuthOptions other) {
        setKeys(other.keys);
        jwksFile = other.jwksFile;
        jwksUrl = other.jwksUrl;
        jwksCaFile = other.jwksCaFile;
        jwksRefresh = other.jwksRefresh;
        jwksPatience = other.jwksPatience;
        issuer = other.issuer;
        audience = other.audience;
        leeway = other.leeway;
        maxLifetime = other.maxLifetime;
        maxFailuresPerMinute = other.maxFailuresPerMinute;
        notBefore = other.notBefore;
        revokedFile = other.revokedFile;
    }

    /** The configured keys; never null, a list of its own. */
    public List<KeyOptions> getKeys() {
        return keys;
    }

    /** Replaces the keys by copies of these. */
    public AuthOptions setKeys(List<KeyOptions> keys) {
        this.keys = new ArrayList<>();
        keys.forEach(this::addKey);
        return this;
    }

    /** Adds a copy of the key. */
    public AuthOptions addKey(KeyOptions key) {
        keys.add(new KeyOptions(key));
        return this;
    }

    public Path getJwksFile() {
        return jwksFile;
    }

    /** A JSON Web Key Set (RFC 7517), or null for none. */
    public AuthOptions setJwksFile(Path jwksFile) {
        this.jwksFile = jwksFile;
        return this;
    }

    public URI getJwksUrl() {
        return jwksUrl;
    }

    /** Where to fetch a key set, as {@link #isJwksUrl} allows; null for nowhere. */
    public AuthOptions setJwksUrl(URI jwksUrl) {
        this.jwksUrl = jwksUrl;
        return this;
    }

    /**
     * Whether keys may be fetched from there: by https, or by http from a loopback address, where nobody can exchange them on
     * the way; without credentials and fragment.
     */
    public static boolean isJwksUrl(URI url) {
        return KeySetUrl.isAllowed(url);
    }

    public Path getJwksCaFile() {
        return jwksCaFile;
    }

    /** PEM certificates to verify the URL's server by; null for those that the platform trusts. */
    public AuthOptions setJwksCaFile(Path jwksCaFile) {
        this.jwksCaFile = jwksCaFile;
        return this;
    }

    public Duration getJwksRefresh() {
        return jwksRefresh;
    }

    /** How long to wait between two fetches, at least a second. */
    public AuthOptions setJwksRefresh(Duration jwksRefresh) {
        this.jwksRefresh = jwksRefresh;
        return this;
    }

    public Duration getJwksPatience() {
        return jwksPatience;
    }

    /** How long to go on trying at the start while nobody answers at the URL; zero for one try. */
    public AuthOptions setJwksPatience(Duration jwksPatience) {
        this.jwksPatience = jwksPatience;
        return this;
    }

    public String getIssuer() {
        return issuer;
    }

    /** What {@code iss} must be, or null: anything or nothing. */
    public AuthOptions setIssuer(String issuer) {
        this.issuer = issuer;
        return this;
    }

    public String getAudience() {
        return audience;
    }

    /** What {@code aud} must be or hold, or null: anything or nothing. */
    public AuthOptions setAudience(String audience) {
        this.audience = audience;
        return this;
    }

    public Duration getLeeway() {
        return leeway;
    }

    public AuthOptions setLeeway(Duration leeway) {
        this.leeway = leeway;
        return this;
    }

    public Duration getMaxLifetime() {
        return maxLifetime;
    }

    public AuthOptions setMaxLifetime(Duration maxLifetime) {
        this.maxLifetime = maxLifetime;
        return this;
    }

    public int getMaxFailuresPerMinute() {
        return maxFailuresPerMinute;
    }

    public AuthOptions setMaxFailuresPerMinute(int maxFailuresPerMinute) {
        this.maxFailuresPerMinute = maxFailuresPerMinute;
        return this;
    }

    public Instant getNotBefore() {
        return notBefore;
    }

    /** Tokens issued earlier, or that don't say when, are refused; null for no such rule. */
    public AuthOptions setNotBefore(Instant notBefore) {
        this.notBefore = notBefore;
        return this;
    }

    public Path getRevokedFile() {
        return revokedFile;
    }

    /** A text file with the {@code jti} of a revoked token on each line, or null for none. */
    public AuthOptions setRevokedFile(Path revokedFile) {
        this.revokedFile = revokedFile;
        return this;
    }
}
