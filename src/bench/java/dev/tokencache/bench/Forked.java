package dev.tokencache.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A benchmark that wants a JVM to itself. It is told of the run by system properties, and leaves its bars in a file. */
final class Forked implements Benchmark {
    private final String name;
    private final String mainClass;
    private final List<String> options;

    /**
     * A benchmark with a main class of its own.
     *
     * @param name what its files are called
     * @param options for its JVM
     */
    Forked(String name, String mainClass, String... options) {
        this.name = name;
        this.mainClass = mainClass;
        this.options = List.of(options);
    }

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        for (String property : List.of("bench.directory", "bench.tokens")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + '=' + System.getProperty(property));
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        if (process.waitFor() != 0) {
            throw new IOException(name + " ended with " + process.exitValue());
        }
        bench.outcomes.readFrom(bench.log(name).resolveSibling(name + Outcomes.SUFFIX));
    }
}
