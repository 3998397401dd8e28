package dev.tokencache.server;

import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the admin page's files are served, out of the server's own jar. */
@Timeout(60)
class AdminPageFilesIT {
    @TempDir
    static Path directory;

    private static ServerProcess server;
    private static Api anybody;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory);
        anybody = new Api(server.port(), null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/page/main.js, text/javascript; charset=utf-8",
        "/page/lit.js, text/javascript; charset=utf-8",
        "/page/uplot.js, text/javascript; charset=utf-8",
        "/page/base.css, text/css; charset=utf-8",
        "/page/uplot.css, text/css; charset=utf-8",
        "/page/icon.svg, image/svg+xml"
    })
    void file_isServedToAnybody_andAgainOnlyWhenItHasChanged(String path, String type) throws Exception {
        HttpResponse<byte[]> reply = anybody.get(path);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(header(reply, "content-type")).isEqualTo(type);
        assertHeaders(reply);
        String etag = header(reply, "etag");
        HttpRequest.Builder again = anybody.request(path).header("If-None-Match", etag);
        HttpResponse<byte[]> same = anybody.send(again);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "etag")).isEqualTo(etag);
        assertHeaders(same);
        assertThat(anybody.method("HEAD", path).statusCode()).isEqualTo(200);
    }

    private static void assertHeaders(HttpResponse<byte[]> reply) {
        assertThat(header(reply, "cache-control")).isEqualTo("no-cache");
        assertThat(header(reply, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(reply, "referrer-policy")).isEqualTo("no-referrer");
        assertThat(header(reply, "cross-origin-opener-policy")).isEqualTo("same-origin");
        assertThat(header(reply, "content-security-policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "http:");
    }

    @Test
    void policy_namesTheHashOfTheOneScriptInTheDocument() throws Exception {
        HttpResponse<byte[]> reply = anybody.get("/");
        List<String> scripts = Pattern.compile("<script[^>]*>(.*?)</script>", Pattern.DOTALL)
                .matcher(text(reply))
                .results()
                .map((MatchResult script) -> script.group(1))
                .filter(script -> !script.isEmpty())
                .toList();

        assertThat(scripts).hasSize(1);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(scripts.get(0).getBytes(StandardCharsets.UTF_8));
        assertThat(header(reply, "content-security-policy"))
                .contains("script-src 'self' 'sha256-" + Base64.getEncoder().encodeToString(hash) + "';");
    }

    @Test
    void everyFileThatThePageLoads_isThere() throws Exception {
        List<String> seen = new ArrayList<>(List.of("/"));
        for (int i = 0; i < seen.size(); i++) {
            HttpResponse<byte[]> reply = anybody.get(seen.get(i));
            assertThat(reply.statusCode()).as(seen.get(i)).isEqualTo(200);
            Stream<String> direct = named("\\./page/([a-z-]+\\.[a-z]+)", text(reply));
            Stream<String> imported = seen.get(i).startsWith("/page/")
                    ? named("(?:from|import) ?[\"']\\./([a-z-]+\\.js)[\"']", text(reply))
                    : Stream.of();
            Stream.concat(direct, imported)
                    .map(name -> "/page/" + name)
                    .filter(path -> !seen.contains(path))
                    .distinct()
                    .toList()
                    .forEach(seen::add);
        }
        assertThat(seen).hasSizeGreaterThan(30);
    }

    private static Stream<String> named(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult found) -> found.group(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/none.js",
                "/page/",
                "/page",
                "/page/lit",
                "/page/..%2f..%2fopenapi.yaml",
                "/page/%2e%2e/openapi.yaml",
                "/page/x/main.js",
                "/page/META-INF",
                "/page/PageFiles.class",
                "/favicon.ico"
            })
    void otherPaths_areAbsent(String path) throws Exception {
        assertThat(anybody.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void query_isRefused_soThatNobodyPutsATokenThere() throws Exception {
        assertThat(anybody.get("/?token=not-a-real-token").statusCode()).isEqualTo(400);
    }
}
