package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.cache.CacheOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cache, watcher and HTTP undeployed and deployed again in any order, with edits in between: what is up serves the truth,
 * what is down is said to be, and once all are up again every edit is seen. The time-to-live is far longer than the test, so
 * nothing is right by running out.
 */
@Timeout(60)
class LifecycleIT {
    private enum Part {
        CACHE,
        WATCHER,
        HTTP
    }

    private static final int STEPS = 60;

    @TempDir
    Path directory;

    private final Map<Part, String> deployed = new EnumMap<>(Part.class);
    private final long seed = Long.getLong("lifecycle.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private HttpStack stack;
    private int version;

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(directory, options -> options);
        edit();
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    private void deploy(Part part) throws Exception {
        deployed.put(
                part,
                switch (part) {
                    case CACHE -> stack.deployCache(new CacheOptions());
                    case WATCHER -> stack.deployWatcher();
                    case HTTP -> stack.deployHttp(true);
                });
    }

    private void undeploy(Part part) throws Exception {
        stack.undeploy(deployed.remove(part));
    }

    private boolean isUp(Part part) {
        return deployed.containsKey(part);
    }

    private String content() {
        return "{\"token\":\"made-up\",\"version\":" + version + "}";
    }

    private void edit() throws Exception {
        version++;
        Path temp = directory.resolve("next");
        Files.writeString(temp, content());
        Files.createDirectories(stack.root.resolve("demo"));
        Files.move(temp, stack.root.resolve("demo/a.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The version that is served; 0 for none. */
    private int served() throws Exception {
        HttpResponse<String> response = stack.get("tokens/get?project=demo&filename=a.json");
        if (response.statusCode() == 404) {
            return 0;
        }
        assertThat(response.statusCode()).as("seed %d", seed).isEqualTo(200);
        return new JsonObject(response.body()).getJsonObject("data").getInteger("version");
    }

    private int onDisk() {
        return Files.exists(stack.root.resolve("demo/a.json")) ? version : 0;
    }

    private void awaitTruth() throws Exception {
        Poll.untilTrue(() -> served() == onDisk());
        awaitCount("demo", onDisk() == 0 ? 0 : 1);
    }

    @Test
    void undeployAndDeploy_everyOrder_servesTheTruthAgain() throws Exception {
        for (List<Part> down : orders(List.of(Part.values()))) {
            for (List<Part> up : orders(List.of(Part.values()))) {
                for (Part part : up) {
                    deploy(part);
                }
                awaitTruth();
                edit();
                awaitTruth();
                for (Part part : down) {
                    undeploy(part);
                    edit();
                    if (!isUp(Part.CACHE) && isUp(Part.HTTP)) {
                        assertThat(served()).as("past the cache").isEqualTo(version);
                    }
                }
            }
        }
    }

    @Test
    void watcherAway_filesGoAndComeMeanwhile_showOnceItIsBack() throws Exception {
        for (Part part : Part.values()) {
            deploy(part);
        }
        stack.put("demo/stays.json", "{}");
        stack.put("gone/a.json", "{}");
        awaitCount("demo", 2);
        awaitCount("gone", 1);
        assertThat(served()).isEqualTo(version);

        undeploy(Part.WATCHER);
        Files.delete(stack.root.resolve("demo/a.json"));
        stack.put("demo/new.json", "{}");
        Files.delete(stack.root.resolve("gone/a.json"));
        Files.delete(stack.root.resolve("gone"));
        deploy(Part.WATCHER);

        Poll.untilTrue(() -> served() == 0);
        awaitCount("demo", 2);
        awaitCount("gone", 0);
        assertThat(stack.get("tokens/list?project=demo").body()).contains("[\"new.json\",\"stays.json\"]");
    }

    private void awaitCount(String project, int count) throws Exception {
        Poll.untilTrue(
                () -> new JsonObject(stack.get("tokens/list?project=" + project).body()).getInteger("count") == count);
    }

    private static List<List<Part>> orders(List<Part> parts) {
        if (parts.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Part>> orders = new ArrayList<>();
        for (Part first : parts) {
            List<Part> others = new ArrayList<>(parts);
            others.remove(first);
            for (List<Part> rest : orders(others)) {
                List<Part> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }

    @Test
    void randomSteps_anyMixOfPartsAndEdits_convergesAndNeverLies() throws Exception {
        System.out.println("LifecycleIT: seed " + seed + " (-Dlifecycle.seed)");
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    Part part = Part.values()[random.nextInt(3)];
                    if (isUp(part)) {
                        undeploy(part);
                    } else {
                        deploy(part);
                    }
                }
                case 3 -> edit();
                case 4 -> Files.deleteIfExists(stack.root.resolve("demo/a.json"));
                default -> deleteThroughTheCache();
            }
            check();
        }
        for (Part part : Part.values()) {
            if (!isUp(part)) {
                deploy(part);
            }
        }
        awaitTruth();
    }

    private void deleteThroughTheCache() throws Exception {
        if (!isUp(Part.HTTP)) {
            return;
        }
        boolean was = onDisk() != 0;
        HttpResponse<String> response =
                stack.send("POST", "tokens/delete", "{\"project\":\"demo\",\"filename\":\"a.json\"}");
        if (isUp(Part.CACHE)) {
            assertThat(response.statusCode()).as("seed %d", seed).isEqualTo(was ? 200 : 404);
            assertThat(served()).as("read your delete, seed %d", seed).isZero();
        } else {
            assertThat(response.statusCode()).as("seed %d", seed).isEqualTo(503);
            assertThat(onDisk() != 0).isEqualTo(was);
        }
    }

    private void check() throws Exception {
        if (!isUp(Part.HTTP)) {
            return;
        }
        // The answer is kept for half a second.
        Poll.untilTrue(() -> stack.get("/health/ready").statusCode() == (isUp(Part.CACHE) ? 200 : 503));
        if (!isUp(Part.CACHE)) {
            assertThat(served()).as("past the cache, seed %d", seed).isEqualTo(onDisk());
        } else if (isUp(Part.WATCHER)) {
            awaitTruth();
        } else {
            assertThat(served()).as("some version, seed %d", seed).isBetween(0, version);
        }
    }
}
