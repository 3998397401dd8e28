package dev.tokencache.server;

import dev.tokencache.audit.AuditOptions;
import dev.tokencache.auth.AddressRange;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.http.TlsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table of all keys. Defaults, validation, names of environment variables and suggestions come from here; a new key
 * is a row here, a component of {@link ServerConfig} and a line of {@code conf/token-cache.yaml}.
 */
final class Settings {
    private static final Map<String, Setting<?>> ALL = new LinkedHashMap<>();
    private static final Set<String> SECTIONS = new TreeSet<>();

    static final Setting<Path> ROOT =
            add("root", ValueTypes.path("directory"), "accounts", "directory of the projects; made at the start, 0700");
    static final Setting<Path> STATE_DIR = add(
            "stateDir",
            ValueTypes.path("directory"),
            "state",
            "directory of keys and other state of the server, 0700; never inside root, nor root inside it");
    static final Setting<ServerConfig.Source> SOURCE =
            add("source", ValueTypes.choice(ServerConfig.Source.class), "file", "where tokens come from");
    static final Setting<List<ServerConfig.Role>> ROLES =
            add("roles", ValueTypes.choices(ServerConfig.Role.class), "[cache, watch, http]", "what this process does");

    static final Setting<Duration> TOKEN_TTL = add(
            "cache.tokenTtl", ValueTypes.duration("10ms", "30d"), "5m", "how long a token is served after its read");
    static final Setting<Duration> LIST_TTL =
            add("cache.listTtl", ValueTypes.duration("10ms", "30d"), "30s", "how long a list is served after its read");
    static final Setting<Long> MAX_BYTES = add(
            "cache.maxBytes",
            ValueType.nullable(ValueTypes.size("64KiB", "1024GiB")),
            "null",
            "bound of all entries, each weighing its bytes + 400; null: the smaller of 256MiB and 40 % of the heap");
    static final Setting<Long> MAX_TOKEN_BYTES =
            add("cache.maxTokenBytes", ValueTypes.size("1KiB", "64MiB"), "1MiB", "the largest token file");
    static final Setting<Integer> MAX_LOADS =
            add("cache.maxLoads", ValueTypes.integer(1, 65_536), "256", "loads in flight; beyond it the answer is 503");
    static final Setting<Duration> LOAD_TIMEOUT =
            add("cache.loadTimeout", ValueTypes.duration("10ms", "10m"), "5s", "how long a load may take");
    static final Setting<Integer> HISTORY = add(
            "cache.history",
            ValueTypes.integer(0, CacheOptions.MAX_HISTORY),
            "10000",
            "changes kept for followers who missed some; who missed more reads everything anew");
    static final Setting<List<String>> PRELOAD =
            add("cache.preload", ValueTypes.projects(), "[]", "projects loaded at the start; [\"*\"] for all of them");
    static final Setting<Boolean> WARM =
            add("cache.warm", ValueTypes.bool(), "true", "load the most-read tokens first after a restart");
    static final Setting<Path> ETAG_KEY_FILE = add(
            "cache.etagKeyFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "key of the entity tags, base64url; null: made in stateDir; nodes of one root share it");

    static final Setting<URI> REDIS_URL = add(
            "redis.url",
            ValueType.nullable(RedisTypes.url()),
            "null",
            "the Redis or Valkey of the second tier, rediss://host:6379/0; null: none");
    static final Setting<Boolean> REDIS_INSECURE = add(
            "redis.insecure",
            ValueTypes.bool(),
            "false",
            "allow redis:// to another machine: values are sealed all the same, the password is not");
    static final Setting<Path> REDIS_CA_FILE = add(
            "redis.caFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "PEM certificates to verify that server by; null: those the platform trusts");
    static final Setting<String> REDIS_USERNAME = add(
            "redis.username",
            ValueType.nullable(ValueTypes.text("a text")),
            "null",
            "whom to log in as; null: the server's default user");
    static final Setting<Path> REDIS_PASSWORD_FILE = add(
            "redis.passwordFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "a file with the password on its first line; null: none");
    static final Setting<Path> REDIS_KEY_FILE = add(
            "redis.keyFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "key that values are sealed under, base64url of 32 bytes, the same on all nodes of the tier");
    static final Setting<String> REDIS_PREFIX =
            add("redis.prefix", RedisTypes.prefix(), "token-cache", "what all names in Redis begin with; one a root");
    static final Setting<Duration> REDIS_TTL = add(
            "redis.ttl",
            ValueTypes.duration("1s", "30d"),
            "5m",
            "how long a value is used after its reading; at most cache.tokenTtl");
    static final Setting<Duration> REDIS_TIMEOUT =
            add("redis.timeout", ValueTypes.duration("5ms", "10s"), "100ms", "how long Redis is waited for");
    static final Setting<Integer> REDIS_MAX_WAITING = add(
            "redis.maxWaiting",
            ValueTypes.integer(1, 65_536),
            "1024",
            "commands that wait for an answer; beyond it the tier is passed over");

    static final Setting<Duration> INTERVAL =
            add("watch.interval", ValueTypes.duration("10ms", "1h"), "1s", "pause between two scans of the root");
    static final Setting<Double> MAX_LOAD = add(
            "watch.maxLoad", ValueTypes.decimal("0.0001", "1"), "0.01", "share of one core that full scans may take");
    static final Setting<Boolean> HINTS =
            add("watch.hints", ValueTypes.bool(), "true", "use native notifications as hints");

    static final Setting<String> HOST =
            add("http.host", ValueTypes.host(), "127.0.0.1", "name or address to listen on");
    static final Setting<Integer> PORT =
            add("http.port", ValueTypes.integer(0, 65_535), "3000", "port to listen on; 0: any free one");
    static final Setting<OptionalInt> INSTANCES = add(
            "http.instances",
            ValueTypes.integerOrAuto(1, 256),
            "auto",
            "event loops that serve requests; auto: 1 with up to two cores, else cores - 1");
    static final Setting<Integer> MAX_CONNECTIONS =
            add("http.maxConnections", ValueTypes.integer(1, 1_000_000), "10000", "open connections");
    static final Setting<Duration> HEADER_TIMEOUT =
            add("http.headerTimeout", ValueTypes.duration("100ms", "10m"), "10s", "time for the head of a request");
    static final Setting<Duration> REQUEST_TIMEOUT =
            add("http.requestTimeout", ValueTypes.duration("100ms", "1h"), "30s", "time for a whole request");
    static final Setting<Duration> IDLE_TIMEOUT = add(
            "http.idleTimeout",
            ValueTypes.duration("1s", "1h"),
            "60s",
            "time a connection may be silent; it is closed up to a quarter of that later");
    static final Setting<Long> MAX_BODY = add(
            "http.maxBody",
            ValueTypes.size("1KiB", "256MiB"),
            "1088KiB",
            "the largest request body: 1 MiB for the token and 64 KiB for what is around it");
    static final Setting<Boolean> INSECURE = add(
            "http.insecure",
            ValueTypes.bool(),
            "false",
            "allow HTTP in clear on an address that other machines reach, for a proxy with TLS before it");
    static final Setting<Path> TLS_CERT = add(
            "http.tls.cert",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "certificate of the server and those between it and its CA, PEM; with it the server speaks HTTPS");
    static final Setting<Path> TLS_KEY = add(
            "http.tls.key",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "private key of the certificate, RSA or EC, PEM, not encrypted, mode 0600");
    static final Setting<TlsOptions.ClientAuth> TLS_CLIENT_AUTH = add(
            "http.tls.clientAuth",
            ValueTypes.choice(TlsOptions.ClientAuth.class),
            "none",
            "certificates of clients: none, optional or required; beside the bearer token, not in its place");
    static final Setting<Path> TLS_CLIENT_CA = add(
            "http.tls.clientCa",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "certificates of the CAs that sign those of clients, PEM");
    static final Setting<Duration> TLS_HSTS = add(
            "http.tls.hsts",
            ValueTypes.duration("0s", "730d"),
            "0s",
            "how long browsers shall use nothing but TLS with this host name; 0s: not said");
    static final Setting<List<String>> CORS_ORIGINS = add(
            "http.cors.origins",
            ValueTypes.origins(),
            "[]",
            "origins whose pages may call the server from a browser, such as https://admin.example.com");
    static final Setting<List<AddressRange>> TRUSTED_PROXIES = add(
            "http.trustedProxies",
            ValueTypes.addressRanges(),
            "[]",
            "proxies, as 192.0.2.1 or 10.0.0.0/8, whose X-Forwarded-For counts");

    static final Setting<List<ServerConfig.AuthKey>> KEYS = add(
            "auth.keys",
            new KeyListType(),
            "[]",
            "keys that verify bearer tokens; without keys, jwks.file and jwks.url one is made in stateDir");
    static final Setting<Path> JWKS_FILE =
            add("auth.jwks.file", ValueType.nullable(ValueTypes.path("file")), "null", "a JWKS file with public keys");
    static final Setting<URI> JWKS_URL = add(
            "auth.jwks.url",
            ValueType.nullable(ValueTypes.jwksUrl()),
            "null",
            "where to fetch a JWKS: https, or http to this machine itself");
    static final Setting<Path> JWKS_CA_FILE = add(
            "auth.jwks.caFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "PEM certificates to verify that server by; null: those the platform trusts");
    static final Setting<Duration> JWKS_REFRESH = add(
            "auth.jwks.refresh",
            ValueTypes.duration("1s", "1d"),
            "10m",
            "how long fetched keys are used before the next fetch");
    static final Setting<String> ISSUER =
            add("auth.issuer", ValueType.nullable(ValueTypes.text("a text")), "null", "the iss that is demanded");
    static final Setting<String> AUDIENCE =
            add("auth.audience", ValueType.nullable(ValueTypes.text("a text")), "null", "the aud that is demanded");
    static final Setting<Duration> LEEWAY =
            add("auth.leeway", ValueTypes.duration("0s", "10m"), "30s", "how far clocks may differ");
    static final Setting<Duration> MAX_LIFETIME =
            add("auth.maxLifetime", ValueTypes.duration("1m", "3650d"), "30d", "how far ahead a token's end may be");
    static final Setting<Instant> NOT_BEFORE = add(
            "auth.notBefore", ValueType.nullable(ValueTypes.instant()), "null", "tokens issued earlier are refused");
    static final Setting<Path> REVOKED_FILE = add(
            "auth.revokedFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "a file with the jti of a revoked token on each line");
    static final Setting<Integer> MAX_FAILURES = add(
            "auth.maxFailuresPerMinute",
            ValueTypes.integer(1, 1_000_000),
            "30",
            "bad credentials after which an address is throttled");

    static final Setting<Boolean> AUDIT_ENABLED = add(
            "audit.enabled", ValueTypes.bool(), "true", "write stateDir/audit.log: writes, refusals, reads of values");
    static final Setting<AuditOptions.Reads> AUDIT_READS = add(
            "audit.reads",
            ValueTypes.choice(AuditOptions.Reads.class),
            "summary",
            "all: a line each; summary: one for each subject, file and minute; none");
    static final Setting<Boolean> AUDIT_REQUIRED =
            add("audit.required", ValueTypes.bool(), "false", "refuse what can't be logged, with 503");
    static final Setting<Long> AUDIT_MAX_BYTES =
            add("audit.maxBytes", ValueTypes.size("4KiB", "64GiB"), "64MiB", "size at which the log is set aside");
    static final Setting<Integer> AUDIT_OLD_FILES =
            add("audit.oldFiles", ValueTypes.integer(0, 1_000), "8", "how many logs that were set aside are kept");

    static final Setting<LogLevel> LOG_LEVEL =
            add("log.level", ValueTypes.choice(LogLevel.class), "info", "the least level that is logged");

    static final Setting<LogFormat> LOG_FORMAT = add(
            "log.format",
            ValueTypes.choice(LogFormat.class),
            "plain",
            "plain: lines for people; json: a JSON object a line");

    static final Setting<Boolean> METRICS_ENABLED =
            add("metrics.enabled", ValueTypes.bool(), "true", "keep figures for Prometheus and serve them at /metrics");

    static final Setting<Boolean> TRACING_ENABLED =
            add("tracing.enabled", ValueTypes.bool(), "false", "send traces of requests to a collector");
    static final Setting<URI> TRACING_ENDPOINT = add(
            "tracing.endpoint",
            ValueTypes.collectorUrl(),
            "http://127.0.0.1:4318/v1/traces",
            "the whole URL that takes OTLP over HTTP");
    static final Setting<Double> TRACING_SAMPLE_RATIO = add(
            "tracing.sampleRatio",
            ValueTypes.decimal("0", "1"),
            "1",
            "share of requests that are traced, of those whose caller has not decided it");
    static final Setting<String> TRACING_SERVICE_NAME =
            add("tracing.serviceName", ValueTypes.serviceName(), "token-cache", "what traces call the server");

    static {
        ClusterSettings.load();
    }

    private Settings() {}

    static <T> Setting<T> add(String path, ValueType<T> type, String defaultText, String description) {
        Setting<T> setting = new Setting<>(path, type, defaultText, description);
        ALL.put(path, setting);
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            SECTIONS.add(path.substring(0, dot));
        }
        return setting;
    }

    /** The rows by path, in the table's order; unmodifiable. */
    static Map<String, Setting<?>> all() {
        return Collections.unmodifiableMap(ALL);
    }

    /** Whether keys lie below the path. */
    static boolean isSection(String path) {
        return SECTIONS.contains(path);
    }

    /** The known path that an unknown one most likely stands for, or null. */
    static String nearest(String unknown) {
        List<String> known = new ArrayList<>(ALL.keySet());
        known.addAll(SECTIONS);
        return Nearest.of(unknown, known);
    }
}
