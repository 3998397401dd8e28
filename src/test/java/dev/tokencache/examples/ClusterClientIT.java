package dev.tokencache.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.TokenFile;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.cluster.ClusterNode;
import dev.tokencache.cluster.ClusterOptions;
import dev.tokencache.content.EtagKey;
import dev.tokencache.http.Pems;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cache node in this JVM and a client in another one, with TLS and secret: both are the examples. */
class ClusterClientIT {
    private static final EtagKey ETAGS = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));

    /** They tell at length. Levels are held weakly with their loggers. */
    private static final List<Logger> LIBRARIES = Stream.of("org.infinispan", "org.jgroups", "org.jboss")
            .map(Logger::getLogger)
            .toList();

    @TempDir
    Path directory;

    private ClusterOptions options() throws Exception {
        var authority = Pems.authority("cluster");
        Path ca = Pems.write(directory.resolve("ca.pem"), authority.getCertificatePEM());
        Path cert = directory.resolve("node.pem");
        Path key = directory.resolve("node.key");
        Pems.write(cert, key, Pems.issue(authority));
        SigningKeyFile.generate(directory.resolve("secret"));
        return new ClusterOptions()
                .setName("test")
                .setNode("cache")
                .setPort(0)
                .setTls(cert, key, ca)
                .setSecretFile(directory.resolve("secret"));
    }

    @Test
    @Timeout(180)
    void client_inAnotherJvm_readsWritesAndFollows_andEnds() throws Exception {
        LIBRARIES.forEach(library -> library.setLevel(Level.WARNING));
        Path root = directory.resolve("root");
        for (String project : List.of("demo", "other")) {
            Files.createDirectories(root.resolve(project));
            Files.writeString(root.resolve(project + "/a.json"), "{\"token\":\"not-a-real-token\"}");
        }
        Path keyFile = directory.resolve("jwt.key");
        Path jwt = Files.writeString(directory.resolve("client.jwt"), jwt(SigningKeyFile.generate(keyFile)));
        try (ClusterNode node = ClusterNode.open(options())) {
            Vertx vertx = Vertx.builder()
                    .with(new VertxOptions().setEventBusOptions(node.eventBusOptions()))
                    .withClusterManager(node.clusterManager())
                    .buildClustered()
                    .await();
            try {
                vertx.deployVerticle(new ClusteredCache("cache", root, ETAGS, keyFile))
                        .await();

                String token = Files.readString(jwt);
                assertThat(byHand(vertx, token).await().filename()).isEqualTo("a.json");
                assertThatThrownBy(() -> byHand(vertx, token + "x").await())
                        .isInstanceOfSatisfying(ReplyException.class, refused -> {
                            assertThat(refused.failureCode()).isEqualTo(401);
                            assertThat(refused).hasMessage("unauthorized");
                        });
                assertThat(client(node.address().getPort(), jwt))
                        .containsExactly(
                                "read not-a-real-token",
                                "added true",
                                "heard ADDED b.json",
                                "again precondition_failed",
                                "other forbidden",
                                "closed");
                assertThat(root.resolve("demo/b.json")).content().isEqualTo("{\"token\":\"not-a-real-token-either\"}");
            } finally {
                vertx.close().await();
            }
        }
    }

    /** As bus.md shows it. */
    private static Future<TokenFile> byHand(Vertx vertx, String jwt) {
        DeliveryOptions delivery = new DeliveryOptions().addHeader("authorization", "Bearer " + jwt);
        return vertx.eventBus()
                .<TokenFile>request("token.cache.cluster.get", "demo/a.json", delivery)
                .map(Message::body);
    }

    private static String jwt(byte[] key) {
        return JwtIssuer.issue(
                "main",
                "HS256",
                key,
                "client",
                List.of(Scope.TOKENS_READ, Scope.TOKENS_LIST, Scope.TOKENS_WRITE),
                List.of("demo"),
                Duration.ofMinutes(10),
                null,
                null,
                Clock.systemUTC());
    }

    /** What it prints, when it has ended by itself. */
    private List<String> client(int port, Path jwt) throws Exception {
        Path printed = directory.resolve("printed");
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.net.preferIPv4Stack=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterClientProcess.class.getName(),
                        Integer.toString(port),
                        directory.toString(),
                        jwt.toString())
                .redirectOutput(printed.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as(() -> text(printed) + text(log))
                    .isTrue();
            assertThat(process.exitValue()).as(() -> text(printed) + text(log)).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(printed);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
