package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import dev.tokencache.bench.LoadGenerator.Load;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gets of cached tokens, every key as likely as another, as their number grows from 1,000 to 1,000,000 and as 10,000 of them
 * are spread over 1 to 1,000 projects. Everything is preloaded. Each size is measured in turns with the smallest, on servers that
 * live side by side: p99 must not grow by more than a fifth. {@code -Dbench.tokens} sets the largest number.
 */
final class GrowthBenchmark implements Benchmark {
    private static final int SMALL = 1_000;
    private static final int SPREAD = 10_000;
    private static final int STEP = 10;
    private static final int MOST_PROJECTS = 1_000;
    private static final double MOST_LATENCY = 1.2;
    private static final long SEED = 11;

    /** Long enough for a server to be as fast as it gets: the smallest one has served all the time. */
    private static final Duration WARM_UP = Duration.ofSeconds(25);

    private static final String HEAP = "-Xmx3g";
    private static final double MOST_OF_THEM = 0.9;
    private static final Pattern CACHED = Pattern.compile("\"cache\":\\{\"cachedTokens\":(\\d+),");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final int most = Integer.getInteger("bench.tokens", 1_000_000);

    /** @param ratio of the p99 to that of the smallest size */
    private record Size(int count, double perSecond, double p99, double ratio) {}

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        StringBuilder table = new StringBuilder(head());
        List<Size> tokens = new ArrayList<>();
        try (Subject small = new Subject(bench, 1, SMALL)) {
            for (int count = SMALL * STEP; count <= most; count *= STEP) {
                tokens.add(compare(bench, small, 1, count, count, "tokens", table));
            }
            List<Size> projects = new ArrayList<>();
            try (Subject one = new Subject(bench, 1, SPREAD)) {
                for (int count = STEP; count <= MOST_PROJECTS; count *= STEP) {
                    projects.add(compare(bench, one, count, SPREAD / count, count, "projects", table));
                }
            }
            bench.table(
                    "growth",
                    "Gets of cached tokens, by how many there are; " + bench.connections + " connections",
                    table.toString());
            bench.plot("growth-tokens", plot("tokens", tokens));
            bench.plot("growth-projects", plot("projects", projects));
            outcome(bench, "p99 of a get, " + most + " tokens beside 1,000", tokens);
            outcome(bench, "p99 of a get, 1,000 projects beside 1", projects);
        }
    }

    private static void outcome(Bench bench, String work, List<Size> sizes) {
        bench.outcomes.atMost(
                work, "ratio", MOST_LATENCY, sizes.get(sizes.size() - 1).ratio());
    }

    private static Plot plot(String what, List<Size> sizes) {
        return new Plot("p99 of gets of cached tokens, beside the smallest size", what, "ratio")
                .logarithmic()
                .add(
                        "p99",
                        sizes.stream()
                                .map(size -> new Plot.Point(size.count, size.ratio))
                                .toList());
    }

    private static String head() {
        return String.format(
                Locale.ROOT, "%-20s %12s %10s %12s %10s%n", "", "requests/s", "p99 us", "rate ratio", "p99 ratio");
    }

    private static Size compare(
            Bench bench, Subject small, int projects, int tokens, int count, String what, StringBuilder table)
            throws IOException, InterruptedException {
        List<Double> rates = new ArrayList<>();
        List<Double> latencies = new ArrayList<>();
        List<Double> rateRatios = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Subject large = new Subject(bench, projects, tokens)) {
            for (int i = 0; i < bench.rounds; i++) {
                Load one = small.measure(bench);
                Load other = large.measure(bench);
                rates.add(other.perSecond());
                latencies.add(other.p99Micros());
                rateRatios.add(other.perSecond() / one.perSecond());
                ratios.add(other.p99Micros() / one.p99Micros());
            }
        }
        Size size = new Size(count, Comparison.median(rates), Comparison.median(latencies), Comparison.median(ratios));
        table.append(String.format(
                Locale.ROOT,
                "%-20s %12.0f %10.0f %12.2f %10.2f%n",
                count + " " + what,
                size.perSecond,
                size.p99,
                Comparison.median(rateRatios),
                size.ratio));
        return size;
    }

    /** A server with all its tokens in memory, and the load that asks for all of them. */
    private static final class Subject implements AutoCloseable {
        private final Path root;
        private final TokenCacheServer server;
        private final NioLoad load;

        Subject(Bench bench, int projects, int tokens) throws IOException, InterruptedException {
            root = HttpServers.rootOf(bench, projects, tokens);
            server = HttpServers.start(
                    bench,
                    "token-cache-growth-" + projects + "x" + tokens,
                    root,
                    List.of(HEAP),
                    "http.instances=1",
                    "cache.maxBytes=2GiB",
                    "cache.tokenTtl=1h",
                    "cache.preload=[\"*\"]");
            HttpRequest first = server.request(HttpServers.target("p0", HttpServers.filename(0)));
            byte[] reply = HttpServers.cachedReply(server.process().address(), first);
            load = new NioLoad(
                    requests(projects, tokens), reply.length + first.target().length());
            awaitMost(projects * tokens);
            load.run(server.process().address(), bench.connections, WARM_UP);
        }

        /** What the watcher's first look has overtaken is not kept; the warm-up loads it. */
        private void awaitMost(int tokens) throws IOException, InterruptedException {
            HttpRequest stats = server.request("/api/v0/management/cache/stats");
            long end = System.nanoTime() + PATIENCE.toNanos();
            try (HttpConnection connection = new HttpConnection(server.process().address())) {
                while (cached(connection.get(stats)) < MOST_OF_THEM * tokens) {
                    if (System.nanoTime() - end > 0) {
                        throw new IOException("the tokens were not preloaded in time");
                    }
                    Thread.sleep(100);
                }
            }
        }

        private static long cached(String stats) throws IOException {
            Matcher matcher = CACHED.matcher(stats);
            if (!matcher.find()) {
                throw new IOException("the statistics don't tell how many tokens are in memory");
            }
            return Long.parseLong(matcher.group(1));
        }

        Load measure(Bench bench) throws IOException {
            return load.run(server.process().address(), bench.connections, bench.length);
        }

        /** A request for any of the tokens: made of ready parts, since the generator must be faster than the server. */
        private NioLoad.Requests requests(int projects, int tokens) throws IOException {
            SplittableRandom random = new SplittableRandom(SEED);
            byte[][] heads = new byte[projects][];
            for (int i = 0; i < projects; i++) {
                heads[i] = ascii("GET " + HttpServers.target("p" + i, "t"));
            }
            byte[] tail = ascii(".json HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + String.join("\r\n", server.request("").headers()) + "\r\n\r\n");
            byte[] digits = new byte[7];
            return out -> {
                out.put(heads[random.nextInt(projects)]);
                int number = random.nextInt(tokens);
                for (int i = digits.length - 1; i >= 0; i--) {
                    digits[i] = (byte) ('0' + number % 10);
                    number /= 10;
                }
                out.put(digits).put(tail);
            };
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public void close() throws IOException {
            server.close();
            Bench.delete(root);
        }
    }
}
