package dev.tokencache.redis;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;

/**
 * Makes clients of one connection each. A client hands its connections out of a pool, and closing one only gives it back,
 * commands under way and all: so a connection that is given up is closed with its client.
 */
final class RedisClients {
    /** How long a connection may take, with TLS and login, in milliseconds; the library bounds the TCP part alone. */
    static final int CONNECT_MILLIS = 2_000;

    private final Vertx vertx;
    private final RedisOptions options;

    RedisClients(Vertx vertx, RedisSourceOptions source) {
        this.vertx = vertx;
        boolean tls = source.getUrl().startsWith("rediss:");
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setSsl(tls)
                .setTrustAll(false);
        if (tls) {
            net.setHostnameVerificationAlgorithm("HTTPS").setTrustOptions(source.getTrust());
        }
        options = new RedisOptions()
                .setType(RedisClientType.STANDALONE)
                .setConnectionString(source.getUrl())
                .setUser(source.getUsername())
                .setPassword(source.getPassword())
                .setNetClientOptions(net)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setMaxWaitingHandlers(2 * source.getMaxWaiting() + 16);
    }

    Redis create() {
        return Redis.createClient(vertx, new RedisOptions(options));
    }
}
