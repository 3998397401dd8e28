package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.metrics.ScrapeText;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing leaks: values, bearer tokens, e-mails and content, each with a mark, go through every route and every failure,
 * while all loggers of the process, Vert.x's and Netty's too, are at their finest level. Then all that the server said and
 * left is searched for the marks.
 */
@Timeout(180)
class LeakIT {
    private static final String VALUE = "CANARY-value";
    private static final String MAIL = "canary.mail@example.com";
    private static final String MAIL_NAME = MAIL + ".json";
    private static final String ADDED_NAME = "canary_mail_example_com.json";
    private static final String SUBJECT = "canary.subject@example.com";

    /** What must not be anywhere. The last one is how each of the JWTs begins. */
    private static final List<String> SECRETS = List.of("CANARY", SUBJECT, "eyJ");

    /** What only replies to those who may ask for it hold. */
    private static final List<String> NAMES = List.of(MAIL, "canary_mail", "canary.mail");

    @TempDir
    Path directory;

    private final List<String> failures = new ArrayList<>();
    private ServerProcess server;
    private BadFiles files;
    private String jwt;
    private Api api;

    @Test
    void marksDrivenThroughEverything_areFoundNowhere() throws Exception {
        files = BadFiles.create(directory.resolve("accounts"), directory.resolve("outside.json"));
        Path mails = Files.createDirectories(directory.resolve("accounts/mails"));
        Files.writeString(mails.resolve(MAIL_NAME), "{\"token\":\"" + VALUE + "\"}");
        Files.writeString(mails.resolve("bad." + MAIL_NAME), "{\"token\":\"" + VALUE);
        Files.createSymbolicLink(mails.resolve("link." + MAIL_NAME), directory.resolve("outside.json"));
        Files.writeString(directory.resolve("logging.properties"), ".level=ALL\nio.level=ALL\ndev.level=ALL\n");
        List<String> wrapper =
                new ArrayList<>(List.of("env", "JDK_JAVA_OPTIONS=-Djava.util.logging.config.file=logging.properties"));
        wrapper.addAll(BadInput.withoutOverride());
        server = ServerProcess.startUnder(
                wrapper,
                directory,
                "log.level=trace",
                "watch.interval=100ms",
                "http.requestTimeout=1s",
                "http.trustedProxies=127.0.0.1",
                "http.cors.origins=https://pages.example.com",
                "auth.maxFailuresPerMinute=1000000");
        try (ServerProcess running = server) {
            jwt = issue(SigningKeyFile.read(server.stateDir().resolve("signing.key")));
            api = new Api(server.port(), jwt);
            everyRoute();
            everyFailure();
            badRequests();
            LeakDataPlane dataPlane = new LeakDataPlane(api, VALUE, MAIL_NAME);
            dataPlane.everyRoute();
            dataPlane.everyFailure(this::fails);
            String stats = Api.text(api.get("cache/stats"));
            String projects = Api.text(api.get("projects/list"));
            String metrics = Api.text(api.get("/metrics"));
            running.terminate();
            assertThat(running.awaitEnd(Duration.ofSeconds(20))).isZero();

            assertClean("stats", stats + projects);
            assertThat(ScrapeText.parse(metrics).value("tokencache_load_failures_total"))
                    .isPositive();
            assertClean("metrics", metrics);
            failures.forEach(failure -> assertClean("failure", failure));
            assertThat(failures).hasSizeGreaterThan(60);
            assertThat(running.stderr()).contains("stopped in");
            assertClean("stdout", running.stdout());
            assertClean("stderr", running.stderr().replaceAll("(?m)^NOTE: Picked up JDK_JAVA_OPTIONS.*$", ""));
            stateFiles();
        }
    }

    private static String issue(byte[] key) {
        return JwtIssuer.issue(
                "main",
                "HS256",
                key,
                SUBJECT,
                List.of(Scope.values()),
                List.of("*"),
                Duration.ofHours(1),
                null,
                null,
                Clock.systemUTC());
    }

    private void assertClean(String where, String text) {
        for (String secret : SECRETS) {
            assertThat(text.contains(secret)).as(where + " holds " + secret).isFalse();
        }
        for (String name : NAMES) {
            assertThat(text.contains(name)).as(where + " holds " + name).isFalse();
        }
        assertThat(text.contains(directory.toString()))
                .as(where + " holds a path")
                .isFalse();
        assertThat(text.contains(jwt.substring(jwt.lastIndexOf('.'))))
                .as(where + " holds a JWT")
                .isFalse();
    }

    private void everyRoute() throws Exception {
        JsonObject data = new JsonObject()
                .put("email", MAIL)
                .put("password", VALUE)
                .put("token", VALUE)
                .put("device_id", VALUE);
        JsonObject add =
                new JsonObject().put("project", "mails").put("type", "password").put("data", data);
        for (int i = 0; i < 2; i++) {
            succeeds(api.post("tokens/add", add));
            succeeds(api.get("mails", MAIL_NAME));
            succeeds(api.get("mails", ADDED_NAME));
            succeeds(api.list("mails"));
            succeeds(api.get("tokens/all?project=mails"));
            succeeds(api.get("projects/list"));
            succeeds(api.get("cache/stats"));
            succeeds(api.post("cache/preload", new JsonObject().put("project", "mails")));
            succeeds(api.post("cache/preload", new JsonObject().put("project", BadFiles.PROJECT)));
            succeeds(api.post("cache/invalidate", file("mails", MAIL_NAME)));
            succeeds(api.post("tokens/delete", file("mails", ADDED_NAME)));
            succeeds(api.post("cache/clear", new JsonObject()));
        }
        for (String path : List.of("/health/live", "/health/ready", "/version")) {
            succeeds(api.get(path));
        }
        succeeds(api.post("tokens/add", add));
    }

    private static void succeeds(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
    }

    private static JsonObject file(String project, String filename) {
        return new JsonObject().put("project", project).put("filename", filename);
    }

    private void fails(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isBetween(400, 599);
        failures.add(response.headers().map() + Api.text(response));
    }

    private void everyFailure() throws Exception {
        for (String name : files.expected().keySet()) {
            fails(api.get(BadFiles.PROJECT, name));
        }
        for (String name : List.of("bad." + MAIL_NAME, "link." + MAIL_NAME, "no." + MAIL_NAME)) {
            fails(api.get("mails", name));
        }
        fails(api.post("tokens/delete", file("mails", "link." + MAIL_NAME)));
        fails(api.post("tokens/delete", file("mails", "no." + MAIL_NAME)));
        fails(api.get("tokens/list?project=" + MAIL));
        fails(api.get("mails", "..%2F" + MAIL_NAME));
        fails(api.get("tokens/all?project=mails&cursor=" + VALUE));
        fails(api.get("tokens/all?project=mails&limit=" + VALUE));
        fails(api.get("tokens/list?project=mails&" + VALUE + "=" + jwt));
        fails(api.get("/" + MAIL_NAME));
        fails(api.method("DELETE", "tokens/get?filename=" + MAIL_NAME));
        Api other = server.api(List.of(Scope.TOKENS_READ), "other");
        fails(other.get("mails", MAIL_NAME));
        for (String token :
                List.of(VALUE, jwt + "x", jwt.substring(0, jwt.length() - 9), issue(new byte[32]), "a." + VALUE)) {
            fails(new Api(server.port(), token).get("mails", MAIL_NAME));
        }
    }

    private void badRequests() throws Exception {
        for (String body : List.of(
                VALUE,
                "{\"" + VALUE,
                "{\"project\":\"" + VALUE + "/\"}",
                "{\"project\":\"mails\",\"" + VALUE + "\":1}",
                "{\"project\":\"mails\",\"type\":\"" + VALUE + "\",\"data\":{\"token\":\"" + VALUE + "\"}}",
                "{\"project\":\"mails\",\"type\":\"session\",\"data\":{\"token\":[\"" + VALUE + "\"]}}",
                "{\"project\":\"mails\",\"type\":\"password\",\"data\":{\"email\":\"" + MAIL + "\"}}",
                "{\"project\":\"mails\",\"project\":\"" + VALUE + "\"}")) {
            for (String route :
                    List.of("tokens/add", "tokens/delete", "cache/invalidate", "cache/preload", "cache/clear")) {
                fails(api.post(route, "application/json", BodyPublishers.ofString(body)));
            }
            fails(api.post("tokens/add", "text/" + VALUE, BodyPublishers.ofString(body)));
        }
        byte[] large = VALUE.repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        fails(api.post("tokens/add", "application/json", BodyPublishers.ofByteArray(large)));
        fails(api.post(
                "tokens/add", "application/json", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))));
        String head = "POST " + Api.BASE + "tokens/add HTTP/1.1\r\nHost: localhost\r\nX-Mail: " + MAIL + "\r\n"
                + "Origin: https://" + VALUE + "\r\nX-Forwarded-For: " + VALUE + ", " + MAIL + "\r\n"
                + "Content-Type: application/json\r\n" + api.credentials();
        for (String request : List.of(
                VALUE + "\r\n\r\n",
                "GET /" + MAIL_NAME + " " + VALUE + "\r\n\r\n",
                "GET /" + VALUE.repeat(1_000) + " HTTP/1.1\r\n\r\n",
                head + VALUE + VALUE.repeat(1_000) + ": x\r\n\r\n",
                head + "bad header " + VALUE + "\r\n\r\n",
                head + "Content-Length: " + VALUE + "\r\n\r\n",
                head + "Content-Length: 1000\r\n\r\n" + VALUE,
                head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + VALUE + "\r\n\r\n",
                head + "Transfer-Encoding: " + VALUE + "\r\n\r\n")) {
            failures.add(api.raw(request));
        }
    }

    /** The audit log and the list of names to warm up hold names, in files of mode 0600: that is what they are for. */
    private void stateFiles() throws Exception {
        try (Stream<Path> all = Files.walk(server.stateDir())) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                String name = path.getFileName().toString();
                String content = Files.readString(path, StandardCharsets.ISO_8859_1);
                if (name.equals("warm.list") || name.equals("audit.log")) {
                    assertThat(content.contains("CANARY")
                                    || content.contains("eyJ")
                                    || content.contains(directory.toString()))
                            .as(name)
                            .isFalse();
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(name)
                            .isEqualTo("rw-------");
                } else if (!name.equals("admin.jwt")) {
                    assertClean(name, content);
                }
            }
        }
    }
}
