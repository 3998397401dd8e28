package dev.tokencache.server;

import dev.tokencache.Telemetry;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.audit.AuditOptions;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.http.HttpOptions;
import dev.tokencache.server.ServerConfig.Role;
import java.time.Duration;

/** Says in the words of each part what the configuration says. */
final class OptionsMapping {
    private static final Duration ANSWER_TIME = Duration.ofSeconds(1);
    private static final String WARM_LIST = "warm.list";

    private final ServerSetup setup;
    private final ServerConfig config;

    OptionsMapping(ServerSetup setup) {
        this(setup, setup.config());
    }

    /** The same of a configuration that has changed since the start. */
    OptionsMapping(ServerSetup setup, ServerConfig config) {
        this.setup = setup;
        this.config = config;
    }

    FileSourceOptions source() {
        return new FileSourceOptions()
                .setRoot(setup.root())
                .setEtagKey(setup.etagKey())
                .setMaxTokenBytes(config.cache().maxTokenBytes())
                .setReadPatience(config.cache().loadTimeout());
    }

    CacheOptions cache(Telemetry telemetry) {
        ServerConfig.Cache cache = config.cache();
        return new CacheOptions()
                .setTelemetry(telemetry)
                .setTokenTtl(cache.tokenTtl())
                .setListTtl(
                        config.source() == ServerConfig.Source.FILE
                                ? cache.listTtl()
                                : shorter(cache.listTtl(), config.watch().interval()))
                .setAbsentTtl(
                        shorter(CacheOptions.DEFAULT_ABSENT_TTL, config.watch().interval()))
                .setMaxBytes(cache.maxBytes())
                .setMaxLoads(cache.maxLoads())
                .setLoadTimeout(cache.loadTimeout())
                .setHistory(cache.history())
                .setPreload(cache.preload())
                .setWarmFile(cache.warm() ? setup.state().resolve(WARM_LIST) : null);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The cache answers a slow load itself: who gave up before would read the slow disk once more, past the cache. */
    TokenCacheOptions client() {
        return new TokenCacheOptions()
                .setTimeout(config.cache().loadTimeout().plus(ANSWER_TIME))
                .setClustered(config.isFront())
                .setServesOthers(config.isFront());
    }

    /** For a client of the nodes with files, whatever this one is. */
    TokenCacheOptions others() {
        return client().setClustered(true).setServesOthers(true);
    }

    WatchOptions watch(TokenCacheOptions client) {
        return new WatchOptions()
                .setInterval(config.watch().interval())
                .setMaxLoad(config.watch().maxLoad())
                .setHints(config.watch().hints())
                .setForeignHints(config.isExposed())
                .setMaxTokenBytes(config.cache().maxTokenBytes())
                .setCacheOptions(client);
    }

    AuditOptions audit() {
        ServerConfig.Audit audit = config.audit();
        return new AuditOptions(setup.state().resolve(StateDir.AUDIT_LOG))
                .setReads(audit.reads())
                .setRequired(audit.required())
                .setMaxBytes(audit.maxBytes())
                .setOldFiles(audit.oldFiles());
    }

    HttpOptions http(Telemetry telemetry) {
        ServerConfig.Http http = config.http();
        return new HttpOptions()
                .setTelemetry(telemetry)
                .setHost(http.host())
                .setPort(http.port())
                .setMaxConnections(http.maxConnections())
                .setHeaderTimeout(http.headerTimeout())
                .setRequestTimeout(http.requestTimeout())
                .setIdleTimeout(http.idleTimeout())
                .setMaxBody(http.maxBody())
                .setTls(setup.tls().orElse(null))
                .setHsts(http.tls().map(ServerConfig.Tls::hsts).orElse(HttpOptions.DEFAULT_HSTS))
                .setCorsOrigins(http.corsOrigins())
                .setWatcherExpected(config.roles().contains(Role.WATCH))
                .setVersion(Version.current());
    }
}
