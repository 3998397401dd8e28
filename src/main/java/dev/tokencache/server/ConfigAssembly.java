package dev.tokencache.server;

import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Makes the typed configuration out of the values of the table. */
final class ConfigAssembly {
    private static final long MOST_DEFAULT_BYTES = 256L << 20;

    private final Map<Setting<?>, Object> values;
    private final long maxHeap;

    /**
     * @param values the value of each setting, null where null is allowed
     * @param maxHeap the largest heap in bytes, of which the cache's default size is a share
     */
    ConfigAssembly(Map<Setting<?>, Object> values, long maxHeap) {
        this.values = values;
        this.maxHeap = maxHeap;
    }

    @SuppressWarnings("unchecked") // the value was read by the setting's own type
    <T> T get(Setting<T> setting) {
        return (T) values.get(setting);
    }

    private <T> Optional<T> optional(Setting<T> setting) {
        return Optional.ofNullable(get(setting));
    }

    ServerConfig config() {
        return new ServerConfig(
                get(Settings.ROOT),
                get(Settings.STATE_DIR),
                get(Settings.SOURCE),
                EnumSet.copyOf(get(Settings.ROLES)),
                cache(),
                optional(Settings.REDIS_URL).map(this::redis),
                new ServerConfig.Watch(get(Settings.INTERVAL), get(Settings.MAX_LOAD), get(Settings.HINTS)),
                http(),
                auth(),
                audit(),
                cluster(),
                get(Settings.LOG_LEVEL),
                get(Settings.LOG_FORMAT),
                get(Settings.METRICS_ENABLED),
                tracing());
    }

    private Optional<ServerConfig.Tracing> tracing() {
        return get(Settings.TRACING_ENABLED)
                ? Optional.of(new ServerConfig.Tracing(
                        get(Settings.TRACING_ENDPOINT),
                        get(Settings.TRACING_SAMPLE_RATIO),
                        get(Settings.TRACING_SERVICE_NAME)))
                : Optional.empty();
    }

    private ServerConfig.Cache cache() {
        long share = maxHeap / 5 * 2;
        return new ServerConfig.Cache(
                get(Settings.TOKEN_TTL),
                get(Settings.LIST_TTL),
                optional(Settings.MAX_BYTES).orElse(Math.min(MOST_DEFAULT_BYTES, share)),
                Math.toIntExact(get(Settings.MAX_TOKEN_BYTES)),
                get(Settings.MAX_LOADS),
                get(Settings.LOAD_TIMEOUT),
                get(Settings.HISTORY),
                get(Settings.PRELOAD),
                get(Settings.WARM),
                optional(Settings.ETAG_KEY_FILE));
    }

    private ServerConfig.Redis redis(URI url) {
        return new ServerConfig.Redis(
                url,
                get(Settings.REDIS_INSECURE),
                optional(Settings.REDIS_CA_FILE),
                optional(Settings.REDIS_USERNAME),
                optional(Settings.REDIS_PASSWORD_FILE),
                get(Settings.REDIS_KEY_FILE),
                get(Settings.REDIS_PREFIX),
                get(Settings.REDIS_TTL),
                get(Settings.REDIS_TIMEOUT),
                get(Settings.REDIS_MAX_WAITING));
    }

    private ServerConfig.Http http() {
        return new ServerConfig.Http(
                get(Settings.HOST),
                get(Settings.PORT),
                get(Settings.INSTANCES),
                get(Settings.MAX_CONNECTIONS),
                get(Settings.HEADER_TIMEOUT),
                get(Settings.REQUEST_TIMEOUT),
                get(Settings.IDLE_TIMEOUT),
                Math.toIntExact(get(Settings.MAX_BODY)),
                get(Settings.INSECURE),
                tls(),
                get(Settings.CORS_ORIGINS),
                get(Settings.TRUSTED_PROXIES));
    }

    /** Empty unless both files are named; that one alone is a mistake is found elsewhere. */
    private Optional<ServerConfig.Tls> tls() {
        return optional(Settings.TLS_CERT)
                .flatMap(cert -> optional(Settings.TLS_KEY)
                        .map(key -> new ServerConfig.Tls(
                                cert,
                                key,
                                get(Settings.TLS_CLIENT_AUTH),
                                optional(Settings.TLS_CLIENT_CA),
                                get(Settings.TLS_HSTS))));
    }

    private ServerConfig.Audit audit() {
        return new ServerConfig.Audit(
                get(Settings.AUDIT_ENABLED),
                get(Settings.AUDIT_READS),
                get(Settings.AUDIT_REQUIRED),
                get(Settings.AUDIT_MAX_BYTES),
                get(Settings.AUDIT_OLD_FILES));
    }

    private Optional<ServerConfig.Cluster> cluster() {
        return !get(ClusterSettings.ENABLED)
                ? Optional.empty()
                : Optional.of(new ServerConfig.Cluster(
                        get(ClusterSettings.EXPOSE),
                        get(ClusterSettings.NAME),
                        get(ClusterSettings.NODE),
                        get(ClusterSettings.HOST),
                        get(ClusterSettings.PORT),
                        get(ClusterSettings.HOSTS),
                        optional(ClusterSettings.TOKEN_FILE),
                        optional(ClusterSettings.SECRET_FILE),
                        optional(ClusterSettings.TLS_CERT),
                        optional(ClusterSettings.TLS_KEY),
                        optional(ClusterSettings.TLS_CA),
                        get(ClusterSettings.INSECURE)));
    }

    private ServerConfig.Auth auth() {
        return new ServerConfig.Auth(
                get(Settings.KEYS),
                new ServerConfig.Jwks(
                        optional(Settings.JWKS_FILE),
                        optional(Settings.JWKS_URL),
                        optional(Settings.JWKS_CA_FILE),
                        get(Settings.JWKS_REFRESH)),
                optional(Settings.ISSUER),
                optional(Settings.AUDIENCE),
                get(Settings.LEEWAY),
                get(Settings.MAX_LIFETIME),
                optional(Settings.NOT_BEFORE),
                optional(Settings.REVOKED_FILE),
                get(Settings.MAX_FAILURES));
    }
}
