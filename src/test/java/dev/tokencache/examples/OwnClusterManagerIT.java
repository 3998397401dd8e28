package dev.tokencache.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.SHARED_LOOPBACK_PING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of a clustered cache under a cluster manager that Token Cache knows nothing of: one that stays in memory. */
class OwnClusterManagerIT {
    private static final EtagKey ETAGS = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));

    /** They tell at length. Levels are held weakly with their loggers. */
    private static final List<Logger> LIBRARIES = Stream.of("org.infinispan", "org.jgroups", "org.jboss")
            .map(Logger::getLogger)
            .toList();

    @TempDir
    Path directory;

    private final List<Vertx> members = new ArrayList<>();
    private final List<DefaultCacheManager> managers = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(vertx -> vertx.close().await());
        managers.forEach(DefaultCacheManager::stop);
    }

    private Vertx join(String name) throws Exception {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport()
                .clusterName("own")
                .nodeName(name)
                .transport(new JGroupsTransport(new JChannel(
                        new SHARED_LOOPBACK(),
                        new SHARED_LOOPBACK_PING(),
                        new NAKACK2().useMcastXmit(false),
                        new UNICAST3(),
                        new STABLE(),
                        new GMS().printLocalAddress(false),
                        new UFC(),
                        new MFC(),
                        new FRAG4())));
        global.jmx().disable();
        DefaultCacheManager caches = new DefaultCacheManager(global.build(), false);
        managers.add(caches);
        for (String each : List.of("__vertx.subs", "__vertx.haInfo", "__vertx.nodeInfo")) {
            caches.defineConfiguration(each, configuration(CacheMode.REPL_SYNC).build());
        }
        Configuration distributed =
                configuration(CacheMode.DIST_SYNC).template(true).build();
        caches.defineConfiguration("__vertx.distributed.cache.configuration", distributed);
        caches.start();
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
                .withClusterManager(new InfinispanClusterManager(caches))
                .buildClustered()
                .await();
        members.add(vertx);
        return vertx;
    }

    private static ConfigurationBuilder configuration(CacheMode mode) {
        ConfigurationBuilder builder = new ConfigurationBuilder();
        builder.clustering().cacheMode(mode);
        return builder;
    }

    @Test
    @Timeout(120)
    void clusteredCache_underAManagerOfOnesOwn_answersTheOtherNodeThatShowsAJwt() throws Exception {
        LIBRARIES.forEach(library -> library.setLevel(Level.WARNING));
        Path root = directory.resolve("root");
        Files.createDirectories(root.resolve("demo"));
        Files.writeString(root.resolve("demo/a.json"), "{\"token\":\"not-a-real-token\"}");
        Path keyFile = directory.resolve("jwt.key");
        String jwt = jwt(SigningKeyFile.generate(keyFile));
        join("cache")
                .deployVerticle(new ClusteredCache("cache", root, ETAGS, keyFile))
                .await();
        Vertx other = join("other");

        TokenCache cache = client(other, jwt);
        assertThat(cache.get("demo", "a.json").await().json().getString("token"))
                .isEqualTo("not-a-real-token");
        assertThat(cache.node()).startsWith("cache-");
        assertThatThrownBy(() -> client(other, jwt + "x").get("demo", "a.json").await())
                .hasMessage(Failure.UNAUTHORIZED.machineName());
        assertThatThrownBy(() -> TokenCache.create(other).get("demo", "a.json").await())
                .as("the usual address is the other process's own")
                .hasMessage(Failure.CACHE_UNREACHABLE.machineName());
    }

    private static TokenCache client(Vertx vertx, String jwt) {
        return TokenCache.create(
                vertx,
                new TokenCacheOptions().setClustered(true).setToken(() -> jwt).setTimeout(Duration.ofSeconds(10)));
    }

    private static String jwt(byte[] key) {
        return JwtIssuer.issue(
                "main",
                "HS256",
                key,
                "other",
                List.of(Scope.TOKENS_READ),
                List.of("demo"),
                Duration.ofMinutes(10),
                null,
                null,
                Clock.systemUTC());
    }
}
