package dev.tokencache.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk, one thread. */
final class Wrk implements LoadGenerator {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in ");
    private static final Pattern FAILED = Pattern.compile("Socket errors|Non-2xx");

    private final Path program;
    private final HttpRequest request;

    Wrk(Path program, HttpRequest request) {
        this.program = program;
        this.request = request;
    }

    /** Where it is, if it is installed. */
    static Optional<Path> onPath() {
        String path = System.getenv("PATH");
        return path == null
                ? Optional.empty()
                : List.of(path.split(File.pathSeparator, -1)).stream()
                        .map(directory -> Path.of(directory, "wrk"))
                        .filter(Files::isExecutable)
                        .findFirst();
    }

    @Override
    public String name() {
        return "wrk (1 thread)";
    }

    @Override
    public Load run(InetSocketAddress address, int connections, Duration duration)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "--latency", "-t1", "-c" + connections, "-d" + duration.toSeconds() + "s"));
        request.headers().forEach(header -> command.addAll(List.of("-H", header)));
        command.add("http://127.0.0.1:" + address.getPort() + request.target());
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (wrk.waitFor() != 0) {
                throw new IOException("wrk ended with " + wrk.exitValue());
            }
            return parse(output);
        } finally {
            wrk.destroyForcibly();
        }
    }

    /** Reads what wrk prints. */
    static Load parse(String output) throws IOException {
        if (FAILED.matcher(output).find()) {
            throw new IOException("wrk saw failed requests");
        }
        return new Load(
                Double.parseDouble(find(RATE, output)),
                micros(output, "50%"),
                micros(output, "99%"),
                Long.parseLong(find(COUNT, output)));
    }

    private static double micros(String output, String quantile) throws IOException {
        Matcher matcher =
                Pattern.compile("\\s" + quantile + "\\s+([0-9.]+)(us|ms|s)\\s").matcher(output);
        if (!matcher.find()) {
            throw new IOException("wrk did not tell its latencies");
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "us" -> value;
            case "ms" -> value * 1e3;
            default -> value * 1e6;
        };
    }

    private static String find(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("wrk did not tell its figures");
        }
        return matcher.group(1);
    }
}
