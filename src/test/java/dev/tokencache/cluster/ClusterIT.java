package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.ClusterAddresses;
import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.PageQuery;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Scope;
import dev.tokencache.http.Pems;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two cache nodes on one root and a front node, with TLS and secret. No watcher looks by itself: what one node knows of the
 * other's changes it was told. The cluster is one for all tests, since each takes seconds to form; the last ones break it.
 */
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final String VALUE = "made-up-value-";

    @TempDir
    static Path directory;

    private static TestNode first;
    private static TestNode second;
    private static TestNode front;
    private static TokenCache cache;
    private static int number;

    @BeforeAll
    static void form() throws Exception {
        ClusterOptions options = TestNode.secured(directory, Pems.authority("cluster"));
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("demo"));
        Files.createDirectories(root.resolve("other"));
        first = TestNode.join(options, "first", null).serve(root);
        second = TestNode.join(options, "second", first).serve(root);
        front = TestNode.join(options, "front", first);
        String token = TestNode.token(TestNode.ALL, "*");
        cache = front.front(() -> token);
    }

    @AfterAll
    static void close() {
        for (TestNode node : Arrays.asList(front, second, first)) {
            if (node != null) {
                node.close();
            }
        }
    }

    private static TokenKey key(String project) {
        return new TokenKey(project, "t" + ++number + ".json");
    }

    private static String json(Object value) {
        return "{\"token\":\"" + VALUE + value + "\"}";
    }

    private static String text(TokenCache cache, TokenKey key) {
        var file = cache.get(key).await();
        return file == null ? null : new String(file.bytes(), StandardCharsets.UTF_8);
    }

    /** Asks until the answer is right; the questions are all the pause it needs. */
    private static void until(Callable<Boolean> right) throws Exception {
        long start = System.nanoTime();
        while (!right.call()) {
            assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
        }
    }

    private static void refused(Failure failure, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TokenCacheException.class, e -> assertThat(e.failure()).isEqualTo(failure));
    }

    @Test
    @Order(1)
    void aWriteOnOneNode_isSeenOnTheOtherThoughThatHasTheOldValueInMemory() throws Exception {
        TokenKey key = key("demo");
        first.local().put(key, json(1), Precondition.NONE).await();
        until(() -> json(1).equals(text(second.local(), key)));

        first.local().put(key, json(2), Precondition.NONE).await();
        until(() -> json(2).equals(text(second.local(), key)));

        second.local().delete(key, Precondition.NONE).await();
        until(() -> text(first.local(), key) == null);
    }

    @Test
    @Order(2)
    void aFollowerOnTheOtherNode_isToldOnce() throws Exception {
        TokenKey key = key("demo");
        List<TokenChange> told = new CopyOnWriteArrayList<>();
        Promise<Void> heard = Promise.promise();
        var changes = second.local().onChange(change -> {
            if (change.filename().equals(key.filename())) {
                told.add(change);
                heard.tryComplete();
            }
        });
        changes.completion().await();

        first.local().put(key, json(1), Precondition.NONE).await();
        heard.future().timeout(20, TimeUnit.SECONDS).await();

        assertThat(told).extracting(TokenChange::kind).containsExactly(TokenChange.Kind.ADDED);
        changes.unregister().await();
    }

    @Test
    @Order(3)
    void hintsBetweenNodes_holdNoValue() throws Exception {
        TokenKey key = key("demo");
        List<String> hints = new CopyOnWriteArrayList<>();
        ClusterAddresses addresses = new ClusterAddresses(Operation.DEFAULT_BASE_ADDRESS);
        var spy = front.vertx
                .eventBus()
                .<Object>consumer(addresses.changed(), message -> hints.add(String.valueOf(message.body())));
        spy.completion().await();
        // Until the spy is known to the node, which takes a moment, hints pass it by.
        until(() -> {
            first.local().put(key, json(++number), Precondition.NONE).await();
            return !hints.isEmpty();
        });
        until(() -> json(number).equals(text(second.local(), key)));
        assertThat(hints).allMatch(hint -> hint.contains(key.filename()) && !hint.contains(VALUE));
        spy.unregister().await();
    }

    @Test
    @Order(3)
    void whatANodeWasTold_itDoesNotTellBack() throws Exception {
        TokenKey key = key("demo");
        Promise<Void> told = Promise.promise();
        var changes = second.local().onChange(change -> {
            if (change.filename().equals(key.filename())) {
                told.tryComplete();
            }
        });
        changes.completion().await();
        long before = second.exposed.figures().getLong("hintsSent");

        // Nobody reads it there meanwhile: a read may find it before it is told of.
        first.local().put(key, json(1), Precondition.NONE).await();
        told.future().timeout(20, TimeUnit.SECONDS).await();
        // One more message to the same event loop behind it: what was to be sent is counted by then.
        DeliveryOptions all = new DeliveryOptions()
                .addHeader(ClusterAddresses.AUTHORIZATION, "Bearer " + TestNode.token(TestNode.ALL, "*"));
        second.vertx
                .eventBus()
                .request(
                        new ClusterAddresses(Operation.DEFAULT_BASE_ADDRESS).of(second.exposed.node(), Operation.STATS),
                        null,
                        all)
                .await();

        assertThat(second.exposed.figures().getLong("hintsSent")).isEqualTo(before);
        changes.unregister().await();
    }

    @Test
    @Order(4)
    void aFrontNode_readsItsOwnWrites_andStaysWithOneNode() throws Exception {
        TokenKey key = key("demo");
        for (int i = 0; i < 20; i++) {
            cache.put(key, json(i), Precondition.NONE).await();
            assertThat(text(cache, key)).isEqualTo(json(i));
        }
        assertThat(cache.node()).startsWith(cache.node().startsWith("first-") ? "first-" : "second-");
        assertThat(cache.list("demo").await().contains(key.filename())).isTrue();
        assertThat(cache.page(new PageQuery("demo")).await().getJsonArray("tokens"))
                .isNotEmpty();
        assertThat(cache.stats().await().getJsonObject("cache")).isNotNull();
    }

    @Test
    @Order(5)
    void aFollowerOnAFrontNode_isToldWithoutWaitingForThePoll() throws Exception {
        TokenKey key = key("demo");
        Promise<Void> ready = Promise.promise();
        Promise<TokenChange> told = Promise.promise();
        var feed = cache.onChange(
                change -> {
                    if (change.filename().equals(key.filename())) {
                        told.tryComplete(change);
                    }
                },
                ready::tryComplete);
        ready.future().timeout(20, TimeUnit.SECONDS).await();
        feed.started().await();

        first.local().put(key, json(1), Precondition.NONE).await();

        assertThat(told.future().timeout(8, TimeUnit.SECONDS).await().project()).isEqualTo("demo");
        feed.close().await();
    }

    @Test
    @Order(6)
    void aMessage_withoutAGoodToken_is401AndTellsNothing() {
        TokenKey key = key("demo");
        first.local().put(key, json(1), Precondition.NONE).await();
        String forged = TestNode.token(
                "another fixture that signs nothing".getBytes(StandardCharsets.UTF_8),
                TestNode.ALL,
                Clock.systemUTC(),
                "*");
        String expired =
                TestNode.token(TestNode.KEY, TestNode.ALL, Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)), "*");

        for (String token : Arrays.asList(null, forged, expired, "x", "")) {
            TokenCache stranger = front.front(() -> token);
            refused(Failure.UNAUTHORIZED, () -> stranger.get(key).await());
            refused(
                    Failure.UNAUTHORIZED,
                    () -> stranger.put(key, json(2), Precondition.NONE).await());
        }
        assertThat(text(first.local(), key)).isEqualTo(json(1));
    }

    @Test
    @Order(7)
    void scopesAndProjects_areThoseOfHttp() {
        TokenKey mine = key("demo");
        TokenKey others = new TokenKey("other", mine.filename());
        first.local().put(mine, json(1), Precondition.NONE).await();
        first.local().put(others, json(1), Precondition.NONE).await();
        String token = TestNode.token(List.of(Scope.TOKENS_READ, Scope.STATS_READ, Scope.CACHE_ADMIN), "demo");
        TokenCache reader = front.front(() -> token);

        assertThat(text(reader, mine)).isEqualTo(json(1));
        refused(Failure.FORBIDDEN, () -> reader.get(others).await());
        refused(Failure.FORBIDDEN, () -> reader.get("absent", "a.json").await());
        refused(Failure.FORBIDDEN, () -> reader.getAll(List.of(mine, others)).await());
        refused(
                Failure.FORBIDDEN,
                () -> reader.put(mine, json(2), Precondition.NONE).await());
        refused(Failure.FORBIDDEN, () -> reader.delete(mine, Precondition.NONE).await());
        refused(Failure.FORBIDDEN, () -> reader.list("demo").await());
        refused(Failure.FORBIDDEN, () -> reader.clear().await());
        refused(Failure.FORBIDDEN, () -> reader.preload("other").await());
        refused(Failure.FORBIDDEN, () -> reader.projects().await());
        assertThat(reader.stats().await().getJsonObject("stats").fieldNames()).containsExactly("demo");
        assertThat(text(first.local(), mine)).isEqualTo(json(1));
    }

    @Test
    @Order(8)
    void hostileBodies_getAFailure_andHarmNothing() throws Exception {
        ClusterAddresses addresses = new ClusterAddresses(Operation.DEFAULT_BASE_ADDRESS);
        DeliveryOptions all = new DeliveryOptions()
                .addHeader(ClusterAddresses.AUTHORIZATION, "Bearer " + TestNode.token(TestNode.ALL, "*"));
        for (Operation operation : Operation.values()) {
            if (BusRights.isExposed(operation) && operation != Operation.PROJECTS && operation != Operation.STATS) {
                for (Object body :
                        new Object[] {17, new JsonArray().add(5), "../../etc", new JsonObject().put("project", 3)}) {
                    Future<?> reply = front.vertx.eventBus().request(addresses.any(operation), body, all);
                    if (operation != Operation.EVENTS || !(body instanceof JsonObject)) {
                        assertThatThrownBy(reply::await)
                                .as(operation + " " + body)
                                .isInstanceOfSatisfying(
                                        ReplyException.class,
                                        e -> assertThat(e.failureCode()).isBetween(400, 499));
                    }
                }
            }
        }
        front.vertx.eventBus().publish(addresses.changed(), new JsonObject().put("changes", 5));
        front.vertx.eventBus().publish(addresses.changed(), "no hint");
        assertThat(cache.stats().await()).isNotNull();
    }

    @Test
    @Order(9)
    void aPartition_healed_hintsAndRequestsArriveAgain() throws Exception {
        List<TestNode> nodes = List.of(first, second, front);
        DISCARD discard = new DISCARD();
        discard.discardAll(true);
        second.member.channel().getProtocolStack().insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
        until(() -> second.member.members() == 1 && first.member.members() == 2);
        TokenKey key = key("demo");
        cache.put(key, json(1), Precondition.NONE)
                .recover(lost -> Future.succeededFuture())
                .await();

        discard.discardAll(false);
        second.member.channel().getProtocolStack().removeProtocol(DISCARD.class);

        until(() -> nodes.stream().allMatch(node -> node.member.members() == 3));
        until(() -> {
            first.local().put(key, json(++number), Precondition.NONE).await();
            return json(number).equals(text(second.local(), key));
        });
        until(() -> {
            second.local().put(key, json(++number), Precondition.NONE).await();
            return json(number).equals(text(first.local(), key));
        });
    }

    @Test
    @Order(10)
    void aNodeThatLeaves_isReplaced_readsGoOn() throws Exception {
        TokenKey key = key("demo");
        cache.put(key, json(1), Precondition.NONE).await();
        String before = cache.node();
        TestNode gone = before.startsWith("first-") ? first : second;
        gone.vertx.undeploy(gone.exposed.deploymentID()).await();

        assertThat(text(cache, key)).isEqualTo(json(1));
        assertThat(cache.node()).isNotEqualTo(before);
    }
}
