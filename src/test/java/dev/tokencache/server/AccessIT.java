package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokencache.Failure;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may not gets the same answer whatever is there, and the checks come in their order. */
class AccessIT extends BadInputServer {
    private static final String CANARY = BadInput.CANARY;

    static Stream<Arguments> strangers() {
        String good = input.server().token(List.of(Scope.values()), "*");
        byte[] key = SigningKeyFile.read(input.server().stateDir().resolve("signing.key"));
        byte[] otherKey = new byte[32];
        Clock yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
        return Stream.of(
                arguments("none", null),
                arguments("empty", ""),
                arguments("scheme alone", "Bearer"),
                arguments("no token", "Bearer "),
                arguments("other scheme", "Basic " + good),
                arguments("no scheme", good),
                arguments("two", "Bearer " + good + ", Bearer " + good),
                arguments("words", "Bearer " + CANARY),
                arguments("parts", "Bearer a.b.c"),
                arguments("no signature", "Bearer " + good.substring(0, good.lastIndexOf('.') + 1)),
                arguments("cut", "Bearer " + good.substring(0, good.length() - 2)),
                arguments("padded", "Bearer " + good + "="),
                arguments("expired", "Bearer " + issue(key, yesterday)),
                arguments("other key", "Bearer " + issue(otherKey, Clock.systemUTC())));
    }

    private static String issue(byte[] secret, Clock clock) {
        return JwtIssuer.issue(
                "main",
                "HS256",
                secret,
                "tester",
                Set.of(Scope.values()),
                Set.of("*"),
                Duration.ofHours(1),
                null,
                null,
                clock);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void anyRoute_withoutAGoodToken_is401(String what, String authorization) throws Exception {
        for (String path : List.of(
                "tokens/get?project=demo&filename=good.json",
                "tokens/get?project=none&filename=good.json",
                "tokens/get?project=..",
                "cache/stats")) {
            var request = input.nobody().request(path);
            HttpResponse<byte[]> response = input.nobody()
                    .send(authorization == null ? request : request.header("Authorization", authorization));
            assertFails(response, Failure.UNAUTHORIZED);
            assertThat(header(response, "WWW-Authenticate")).isEqualTo("Bearer");
        }
    }

    @Test
    void anyRoute_withoutTheRight_is403WhetherTheProjectExistsOrNot() throws Exception {
        Api otherScope = input.server().api(List.of(Scope.TOKENS_LIST), "*");
        Api otherProject = input.server().api(List.of(Scope.TOKENS_READ), "other");
        Api noProject = input.server().api(List.of(Scope.TOKENS_READ));

        for (Api caller : List.of(otherScope, otherProject, noProject)) {
            for (String project : List.of("demo", "none")) {
                for (String filename : List.of("good.json", "none.json", "torn.json")) {
                    assertFails(caller.get(project, filename), Failure.FORBIDDEN);
                    assertFails(caller.get(project, filename), Failure.FORBIDDEN);
                }
            }
        }
        assertFails(
                otherScope.post(
                        "tokens/delete", new JsonObject().put("project", "demo").put("filename", "good.json")),
                Failure.FORBIDDEN);
        assertFails(otherScope.get("cache/stats"), Failure.FORBIDDEN);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        // The route comes before the token, the token before the body, the body before the right.
        "POST, /nothing, NOT_FOUND, false",
        "GET, tokens/add, METHOD_NOT_ALLOWED, false",
        "POST, tokens/add, UNAUTHORIZED, false",
        "POST, tokens/add, UNSUPPORTED_MEDIA_TYPE, true",
        "GET, tokens/get?x=1, BAD_REQUEST, true",
        "GET, tokens/get?project=none&filename=a.json, FORBIDDEN, true"
    })
    void refusals_ofSeveralKinds_comeInOrder(String method, String path, Failure failure, boolean known)
            throws Exception {
        Api caller = known ? input.server().api(List.of(Scope.METRICS_READ), "demo") : input.nobody();

        assertFails(
                caller.send(caller.request(path)
                        .header("Content-Type", "text/plain")
                        .method(method, BodyPublishers.ofString(CANARY))),
                failure);
    }
}
