package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.server.SystemCalls.Call;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The order of the system calls behind an acknowledged write. A loss of power can't be made here; that the server asks for
 * everything to be on the disk before it replies can be seen. Needs {@code strace}.
 */
@Timeout(120)
class CrashSyncIT {
    private static final String TEMP = "\\.token-cache-[0-9a-f]+\\.tmp";

    @TempDir
    Path directory;

    private String root;
    private List<Call> calls;

    @Test
    void acknowledgedWrites_areSyncedBeforeTheirReplies() throws Exception {
        assumeTrue(SystemCalls.canTrace(), "strace is absent or may not trace");
        Path trace = directory.resolve("trace");
        Files.createDirectory(directory.resolve("accounts"));
        root = Pattern.quote(directory.resolve("accounts").toRealPath().toString());
        try (ServerProcess server = ServerProcess.startUnder(SystemCalls.tracer(trace), directory)) {
            Api api = server.admin();
            JsonObject account = new JsonObject().put("email", "a@example.com").put("password", "made-up");
            JsonObject add = new JsonObject()
                    .put("project", "demo")
                    .put("type", "password")
                    .put("data", account);
            ok(api.post("tokens/add", add));
            ok(api.post("tokens/add", add));
            ok(api.post(
                    "tokens/delete", new JsonObject().put("project", "demo").put("filename", "a_example_com.json")));
            server.terminate();
            server.awaitEnd(Duration.ofSeconds(30));
            calls = SystemCalls.read(trace, server.pid());
        }
        String demo = root + "/demo";
        String file = demo + "/a_example_com\\.json";
        Predicate<Call> project = call("mkdir|mkdirat", "\"" + demo + "\".*");
        Predicate<Call> syncRoot = sync(root);
        Predicate<Call> syncTemp = sync(demo + "/" + TEMP);
        Predicate<Call> link = call("link|linkat", ".*" + TEMP + "\".*a_example_com\\.json\".*");
        Predicate<Call> rename = call("rename|renameat|renameat2", ".*" + TEMP + "\".*a_example_com\\.json\".*");
        Predicate<Call> unlink = call("unlink|unlinkat", ".*a_example_com\\.json\".*");
        Predicate<Call> syncProject = sync(demo);

        List<Call> create = until(1);
        assertInOrder(create, project, syncRoot, CrashSyncIT::isReply);
        assertInOrder(create, project, syncTemp, link, syncProject, CrashSyncIT::isReply);
        assertInOrder(until(2), syncTemp, rename, syncProject, CrashSyncIT::isReply);
        assertInOrder(until(3), unlink, syncProject, CrashSyncIT::isReply);
        assertThat(calls)
                .as("a token file is never written in place")
                .noneMatch(call("write|writev|pwrite64|pwritev|ftruncate", "\\d+<" + file + ">.*"));
    }

    private static Predicate<Call> call(String names, String arguments) {
        Pattern pattern = Pattern.compile(arguments);
        return call ->
                call.name().matches(names) && pattern.matcher(call.arguments()).matches();
    }

    private static boolean isReply(Call call) {
        return call.name().matches("write|writev|sendto|sendmsg")
                && call.arguments().contains("\"HTTP/1.1 200");
    }

    private static Predicate<Call> sync(String path) {
        return call("fsync|fdatasync", "\\d+<" + path + ">\\).*");
    }

    /** The calls from one reply to the next, the latter with them, which is the one with that number, from 1 on. */
    private List<Call> until(int reply) {
        List<Call> part = new ArrayList<>();
        int replies = 0;
        for (Call call : calls) {
            if (replies == reply - 1) {
                part.add(call);
            }
            replies += isReply(call) ? 1 : 0;
        }
        assertThat(replies).isEqualTo(3);
        return part;
    }

    /** Each has ended before the next begins. */
    @SafeVarargs
    private static void assertInOrder(List<Call> calls, Predicate<Call>... steps) {
        int after = -1;
        for (int step = 0; step < steps.length; step++) {
            int last = after;
            Call found = calls.stream()
                    .filter(steps[step])
                    .filter(call -> call.begun() > last)
                    .findFirst()
                    .orElse(null);
            assertThat(found).as("step %d of a write, in its order", step + 1).isNotNull();
            after = found.ended();
        }
    }
}
