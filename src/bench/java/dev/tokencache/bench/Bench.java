package dev.tokencache.bench;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a run of benchmarks has at hand: how long, with what, and where the results go. The system properties are those of
 * {@code src/docs/performance.md}.
 */
final class Bench {
    private static final int DEFAULT_ROUNDS = 15;
    private static final int DEFAULT_SECONDS = 2;
    private static final int DEFAULT_CONNECTIONS = 64;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    final int rounds = Integer.getInteger("bench.rounds", DEFAULT_ROUNDS);
    final Duration length = Duration.ofSeconds(Integer.getInteger("bench.seconds", DEFAULT_SECONDS));
    final int connections = Integer.getInteger("bench.connections", DEFAULT_CONNECTIONS);
    final Outcomes outcomes = new Outcomes();

    /** The server, as it is installed. */
    final Path jar = Path.of(System.getProperty("server.jar"));

    private final Path results = Path.of(System.getProperty("bench.directory"));
    private final Path work;
    private int directories;

    Bench(Path work) throws IOException {
        this.work = work;
        Files.createDirectories(results);
    }

    /** A new empty directory that nobody else may enter; it goes with the run. */
    Path directory(String name) throws IOException {
        directories++;
        return Files.createDirectory(work.resolve(name + '-' + directories), PRIVATE);
    }

    /** A directory below another one, like {@link #directory}. */
    static Path directory(Path parent, String name) throws IOException {
        return Files.createDirectory(parent.resolve(name), PRIVATE);
    }

    /** Where a server of the run writes its log. */
    Path log(String name) {
        return results.resolve(name + ".log");
    }

    /** Prints a table, and keeps it as {@code <name>.txt}. */
    void table(String name, String title, String table) throws IOException {
        String text = title + '\n' + conditions() + "\n\n" + table;
        System.out.println(text);
        Files.writeString(results.resolve(name + ".txt"), text);
    }

    /** Keeps a plot as {@code <name>.svg}. */
    void plot(String name, Plot plot) throws IOException {
        Files.writeString(results.resolve(name + ".svg"), plot.svg());
    }

    /** Prints what was reached of all bars, and keeps it as {@code summary.txt}. */
    void summary() throws IOException {
        table("summary", "Bars", outcomes.table());
    }

    /** The machine and the date, which a figure means nothing without. */
    static String conditions() {
        return String.format(
                Locale.ROOT,
                "JDK %s, %d cores, %s %s, load generator on the same machine; %s",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                LocalDate.now(ZoneOffset.UTC));
    }

    /** What a future gives; two minutes are time enough for all that is awaited here. */
    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
    }

    /** Deletes a directory and all below it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }
}
