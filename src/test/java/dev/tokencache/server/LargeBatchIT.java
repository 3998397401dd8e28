package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project of many tokens goes through a server whose heap and buffers together would hold less than it: in at one side, out
 * at the other. {@code -Dbatch.tokens=50000} for many more.
 */
@Timeout(400)
class LargeBatchIT {
    private static final int TOKENS = Integer.getInteger("batch.tokens", 6_000);
    private static final String FILLING = "x".repeat(11_900);
    private static final List<String> SMALL = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=24m");

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static String name(int number) {
        return String.format("token-%05d.json", number);
    }

    private static String line(int number) {
        return "{\"filename\":\"" + name(number) + "\",\"data\":{\"n\":" + number + ",\"filling\":\"" + FILLING
                + "\"}}\n";
    }

    /** Made while it is sent: this process need not hold it either. */
    private static BodyPublisher tokens() {
        Iterable<byte[]> lines = () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < TOKENS;
            }

            @Override
            public byte[] next() {
                return line(next++).getBytes(StandardCharsets.UTF_8);
            }
        };
        return BodyPublishers.ofByteArrays(lines);
    }

    private static long peakKib(ServerProcess server) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<InputStream> send(Api api, String path, BodyPublisher body) throws Exception {
        var request = api.request(path).timeout(Duration.ofMinutes(5));
        if (body != null) {
            request.POST(body).header("Content-Type", "application/x-ndjson");
        }
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    private static BufferedReader reader(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    void importAndExport_moreThanMemoryHolds_bringEachTokenThrough() throws Exception {
        try (ServerProcess server = ServerProcess.startWith(SMALL, List.of(), directory)) {
            Api api = server.admin();
            long before = peakKib(server);
            long start = System.nanoTime();

            try (BufferedReader answers = reader(send(api, "tokens/import?project=many", tokens()))) {
                for (int i = 0; i < TOKENS; i++) {
                    JsonObject answer = new JsonObject(answers.readLine());
                    assertThat(answer.getInteger("status")).as(answer.encode()).isEqualTo(201);
                    assertThat(answer.getString("filename")).isEqualTo(name(i));
                }
                assertThat(answers.readLine()).isNull();
            }
            long imported = System.nanoTime();
            try (BufferedReader tokens = reader(send(api, "tokens/export?project=many", null))) {
                IntStream.range(0, TOKENS)
                        .forEach(i -> assertThat(readLine(tokens) + "\n").isEqualTo(line(i)));
                assertThat(tokens.readLine()).isNull();
            }
            long exported = System.nanoTime();

            System.out.printf(
                    "%,d tokens of 12 KB: import %.1f s, export %.1f s, memory of the process at most %,d KiB (%,d KiB before)%n",
                    TOKENS, (imported - start) / 1e9, (exported - imported) / 1e9, peakKib(server), before);
        }
    }

    private static String readLine(BufferedReader reader) {
        try {
            return reader.readLine();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
