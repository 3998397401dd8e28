package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.PageQuery;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source that does what no source should: every request still gets an answer, and nothing grows without bound. */
class HostileSourceTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    /** A client of a cache over a source whose every method is this one. */
    private TokenCache over(UnaryOperator<CacheOptions> configure, BiFunction<String, Object[], Object> source) {
        TokenSource proxy = (TokenSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TokenSource.class},
                (self, method, arguments) -> source.apply(method.getName(), arguments));
        CacheOptions options = configure.apply(new CacheOptions().setBaseAddress("hostile"));
        await(harness.vertx.deployVerticle(new CacheVerticle(options, proxy)));
        return TokenCache.create(harness.vertx, new TokenCacheOptions().setBaseAddress("hostile"));
    }

    private static Future<TokenFile> file(TokenKey key) {
        return new FakeSource(new FakeClock()) {
            {
                edit(key.toString(), "{}");
            }
        }.read(key);
    }

    @Test
    void error_thrownBySource_isAnsweredAndEndsTheLoad() {
        TokenCache cache = over(options -> options.setMaxLoads(2), (method, arguments) -> {
            throw new StackOverflowError();
        });
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> await(cache.get("p", "a.json"))).hasMessage("internal_error");
            assertThatThrownBy(() -> await(cache.list("p"))).hasMessage("internal_error");
            assertThatThrownBy(() -> await(cache.projects())).hasMessage("internal_error");
            assertThatThrownBy(() -> await(cache.put(new TokenKey("p", "a.json"), "{}", Precondition.NONE)))
                    .hasMessage("internal_error");
        }
    }

    @Test
    void page_ofNamesThatAreNone_isAnswered() {
        List<String> names =
                IntStream.range(0, 200).mapToObj(i -> "bad name " + i).toList();
        TokenCache cache = over(
                options -> options,
                (method, arguments) -> Future.succeededFuture(TokenNames.read("p", names, System.nanoTime())));
        JsonArray tokens = await(cache.page(new PageQuery("p").setValues(true).setLimit(100))
                        .otherwise(new JsonObject().put("tokens", new JsonArray())))
                .getJsonArray("tokens");
        assertThat(tokens.size()).isLessThanOrEqualTo(100);
        await(cache.preload("p").otherwise(new TokenCache.PreloadResult(0, List.of())));
    }

    @Test
    void page_asLongAsCanBeWithOneLoadAtATime_isAnswered() {
        List<String> names =
                IntStream.range(0, 1_000).mapToObj(i -> "k" + i + ".json").toList();
        TokenCache cache = over(
                options -> options.setMaxLoads(1),
                (method, arguments) -> method.equals("list")
                        ? Future.succeededFuture(TokenNames.read("p", names, System.nanoTime()))
                        : file((TokenKey) arguments[0]));
        await(cache.page(new PageQuery("p").setValues(true).setLimit(1_000)));
        assertThat(await(cache.page(new PageQuery("p").setValues(true).setLimit(1_000)))
                        .getJsonArray("tokens"))
                .hasSize(1_000);
    }

    @Test
    void projectsAndAdds_whileTheSourceHangs_areBounded() {
        List<String> calls = new ArrayList<>();
        TokenCache cache = over(options -> options.setMaxLoads(4), (method, arguments) -> {
            calls.add(method);
            return Promise.promise().future();
        });
        JsonObject account = new JsonObject().put("email", "a@example.com").put("password", "fake");
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(cache.projects());
            waiting.add(cache.add("p", "password", account));
        }
        waiting.forEach(future -> future.onComplete(done -> {}));
        await(cache.stats());
        assertThat(calls.size()).isLessThanOrEqualTo(8);
    }

    @Test
    void start_withOptionsThatCannotBe_givesTheAddressBack() {
        CacheOptions wrong = new CacheOptions().setBaseAddress("other").setMaxBytes(-1);
        assertThatThrownBy(() -> await(harness.vertx.deployVerticle(new CacheVerticle(wrong, harness.source))))
                .isNotNull();
        await(harness.vertx.deployVerticle(
                new CacheVerticle(new CacheOptions().setBaseAddress("other"), harness.source)));
    }

    @Test
    void put_textThatIsNoUtf8_changesNothing() {
        TokenKey key = new TokenKey("p", "a.json");
        byte[] bytes = "{\"token\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> await(harness.cache.put(key, bytes, Precondition.NONE)))
                .hasMessage("invalid_token_file");
        assertThatThrownBy(() -> await(harness.cache.put(key, "{\"token\":\"\ud800\"}", Precondition.NONE)))
                .hasMessage("invalid_token_file");
        assertThatThrownBy(() -> await(harness.cache.add("p", "session", new JsonObject().put("token", "fake-\ud800"))))
                .hasMessage(Failure.BAD_REQUEST.machineName());
        assertThat(harness.source.picture()).isEmpty();
        await(harness.cache.put(key, "{\"token\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8), Precondition.NONE));
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"token\":\"\u00e9\"}");
    }
}
