package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What the tests of faults share: one account whose file the server wrote, and waiting for an answer. */
final class Faults {
    /** The watch interval they run with. */
    static final String INTERVAL = "watch.interval=200ms";

    /** Within this an old value is gone: the interval, a scan and 2 s, and room for a busy machine. */
    static final Duration BOUND = Duration.ofSeconds(15);

    /** The file that {@link #add} writes. */
    static final String ACCOUNT = "user_example_com.json";

    private Faults() {}

    /** Stores or replaces the account's token. */
    static HttpResponse<byte[]> add(Api api, String project, String token) throws Exception {
        JsonObject data = new JsonObject()
                .put("email", "user@example.com")
                .put("password", "made-up")
                .put("token", token);
        return api.post(
                "tokens/add",
                new JsonObject().put("project", project).put("type", "password").put("data", data));
    }

    static HttpResponse<byte[]> delete(Api api, String project, String filename) throws Exception {
        return api.post(
                "tokens/delete", new JsonObject().put("project", project).put("filename", filename));
    }

    /** The account's token as the server serves it. */
    static String token(Api api, String project) throws Exception {
        return Api.ok(api.get(project, ACCOUNT)).getJsonObject("data").getString("token");
    }

    static void awaitFailure(Callable<HttpResponse<byte[]>> question, Failure failure) throws Exception {
        Poll.until(
                BOUND,
                question,
                reply -> reply.statusCode() == failure.code()
                        && failure.machineName().equals(Api.json(reply).getString("error")));
    }

    static void awaitStatus(Callable<HttpResponse<byte[]>> question, int status) throws Exception {
        Poll.until(BOUND, question, reply -> reply.statusCode() == status);
    }

    /** No temp file is left in a project's directory. */
    static void assertNoTemps(Path project) throws IOException {
        try (Stream<Path> names = Files.list(project)) {
            assertThat(names.map(name -> name.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    /** Runs a command to its end; its exit code. */
    static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
