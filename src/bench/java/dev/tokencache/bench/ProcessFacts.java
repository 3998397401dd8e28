package dev.tokencache.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the system and the JVM tell of another JVM's process; Linux. */
final class ProcessFacts {
    private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final List<String> USED = List.of("S0U", "S1U", "EU", "OU");
    private static final int KIBI = 1 << 10;

    private final long pid;
    private final Path process;

    ProcessFacts(long pid) {
        this.pid = pid;
        process = Path.of("/proc", Long.toString(pid));
    }

    int descriptors() throws IOException {
        try (Stream<Path> all = Files.list(process.resolve("fd"))) {
            return (int) all.count();
        }
    }

    int threads() throws IOException {
        return (int) status(THREADS);
    }

    /** What it has in memory, in bytes. */
    long residentBytes() throws IOException {
        return KIBI * status(RESIDENT);
    }

    private long status(Pattern line) throws IOException {
        Matcher matcher = line.matcher(Files.readString(process.resolve("status")));
        if (!matcher.find()) {
            throw new IOException("the system doesn't tell of the process");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Has the garbage collected, and says what is left, in bytes. */
    long heapAfterCollection() throws IOException, InterruptedException {
        tool("jcmd", Long.toString(pid), "GC.run");
        String[] lines = tool("jstat", "-gc", Long.toString(pid)).split("\n", -1);
        List<String> names = columns(lines[0]);
        List<String> values = columns(lines[1]);
        double kibibytes = 0;
        for (String name : USED) {
            kibibytes += Double.parseDouble(values.get(names.indexOf(name)));
        }
        return Math.round(kibibytes * KIBI);
    }

    private static List<String> columns(String line) {
        return Arrays.asList(line.trim().split("\\s+", -1));
    }

    private static String tool(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", name)
                                .toString()),
                        Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(name + " ended with " + process.exitValue());
        }
        return output;
    }
}
