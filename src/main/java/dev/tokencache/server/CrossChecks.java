package dev.tokencache.server;

import dev.tokencache.http.TlsOptions.ClientAuth;
import java.util.List;

/** What keys demand of one another, once each is within its own range. */
final class CrossChecks {
    private final RawValues raws;
    private final List<ConfigProblem> problems;

    CrossChecks(RawValues raws, List<ConfigProblem> problems) {
        this.raws = raws;
        this.problems = problems;
    }

    void check(ServerConfig config) {
        refuseIf(
                config.cache().maxTokenBytes() > config.cache().maxBytes(),
                Settings.MAX_TOKEN_BYTES,
                "must be at most cache.maxBytes, which is "
                        + ValueTypes.formatSize(config.cache().maxBytes()));
        refuseIf(
                config.audit().required() && !config.audit().enabled(),
                Settings.AUDIT_REQUIRED,
                "must be false while audit.enabled is");
        refuseIf(
                config.roles().contains(ServerConfig.Role.WATCH)
                        && !config.roles().contains(ServerConfig.Role.CACHE),
                Settings.ROLES,
                "watch needs cache beside it: a watcher tells the cache of its own process what it sees");
        tls();
        config.cluster().ifPresent(cluster -> cluster(config, cluster));
        refuseIf(
                config.cluster().isEmpty()
                        && Boolean.parseBoolean(raws.get(ClusterSettings.EXPOSE).text()),
                ClusterSettings.EXPOSE,
                "has no effect while cluster.enabled is false");
        redis(config);
    }

    private void cluster(ServerConfig config, ServerConfig.Cluster cluster) {
        refuseIf(
                cluster.expose() && config.isFront(),
                ClusterSettings.EXPOSE,
                "needs the role cache: there is nothing to ask this node for");
        refuseIf(
                cluster.expose() && config.source() == ServerConfig.Source.REDIS,
                ClusterSettings.EXPOSE,
                "needs source: file; a node without files asks others itself");
        boolean tls = cluster.cert().isPresent()
                && cluster.key().isPresent()
                && cluster.ca().isPresent();
        boolean anyTls = cluster.cert().isPresent()
                || cluster.key().isPresent()
                || cluster.ca().isPresent();
        refuseIf(anyTls && !tls, ClusterSettings.TLS_CERT, "cert, key and ca of cluster.tls are needed, all three");
        refuseIf(
                !cluster.insecure() && (!tls || cluster.secretFile().isEmpty()),
                ClusterSettings.INSECURE,
                "is false, so cluster.tls and cluster.secretFile are needed");
        boolean mints =
                config.auth().keys().stream().anyMatch(key -> key.algorithm().isSecret());
        refuseIf(
                config.asksNodes() && !mints && cluster.tokenFile().isEmpty(),
                ClusterSettings.TOKEN_FILE,
                "is needed: without the role cache, or without files, this node asks others, which demand a JWT,"
                        + " and no key under auth can sign one");
    }

    private void redis(ServerConfig config) {
        boolean url = isSet(Settings.REDIS_URL);
        refuseIf(
                config.source() == ServerConfig.Source.REDIS && !url,
                Settings.SOURCE,
                "needs redis.url, which says where the tokens are");
        refuseIf(
                config.source() == ServerConfig.Source.REDIS
                        && url
                        && config.cluster().isEmpty(),
                Settings.SOURCE,
                "needs cluster.enabled: what Redis lacks is asked of a node with files");
        refuseIf(
                config.source() == ServerConfig.Source.REDIS && !config.roles().contains(ServerConfig.Role.CACHE),
                Settings.SOURCE,
                "needs the role cache: a node without it reads nothing itself");
        refuseIf(
                url && !isSet(Settings.REDIS_KEY_FILE),
                Settings.REDIS_URL,
                "needs redis.keyFile: values leave this machine sealed only");
        for (Setting<?> setting : List.of(
                Settings.REDIS_CA_FILE,
                Settings.REDIS_USERNAME,
                Settings.REDIS_PASSWORD_FILE,
                Settings.REDIS_KEY_FILE)) {
            refuseIf(isSet(setting) && !url, setting, "has no effect without redis.url");
        }
        refuseIf(
                isSet(Settings.REDIS_USERNAME) && !isSet(Settings.REDIS_PASSWORD_FILE),
                Settings.REDIS_USERNAME,
                "needs redis.passwordFile");
        config.redis().ifPresent(redis -> {
            refuseIf(
                    redis.caFile().isPresent() && !redis.isTls(),
                    Settings.REDIS_CA_FILE,
                    "has no effect without TLS, rediss://");
            refuseIf(
                    redis.ttl().compareTo(config.cache().tokenTtl()) > 0,
                    Settings.REDIS_TTL,
                    "must be at most cache.tokenTtl, which is "
                            + ValueTypes.format(config.cache().tokenTtl()));
        });
    }

    /** A part of a protection must not pass for the whole of it. */
    private void tls() {
        boolean cert = isSet(Settings.TLS_CERT);
        boolean key = isSet(Settings.TLS_KEY);
        boolean ca = isSet(Settings.TLS_CLIENT_CA);
        boolean asked = !ClientAuth.NONE
                .name()
                .equalsIgnoreCase(raws.get(Settings.TLS_CLIENT_AUTH).text());
        refuseIf(cert && !key, Settings.TLS_CERT, "needs http.tls.key beside it");
        refuseIf(key && !cert, Settings.TLS_KEY, "needs http.tls.cert beside it");
        refuseIf(asked && !cert, Settings.TLS_CLIENT_AUTH, "needs http.tls.cert and http.tls.key");
        refuseIf(
                asked && !ca, Settings.TLS_CLIENT_AUTH, "needs http.tls.clientCa, which says whose certificates count");
        refuseIf(ca && !asked, Settings.TLS_CLIENT_CA, "has no effect while http.tls.clientAuth is none");
    }

    private boolean isSet(Setting<?> setting) {
        return !raws.get(setting).isNull();
    }

    private void refuseIf(boolean wrong, Setting<?> setting, String message) {
        if (wrong) {
            problems.add(raws.get(setting).problem(message));
        }
    }
}
