package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bodies that the page on the event bus shows have the members and types of the real ones. */
@Timeout(60)
class BusPageIT {
    private static final Pattern BLOCK = Pattern.compile("(?s)```json\n(.*?)```");

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private Object ask(Operation operation, Object body) {
        return vertx.eventBus()
                .request(operation.address(Operation.DEFAULT_BASE_ADDRESS), body)
                .await()
                .body();
    }

    @Test
    void bodiesShown_andRealOnes_haveTheSameShape() throws Exception {
        Path project = Files.createDirectory(root.resolve("demo"));
        Files.writeString(project.resolve("bad.json"), "{\"a\":1,}");
        Files.writeString(
                project.resolve("good.json"),
                "{\"access_token\":\"not-a-real-token\",\"refresh_token\":\"not-a-real-token\","
                        + "\"expires_at\":\"2030-01-01T00:00:00Z\"}");
        EtagKey key = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
        FileTokenSource source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(key));
        vertx.deployVerticle(new CacheVerticle(new CacheOptions(), source)).await();
        Promise<JsonObject> changed = Promise.promise();
        vertx.eventBus().<JsonObject>consumer("token.cache.changed").handler(message -> complete(changed, message));
        JsonObject demo = new JsonObject().put("project", "demo");
        JsonObject session = new JsonObject().put("token", "not-a-real-token");

        List<Object> real = new ArrayList<>();
        real.add(ask(Operation.PAGE, demo));
        real.add(ask(Operation.PAGE, demo.copy().put("values", true).put("limit", 1)));
        real.add(ask(Operation.PROJECTS, null));
        real.add(ask(Operation.ADD, demo.copy().put("type", "session").put("data", session)));
        real.add(ask(Operation.PUT, demo.copy().put("filename", "new.json").put("json", "{}")));
        real.add(ask(Operation.PRELOAD, "demo"));
        real.add(ask(Operation.STATS, null));
        JsonObject first = changed.future().await();
        real.add(first);
        real.add(ask(Operation.EVENTS, new JsonObject().put("since", first.getString("origin") + "-0")));

        Iterator<Object> shown = shown().iterator();
        for (Object body : real) {
            assertThat(shape(shown.next())).isEqualTo(shape(body));
        }
        assertThat(shown).isExhausted();
    }

    private static void complete(Promise<JsonObject> changed, Message<JsonObject> message) {
        changed.tryComplete(message.body());
    }

    /** Every body on the page: a block is one, or one a line. */
    private static List<Object> shown() throws Exception {
        List<Object> shown = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("src", "docs", "bus.md")));
        while (blocks.find()) {
            List<String> lines = blocks.group(1).lines().toList();
            boolean each = lines.stream().allMatch(line -> line.matches("[{\\[].*[}\\]]"));
            for (String body : each ? lines : List.of(blocks.group(1))) {
                shown.add(Json.decodeValue(body));
            }
        }
        return shown;
    }

    /** Names and types without values; the elements of an array as a set. */
    private static Object shape(Object value) {
        if (value instanceof JsonObject object) {
            Map<String, Object> members = new TreeMap<>();
            object.forEach(member -> members.put(member.getKey(), shape(member.getValue())));
            return members;
        }
        if (value instanceof JsonArray array) {
            return array.stream().map(BusPageIT::shape).collect(Collectors.toCollection(HashSet::new));
        }
        if (value instanceof Number) {
            return "number";
        }
        return value == null ? "null" : value.getClass().getSimpleName();
    }
}
