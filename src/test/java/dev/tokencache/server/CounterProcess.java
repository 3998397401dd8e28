package dev.tokencache.server;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.content.EtagKey;
import dev.tokencache.examples.EmbeddedCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A process with a cache of its own that counts in token files which other processes count in too: read, write on condition
 * that nobody wrote meanwhile. On standard output it says {@code ready}, waits for a byte, then names the key of every
 * acknowledged increment.
 */
final class CounterProcess {
    private static final EtagKey KEY = EtagKey.of(new byte[32]);
    private static final int WAIT_SECONDS = 60;

    private CounterProcess() {}

    /** Starts one with the classes of the jar under test. */
    static Process start(Path root, List<TokenKey> keys, int times) throws Exception {
        Path here = Path.of(CounterProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                ServerProcess.jar() + ":" + here,
                CounterProcess.class.getName(),
                root.toString(),
                String.valueOf(times)));
        keys.forEach(key -> command.add(key.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Arguments: root, increments of each key, keys. Each key has a thread. */
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        await(vertx.deployVerticle(new EmbeddedCache(Path.of(args[0]), KEY)));
        TokenCache cache = TokenCache.create(vertx);
        System.out.println("ready");
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody to wait for");
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            TokenKey key = TokenKey.parse(args[i]);
            Thread thread = new Thread(() -> count(cache, key, Integer.parseInt(args[1])));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        await(vertx.close());
    }

    private static void count(TokenCache cache, TokenKey key, int times) {
        for (int done = 0; done < times; ) {
            if (increment(cache, key)) {
                System.out.println(key);
                done++;
            }
        }
    }

    private static boolean increment(TokenCache cache, TokenKey key) {
        TokenFile file = await(cache.get(key));
        int value = file == null ? 0 : file.json().getInteger("counter");
        Precondition unchanged = file == null ? Precondition.ABSENT : Precondition.match(file.etag());
        try {
            await(cache.put(key, "{\"counter\":" + (value + 1) + "}", unchanged));
            return true;
        } catch (TokenCacheException e) {
            if (e.failure() == Failure.PRECONDITION_FAILED || e.failure() == Failure.STORAGE_BUSY) {
                return false;
            }
            throw e;
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TokenCacheException failure ? failure : new IllegalStateException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
