package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an embedding application gets, the thin jar and what it names as needed, is enough for a cache of files. */
@Timeout(60)
class ThinClasspathIT {
    /** The libraries of the compile scope, by their jars' names. */
    private static final Pattern NEEDED =
            Pattern.compile("(vertx-core|vertx-core-logging|jackson-core|caffeine|jspecify|error_prone_annotations"
                    + "|netty-(?!transport-native-epoll|transport-classes-epoll).*)-[0-9].*\\.jar");

    @TempDir
    Path directory;

    @Test
    void cacheOfFiles_onTheThinJarAlone_servesAToken() throws Exception {
        Path project = Files.createDirectories(directory.resolve("root/demo"));
        Files.writeString(project.resolve("a.json"), "{\"token\":\"made-up\"}");
        Path out = directory.resolve("out.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        String.join(File.pathSeparator, thinClassPath()),
                        Embedding.class.getName(),
                        directory.resolve("root").toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(child.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }

        assertThat(out).content().isEqualTo("MISS {\"token\":\"made-up\"}\nHIT {\"token\":\"made-up\"}\n");
        assertThat(child.exitValue()).isZero();
    }

    /** The jar, the libraries, and a directory with nothing but the program. */
    private List<String> thinClassPath() throws Exception {
        List<String> path = new ArrayList<>();
        Path thin = Path.of(TokenCache.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        assertThat(thin.toString()).as("these tests run against the jar").endsWith(".jar");
        path.add(thin.toString());
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar ->
                        NEEDED.matcher(Path.of(jar).getFileName().toString()).matches())
                .forEach(path::add);
        assertThat(path).hasSizeGreaterThan(10);
        String program = Embedding.class.getName().replace('.', '/') + ".class";
        Path copy = directory.resolve("classes").resolve(program);
        Files.createDirectories(copy.getParent());
        try (var bytes = Embedding.class.getClassLoader().getResourceAsStream(program)) {
            Files.copy(bytes, copy);
        }
        path.add(directory.resolve("classes").toString());
        return path;
    }

    /** An application that embeds a cache. */
    public static final class Embedding {
        private Embedding() {}

        /** Argument: the root. */
        public static void main(String[] args) throws Exception {
            for (String absent :
                    List.of("io.vertx.ext.web.Router", "io.vertx.ext.auth.jwt.JWTAuth", "picocli.CommandLine")) {
                try {
                    System.out.println(Class.forName(absent));
                } catch (ClassNotFoundException e) {
                    continue;
                }
                System.exit(3);
            }
            Vertx vertx = Vertx.vertx();
            FileTokenSource source = new FileTokenSource(
                    vertx,
                    new FileSourceOptions()
                            .setRoot(Path.of(args[0]))
                            .setEtagKey(EtagKey.of("an etag key for tests only".getBytes(StandardCharsets.UTF_8))));
            TokenCache cache = TokenCache.create(vertx);
            TokenKey key = new TokenKey("demo", "a.json");
            await(vertx.deployVerticle(new CacheVerticle(new CacheOptions(), source)));
            print(await(cache.get(key)));
            print(await(cache.get(key)));
            await(source.close());
            await(vertx.close());
        }

        private static <T> T await(Future<T> future) throws Exception {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }

        private static void print(TokenFile file) {
            System.out.println(file.status() + " " + new String(file.bytes(), StandardCharsets.UTF_8));
        }
    }
}
