package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.cache.CacheOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports and exports that something happens to before they end. */
@Timeout(60)
class LongRequestIT {
    private static final int MANY = 1_000;

    @TempDir
    private Path directory;

    private HttpStack stack;

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(directory, options -> options);
        stack.deployHttp(false);
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    /** One request on a connection of its own. */
    private final class Request implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader in;

        Request(String line, String headers) throws Exception {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), stack.port()));
            socket.setSoTimeout(20_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 16);
            send(line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + stack.token(Set.of("*"), Duration.ofHours(1)) + "\r\n" + headers + "\r\n");
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        void sendChunk(String text) throws IOException {
            send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        /** The next line that holds a text; fails when the connection ends before. */
        String lineWith(String text) throws IOException {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.contains(text)) {
                    return line;
                }
            }
            throw new AssertionError("no line with " + text);
        }

        String rest() throws IOException {
            StringBuilder rest = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                rest.append(line).append('\n');
            }
            return rest.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void export_thatCannotBegin_isAnError() throws Exception {
        assertThat(stack.get("tokens/export?project=p").statusCode()).isEqualTo(503);
    }

    @Test
    void export_ofATokenThatIsNoLongerAccepted_isCutOff() throws Exception {
        stack.deployCache(new CacheOptions());
        String content = "{\"token\":\"" + "made-up".repeat(3_000) + "\"}";
        for (int i = 0; i < MANY; i++) {
            stack.put("p/" + i + ".json", content);
        }
        try (Request export = new Request("GET /api/v0/management/tokens/export?project=p", "")) {
            export.lineWith("made-up");
            stack.replaceKey();

            String rest = export.rest();

            assertThat(rest.lines().filter(line -> line.contains("made-up")).count())
                    .isLessThan(MANY - 1);
            assertThat(rest.strip()).doesNotEndWith("\n0");
        }
    }

    @Test
    void import_ofATokenThatIsNoLongerAccepted_writesNoMore() throws Exception {
        stack.deployCache(new CacheOptions());
        try (Request batch = new Request(
                "POST /api/v0/management/tokens/import?project=p",
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n")) {
            batch.sendChunk("{\"filename\":\"a.json\",\"data\":{}}\n");
            assertThat(batch.lineWith("a.json")).contains("\"status\":201");
            stack.replaceKey();

            batch.sendChunk("{\"filename\":\"b.json\",\"data\":{}}\n{\"filename\":\"c.json\",\"data\":{}}\n");

            assertThat(batch.lineWith("b.json")).contains("\"status\":401", "\"unauthorized\"");
            assertThat(batch.rest()).doesNotContain("c.json", "\n0\n");
        }
        try (var files = Files.list(stack.root.resolve("p"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .containsExactly("a.json");
        }
    }
}
