package dev.tokencache.http;

import dev.tokencache.Telemetry;
import dev.tokencache.Tracing;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** How the HTTP server listens and what it puts up with. */
public final class HttpOptions {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 3000;
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;
    public static final Duration DEFAULT_HEADER_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);
    public static final Duration DEFAULT_HSTS = Duration.ZERO;
    public static final Duration DEFAULT_EVENT_HEARTBEAT = Duration.ofSeconds(15);
    public static final Duration DEFAULT_EVENT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

    /** The largest token and the members around it, in bytes. */
    public static final int DEFAULT_MAX_BODY = (1 << 20) + (64 << 10);

    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private int maxConnections = DEFAULT_MAX_CONNECTIONS;
    private Duration headerTimeout = DEFAULT_HEADER_TIMEOUT;
    private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private int maxBody = DEFAULT_MAX_BODY;
    private Duration eventHeartbeat = DEFAULT_EVENT_HEARTBEAT;
    private Duration eventDrainTimeout = DEFAULT_EVENT_DRAIN_TIMEOUT;
    private TlsFiles tls;
    private Duration hsts = DEFAULT_HSTS;
    private List<String> corsOrigins = List.of();
    private boolean watcherExpected = true;
    private String version = "unknown";
    private Telemetry telemetry = Telemetry.NONE;
    private Tracing tracing = Tracing.NONE;
    private Scrape metrics;
    private Supplier<JsonObject> cluster;

    /** Reads all figures. */
    @FunctionalInterface
    public interface Scrape {
        /**
         * The figures in Prometheus's text format, on the caller's context.
         *
         * @param visible whether the figures of a project, by its name, may be shown
         */
        Future<Buffer> of(Predicate<String> visible);
    }

    public HttpOptions() {}

    /** A copy that shares nothing with the original. */
    public HttpOptions(HttpOptions other) {
        host = other.host;
        port = other.port;
        maxConnections = other.maxConnections;
        headerTimeout = other.headerTimeout;
        requestTimeout = other.requestTimeout;
        idleTimeout = other.idleTimeout;
        maxBody = other.maxBody;
        eventHeartbeat = other.eventHeartbeat;
        eventDrainTimeout = other.eventDrainTimeout;
        tls = other.tls;
        hsts = other.hsts;
        corsOrigins = other.corsOrigins;
        watcherExpected = other.watcherExpected;
        version = other.version;
        telemetry = other.telemetry;
        tracing = other.tracing;
        metrics = other.metrics;
        cluster = other.cluster;
    }

    public String getHost() {
        return host;
    }

    public HttpOptions setHost(String host) {
        this.host = host;
        return this;
    }

    public int getPort() {
        return port;
    }

    /** The port to listen on; 0 for a free one. */
    public HttpOptions setPort(int port) {
        this.port = port;
        return this;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    /** How many connections are open at once, in all instances together; further ones are closed at once. */
    public HttpOptions setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
        return this;
    }

    public Duration getHeaderTimeout() {
        return headerTimeout;
    }

    /** How long a new connection may take to send the head of its first request. */
    public HttpOptions setHeaderTimeout(Duration headerTimeout) {
        this.headerTimeout = headerTimeout;
        return this;
    }

    public Duration getRequestTimeout() {
        return requestTimeout;
    }

    /** How long a request's body may take to arrive. */
    public HttpOptions setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
        return this;
    }

    public Duration getIdleTimeout() {
        return idleTimeout;
    }

    /**
     * How long a connection may be silent; it is closed up to a quarter of that later.
     *
     * @param idleTimeout at least a millisecond
     */
    public HttpOptions setIdleTimeout(Duration idleTimeout) {
        if (idleTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("an idle time-out of less than a millisecond");
        }
        this.idleTimeout = idleTimeout;
        return this;
    }

    public int getMaxBody() {
        return maxBody;
    }

    /** The largest request body, in bytes. */
    public HttpOptions setMaxBody(int maxBody) {
        this.maxBody = maxBody;
        return this;
    }

    public TlsFiles getTls() {
        return tls;
    }

    /** Certificate and key, which their owner keeps fresh; null for HTTP in clear. */
    public HttpOptions setTls(TlsFiles tls) {
        this.tls = tls;
        return this;
    }

    public Duration getHsts() {
        return hsts;
    }

    /** How long browsers shall use nothing but TLS with this host; zero to say nothing of it. Only with TLS. */
    public HttpOptions setHsts(Duration hsts) {
        this.hsts = hsts;
        return this;
    }

    public List<String> getCorsOrigins() {
        return corsOrigins;
    }

    /** Origins, exactly as browsers send them, whose pages may read replies; empty for none. */
    public HttpOptions setCorsOrigins(List<String> corsOrigins) {
        this.corsOrigins = List.copyOf(corsOrigins);
        return this;
    }

    public boolean isWatcherExpected() {
        return watcherExpected;
    }

    /** Whether the server counts as ready only when a watcher has reported. */
    public HttpOptions setWatcherExpected(boolean watcherExpected) {
        this.watcherExpected = watcherExpected;
        return this;
    }

    public Duration getEventHeartbeat() {
        return eventHeartbeat;
    }

    /** How often a stream of events shows that it lives; at least twice in the idle time-out. */
    public HttpOptions setEventHeartbeat(Duration eventHeartbeat) {
        this.eventHeartbeat = eventHeartbeat;
        return this;
    }

    public Duration getEventDrainTimeout() {
        return eventDrainTimeout;
    }

    /** How long a client may leave a full queue of events unread before its connection is cut off. */
    public HttpOptions setEventDrainTimeout(Duration eventDrainTimeout) {
        this.eventDrainTimeout = eventDrainTimeout;
        return this;
    }

    public String getVersion() {
        return version;
    }

    /** What {@code /version} says. */
    public HttpOptions setVersion(String version) {
        this.version = version;
        return this;
    }

    public Telemetry getTelemetry() {
        return telemetry;
    }

    /** Hears of the answers and of streams of events. */
    public HttpOptions setTelemetry(Telemetry telemetry) {
        this.telemetry = telemetry;
        return this;
    }

    public Tracing getTracing() {
        return tracing;
    }

    /** Follows the requests; its Vert.x is one that makes spans. */
    public HttpOptions setTracing(Tracing tracing) {
        this.tracing = tracing;
        return this;
    }

    public Scrape getMetrics() {
        return metrics;
    }

    /** What {@code /metrics} answers; null (the default) for nothing: it is 404 then. */
    public HttpOptions setMetrics(Scrape metrics) {
        this.metrics = metrics;
        return this;
    }

    public Supplier<JsonObject> getCluster() {
        return cluster;
    }

    /** What the statistics say of this node's cluster, asked on any thread; null (the default) for a server on its own. */
    public HttpOptions setCluster(Supplier<JsonObject> cluster) {
        this.cluster = cluster;
        return this;
    }
}
