package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.ClusterAddresses;
import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.PageQuery;
import dev.tokencache.Poll;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
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

    /** Asks until the answer is right. What a busy machine makes late is asked again: that is no wrong answer. */
    private static void until(Callable<Boolean> right) throws Exception {
        Poll.untilTrue(PATIENCE, () -> answersRight(right));
    }

    private static boolean answersRight(Callable<Boolean> right) throws Exception {
        try {
            return right.call();
        } catch (TokenCacheException e) {
            if (e.failure() == Failure.CACHE_UNREACHABLE) {
                return false;
            }
            throw e;
        }
    }

    /** Refuses in the end, and does nothing else. */
    private static void refused(Failure failure, Supplier<Future<?>> call) throws Exception {
        until(() -> {
            try {
                call.get().await();
                throw new AssertionError("not refused");
            } catch (TokenCacheException e) {
                if (e.failure() != Failure.CACHE_UNREACHABLE) {
                    assertThat(e.failure()).isEqualTo(failure);
                }
                return e.failure() == failure;
            }
        });
    }

    private static DeliveryOptions all() {
        return new DeliveryOptions()
                .addHeader(ClusterAddresses.AUTHORIZATION, "Bearer " + TestNode.token(TestNode.ALL, "*"));
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
        heard.future().timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).await();

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
        List<String> news = new CopyOnWriteArrayList<>();
        var reader = front.vertx
                .eventBus()
                .<Object>consumer(addresses.news(), message -> news.add(String.valueOf(message.body())));
        spy.completion().await();
        reader.completion().await();
        // Until the spies are known to the node, which takes a moment, hints pass them by.
        until(() -> {
            first.local().put(key, json(++number), Precondition.NONE).await();
            return hints.stream().anyMatch(hint -> hint.contains(key.filename())) && !news.isEmpty();
        });
        until(() -> json(number).equals(text(second.local(), key)));
        assertThat(hints).noneMatch(hint -> hint.contains(VALUE));
        assertThat(news).allMatch(each -> new JsonObject(each).fieldNames().equals(Set.of("node")));
        reader.unregister().await();
        spy.unregister().await();
    }

    @Test
    @Order(3)
    void whatANodeWasTold_itDoesNotTellBack() throws Exception {
        ClusterAddresses addresses = new ClusterAddresses(Operation.DEFAULT_BASE_ADDRESS);
        TokenKey key = key("demo");
        TokenKey own = key("demo");
        Set<String> hints = ConcurrentHashMap.newKeySet();
        var spy = front.vertx.eventBus().<Object>consumer(addresses.changed(), message -> {
            if (String.valueOf(message.body()).contains(second.exposed.node())) {
                hints.add(String.valueOf(message.body()));
            }
        });
        spy.completion().await();
        until(() -> {
            second.local().put(own, json(++number), Precondition.NONE).await();
            return hints.stream().anyMatch(hint -> hint.contains(own.filename()));
        });
        Promise<Void> told = Promise.promise();
        var changes = second.local().onChange(change -> {
            if (change.filename().equals(key.filename())) {
                told.tryComplete();
            }
        });
        changes.completion().await();

        // Nobody reads it there meanwhile: a read may find it before it is told of.
        first.local().put(key, json(1), Precondition.NONE).await();
        told.future().timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).await();
        // What the node says later comes behind what it said before.
        TokenKey later = key("demo");
        second.local().put(later, json(1), Precondition.NONE).await();
        until(() -> hints.stream().anyMatch(hint -> hint.contains(later.filename())));

        assertThat(hints).noneMatch(hint -> hint.contains(key.filename()));
        changes.unregister().await();
        spy.unregister().await();
    }

    @Test
    @Order(4)
    void aFrontNode_readsItsOwnWrites_ofTheNodeItStaysWith() throws Exception {
        TokenKey key = key("demo");
        for (int i = 0; i < 20; i++) {
            String value = json(i);
            until(() -> {
                cache.put(key, value, Precondition.NONE).await();
                String writtenTo = cache.node();
                String read = text(cache, key);
                boolean stayed = writtenTo != null && writtenTo.equals(cache.node());
                assertThat(!stayed || value.equals(read)).isTrue();
                return stayed;
            });
        }
        until(() -> cache.list("demo").await().contains(key.filename()));
        until(() -> !cache.page(new PageQuery("demo"))
                .await()
                .getJsonArray("tokens")
                .isEmpty());
        until(() -> cache.stats().await().getJsonObject("cache") != null);
    }

    @Test
    @Order(5)
    void aFollowerOnAFrontNode_isTold() throws Exception {
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
        ready.future().timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).await();
        feed.started().await();

        first.local().put(key, json(1), Precondition.NONE).await();

        assertThat(told.future()
                        .timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .await()
                        .project())
                .isEqualTo("demo");
        feed.close().await();
    }

    @Test
    @Order(6)
    void aMessage_withoutAGoodToken_is401AndTellsNothing() throws Exception {
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
            refused(Failure.UNAUTHORIZED, () -> stranger.get(key));
            refused(Failure.UNAUTHORIZED, () -> stranger.put(key, json(2), Precondition.NONE));
        }
        assertThat(text(first.local(), key)).isEqualTo(json(1));
    }

    @Test
    @Order(7)
    void scopesAndProjects_areThoseOfHttp() throws Exception {
        TokenKey mine = key("demo");
        TokenKey others = new TokenKey("other", mine.filename());
        first.local().put(mine, json(1), Precondition.NONE).await();
        first.local().put(others, json(1), Precondition.NONE).await();
        String token = TestNode.token(List.of(Scope.TOKENS_READ, Scope.STATS_READ, Scope.CACHE_ADMIN), "demo");
        TokenCache reader = front.front(() -> token);

        until(() -> json(1).equals(text(reader, mine)));
        refused(Failure.FORBIDDEN, () -> reader.get(others));
        refused(Failure.FORBIDDEN, () -> reader.get("absent", "a.json"));
        refused(Failure.FORBIDDEN, () -> reader.getAll(List.of(mine, others)));
        refused(Failure.FORBIDDEN, () -> reader.put(mine, json(2), Precondition.NONE));
        refused(Failure.FORBIDDEN, () -> reader.delete(mine, Precondition.NONE));
        refused(Failure.FORBIDDEN, () -> reader.list("demo"));
        refused(Failure.FORBIDDEN, () -> reader.clear());
        refused(Failure.FORBIDDEN, () -> reader.preload("other"));
        refused(Failure.FORBIDDEN, () -> reader.projects());
        until(() -> reader.stats().await().getJsonObject("stats").fieldNames().equals(Set.of("demo")));
        assertThat(text(first.local(), mine)).isEqualTo(json(1));
    }

    @Test
    @Order(8)
    void hostileBodies_getAFailure_andHarmNothing() throws Exception {
        ClusterAddresses addresses = new ClusterAddresses(Operation.DEFAULT_BASE_ADDRESS);
        for (Operation operation : Operation.values()) {
            if (BusRights.isExposed(operation) && operation != Operation.PROJECTS && operation != Operation.STATS) {
                for (Object body :
                        new Object[] {17, new JsonArray().add(5), "../../etc", new JsonObject().put("project", 3)}) {
                    Future<?> reply = front.vertx.eventBus().request(addresses.any(operation), body, all());
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
        until(() -> cache.stats().await() != null);
    }

    @Test
    @Order(8)
    void whenAnotherGateTakesThePlace_itsKeysCount() throws Exception {
        TokenKey key = key("demo");
        byte[] otherKey = "another fixture that signs nothing".getBytes(StandardCharsets.UTF_8);
        String other = TestNode.token(otherKey, TestNode.ALL, Clock.systemUTC(), "*");
        TokenCache stranger = front.front(() -> other);
        refused(Failure.UNAUTHORIZED, () -> stranger.put(key, json(1), Precondition.NONE));

        first.exposed.replace(first.gate(otherKey));
        second.exposed.replace(second.gate(otherKey));

        until(() -> {
            stranger.put(key, json(1), Precondition.NONE).await();
            return json(1).equals(text(stranger, key));
        });
        refused(Failure.UNAUTHORIZED, () -> cache.get(key));

        first.exposed.replace(first.gate(TestNode.KEY));
        second.exposed.replace(second.gate(TestNode.KEY));
        until(() -> json(1).equals(text(cache, key)));
        refused(Failure.UNAUTHORIZED, () -> stranger.get(key));
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
        ClusterAddresses addresses = new ClusterAddresses(Operation.DEFAULT_BASE_ADDRESS);
        for (TestNode node : List.of(first, second)) {
            until(() -> front.vertx
                    .eventBus()
                    .request(addresses.locate(node.exposed.node()), null, all().setSendTimeout(1_000))
                    .map(reply -> true)
                    .otherwise(false)
                    .await());
        }
    }

    @Test
    @Order(10)
    void aNodeThatLeaves_isReplaced_readsGoOn() throws Exception {
        TokenKey key = key("demo");
        first.local().put(key, json(1), Precondition.NONE).await();
        until(() -> json(1).equals(text(cache, key)));
        String before = cache.node();
        TestNode gone = before.startsWith("first-") ? first : second;
        gone.vertx.undeploy(gone.exposed.deploymentID()).await();

        until(() -> json(1).equals(text(cache, key)));
        assertThat(cache.node()).isNotNull().isNotEqualTo(before);
    }
}
