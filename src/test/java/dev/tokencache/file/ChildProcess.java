package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM on the tests' class path, optionally under limits of the shell, and what runs in it. */
final class ChildProcess {
    private ChildProcess() {}

    static Process start(String limit, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                limit + "exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Arguments: root, what to try. Prints the machine name of the failure, or what went wrong with the attempt. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        warmUp(root);
        switch (args[1]) {
            case "write" ->
                attempt(() -> TokenFixtures.writer(root)
                        .write(TokenFixtures.KEY, TokenFixtures.token("x".repeat(100_000)), Precondition.NONE));
            case "list" ->
                attempt(() -> assertThat(TokenFixtures.lister(root).list("demo").names())
                        .containsExactly("a.json"));
            case "descriptors" -> withoutDescriptors(root);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    private static void warmUp(Path root) {
        TokenFixtures.reader(root).read(TokenFixtures.KEY);
        TokenFixtures.writer(root)
                .write(new TokenKey("warm", "a.json"), TokenFixtures.token("small"), Precondition.NONE);
        attemptQuietly(() -> TokenFixtures.reader(root.resolve("gone")).read(TokenFixtures.KEY));
    }

    private static void withoutDescriptors(Path root) throws IOException {
        List<Closeable> held = new ArrayList<>();
        String read;
        String list;
        try {
            while (true) {
                held.add(FileChannel.open(root.resolve("warm/a.json")));
            }
        } catch (IOException e) {
            held.remove(held.size() - 1).close();
            read = attemptQuietly(() -> TokenFixtures.reader(root).read(TokenFixtures.KEY));
            list = attemptQuietly(() -> TokenFixtures.lister(root).list("demo"));
        }
        for (Closeable each : held) {
            each.close();
        }
        boolean recovered = TokenFixtures.reader(root).read(TokenFixtures.KEY) != null;
        System.out.println(read + " " + list + " " + recovered);
    }

    private static void attempt(Runnable action) {
        System.out.println(attemptQuietly(action));
    }

    private static String attemptQuietly(Runnable action) {
        try {
            action.run();
            return "succeeded";
        } catch (TokenCacheException e) {
            return e.failure().machineName();
        }
    }
}
