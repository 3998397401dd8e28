package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACSigner;
import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.auth.Scope;
import dev.tokencache.contract.ReplyCheck;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Addresses that try bad credentials, told apart by a proxy's header: this machine counts as the proxy. */
@Timeout(120)
class ThrottleIT {
    private static final int MOST = 5;
    private static final String PATH = "tokens/get?project=demo&filename=a.json";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"made-up\"}");
        server = ServerProcess.start(
                directory, "auth.maxFailuresPerMinute=" + MOST, "http.trustedProxies=127.0.0.0/8,10.0.0.0/8");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String good() {
        return server.token(List.of(Scope.TOKENS_READ), "demo");
    }

    /** A token whose signature has to be checked to see that it is bad. */
    private static String forged(int number) throws Exception {
        String claims = "{\"exp\":" + (System.currentTimeMillis() / 1000 + 600) + ",\"x\":" + number + "}";
        return Forge.token("HS256", new MACSigner(Forge.random()), header -> header.keyID("main"), claims);
    }

    private static HttpResponse<byte[]> ask(String token, String forwarded) throws Exception {
        Api api = new Api(server.port(), token);
        return api.send(api.request(PATH).header("X-Forwarded-For", forwarded));
    }

    private static void fail(String forwarded) throws Exception {
        for (int i = 0; i < MOST; i++) {
            assertFails(ask("not.a.token" + i, forwarded), Failure.UNAUTHORIZED);
        }
    }

    /** How the server answers to many forged tokens sent at once; all are 401 or 429. */
    private static List<HttpResponse<byte[]>> storm(String forwarded) throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(CLIENT.sendAsync(
                    new Api(server.port(), forged(i))
                            .request(PATH)
                            .header("X-Forwarded-For", forwarded)
                            .build(),
                    BodyHandlers.ofByteArray()));
        }
        List<HttpResponse<byte[]>> done = new ArrayList<>();
        for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
            done.add(ReplyCheck.checked(answer.get(60, TimeUnit.SECONDS)));
        }
        assertThat(done).allMatch(answer -> answer.statusCode() == 401 || answer.statusCode() == 429);
        return done;
    }

    private static long count(List<HttpResponse<byte[]>> answers, int status) {
        return answers.stream().filter(answer -> answer.statusCode() == status).count();
    }

    /** Storms until somebody was throttled; between the checks of a second and the next one a storm may fit. */
    private static HttpResponse<byte[]> throttled(String forwarded) throws Exception {
        return Poll.until(Duration.ofSeconds(60), () -> storm(forwarded), answers -> count(answers, 429) > 0).stream()
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void badCredentials_beyondTheLimit_are429ForThatAddressAndNobodyElseNotices() throws Exception {
        String remembered = good();
        ok(ask(remembered, "192.0.2.1"));
        fail("192.0.2.1");

        HttpResponse<byte[]> refused = throttled("192.0.2.1");

        assertFails(refused, Failure.THROTTLED);
        assertThat(header(refused, "Retry-After")).isEqualTo("1");
        ok(ask(remembered, "192.0.2.1"));
        assertFails(ask("not.a.token", "192.0.2.1"), Failure.UNAUTHORIZED);
        ok(ask(good(), "192.0.2.2"));
        ok(new Api(server.port(), good()).get("demo", "a.json"));
        Poll.until(Duration.ofSeconds(30), () -> ask(good(), "192.0.2.1"), answer -> answer.statusCode() == 200);
    }

    @Test
    void badCredentials_withAnotherForgedHeaderEach_countForWhoSentThem() throws Exception {
        for (int i = 0; i < MOST; i++) {
            assertFails(ask("not.a.token", "203.0.113." + i + ", 192.0.2.3, 10.0.0.1"), Failure.UNAUTHORIZED);
        }

        throttled("192.0.2.3");
        for (int i = 0; i < MOST; i++) {
            assertFails(ask(forged(i), "203.0.113.1"), Failure.UNAUTHORIZED);
        }
    }

    @Test
    void badCredentials_fromOneIpv6Network_countTogether() throws Exception {
        for (int i = 0; i < MOST; i++) {
            assertFails(ask("not.a.token", "2001:db8:1:2::" + i), Failure.UNAUTHORIZED);
        }

        throttled("2001:db8:1:2:ffff::1");
    }

    @Test
    void missingCredentials_howeverOften_dontCount() throws Exception {
        for (int i = 0; i < 10 * MOST; i++) {
            assertFails(ask(null, "192.0.2.4"), Failure.UNAUTHORIZED);
        }

        for (int i = 0; i < MOST; i++) {
            assertFails(ask(forged(i), "192.0.2.4"), Failure.UNAUTHORIZED);
        }
    }
}
