package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Operation;
import dev.tokencache.PageQuery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens a page shows, against plain filters. {@code -Dpages.seed=N} replays a run. */
class PageFiltersTest {
    private static final List<String> PREFIXES = List.of("", "a", "a_", "b_1", "c", "a_17.json", "a_17.js", "Z");

    private CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    /** All pages of a query, one after the other. */
    private List<JsonObject> pages(PageQuery query) {
        PageQuery next = new PageQuery(query);
        List<JsonObject> pages = new ArrayList<>();
        do {
            pages.add(await(harness.cache.page(next)));
            next.setCursor(pages.get(pages.size() - 1).getString("cursor"));
        } while (next.getCursor() != null);
        return pages;
    }

    private static List<String> names(List<JsonObject> pages) {
        List<String> names = new ArrayList<>();
        for (JsonObject page : pages) {
            JsonArray tokens = page.getJsonArray("tokens");
            for (int i = 0; i < tokens.size(); i++) {
                names.add(tokens.getJsonObject(i).getString("filename"));
            }
        }
        return names;
    }

    private List<String> names(PageQuery query) {
        return names(pages(query));
    }

    @Test
    void page_anyCombinationOfFilters_showsWhatMeetsAllOfThem() {
        long seed = Long.getLong("pages.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (boolean roomy : new boolean[] {true, false}) {
            harness.close();
            harness = new CacheHarness(options -> roomy ? options : options.setMaxBytes(5_000));
            Map<String, String> files = new TreeMap<>();
            for (int i = 0; i < 150; i++) {
                String name = "abc".charAt(i % 3) + "_" + i + ".json";
                files.put(name, content(random));
                harness.source.edit("p/" + name, files.get(name));
            }
            for (int i = 0; i < 60; i++) {
                PageQuery query = query(random);
                String step = "seed " + seed + ", roomy " + roomy + ", query " + i + ": ";
                List<String> expected = new ArrayList<>();
                int unknown = 0;
                for (Map.Entry<String, String> file : files.entrySet()) {
                    if (!file.getKey().startsWith(query.getPrefix())) {
                        continue;
                    }
                    boolean filtering = query.getExpired() != null
                            || query.getExpiringWithin() != null
                            || query.getInvalid() != null;
                    if (file.getValue().equals(FakeSource.LOCKED) && filtering) {
                        unknown++;
                    } else if (!filtering || matches(file.getValue(), query)) {
                        expected.add(file.getKey());
                    }
                }
                List<JsonObject> pages = pages(query);
                assertThat(names(pages)).as(step).isEqualTo(expected);
                assertThat(pages.stream()
                                .mapToInt(page -> page.getInteger("unknown"))
                                .sum())
                        .as(step + "unknown")
                        .isEqualTo(unknown);
                checkItems(step, query, files, pages);
                harness.clock.advance(Duration.ofSeconds(random.nextInt(100)));
                if (random.nextInt(4) == 0) {
                    harness.scan();
                }
            }
        }
    }

    private String content(Random random) {
        long expiry = harness.clock.currentMillis() + random.nextInt(8_000_000) - 4_000_000;
        return switch (random.nextInt(6)) {
            case 0 -> "{}";
            case 1 -> "torn";
            case 2 -> random.nextInt(5) == 0 ? FakeSource.LOCKED : "{\"v\":1}";
            default -> "{\"expires\":" + expiry + "}";
        };
    }

    private static PageQuery query(Random random) {
        Boolean[] either = {null, true, false};
        return new PageQuery("p")
                .setValues(random.nextBoolean())
                .setLimit(1 + random.nextInt(random.nextBoolean() ? 5 : 200))
                .setPrefix(PREFIXES.get(random.nextInt(PREFIXES.size())))
                .setExpired(either[random.nextInt(3)])
                .setInvalid(either[random.nextInt(3)])
                .setExpiringWithin(random.nextInt(3) > 0 ? null : Duration.ofSeconds(random.nextInt(5_000)));
    }

    private boolean matches(String content, PageQuery query) {
        boolean invalid = content.equals("torn");
        boolean states = content.contains("expires");
        long left = states
                ? Long.parseLong(content.replaceAll("[^0-9]", "")) - harness.clock.currentMillis()
                : Long.MAX_VALUE;
        boolean expired = left <= 0;
        boolean soon = query.getExpiringWithin() == null
                || (!expired && left <= query.getExpiringWithin().toMillis());
        return (query.getInvalid() == null || query.getInvalid() == invalid)
                && (query.getExpired() == null || query.getExpired() == expired)
                && soon;
    }

    private static void checkItems(String step, PageQuery query, Map<String, String> files, List<JsonObject> pages) {
        for (JsonObject page : pages) {
            JsonArray tokens = page.getJsonArray("tokens");
            assertThat(tokens.size()).as(step).isLessThanOrEqualTo(query.getLimit());
            for (int i = 0; i < tokens.size(); i++) {
                JsonObject item = tokens.getJsonObject(i);
                String content = files.get(item.getString("filename"));
                boolean valid = content.startsWith("{");
                String error = content.equals("torn") ? "invalid_token_file" : "storage_unreadable";
                if (query.isValues()) {
                    assertThat(valid ? item.getString("json") : item.getString("error"))
                            .as(step)
                            .isEqualTo(valid ? content : error);
                } else if (content.equals(FakeSource.LOCKED)) {
                    assertThat(item.getValue("valid")).as(step).isNull();
                    assertThat(item.getString("reason")).as(step).isEqualTo(error);
                } else {
                    assertThat(item.getBoolean("valid")).as(step).isEqualTo(valid);
                    assertThat(item.getInteger("size")).as(step).isEqualTo(content.length());
                }
            }
        }
    }

    @Test
    void page_atTheMomentsThemselves_countsThemAsPastAndAsWithin() {
        long now = harness.clock.currentMillis();
        harness.source.edit("p/now.json", "{\"expires\":" + now + "}");
        harness.source.edit("p/then.json", "{\"expires\":" + (now + 60_000) + "}");
        PageQuery within = new PageQuery("p").setExpiringWithin(Duration.ofMillis(59_999));
        assertThat(names(new PageQuery("p").setExpired(true))).containsExactly("now.json");
        assertThat(names(new PageQuery("p").setExpired(false))).containsExactly("then.json");
        assertThat(names(within)).isEmpty();
        assertThat(names(within.setExpiringWithin(Duration.ofMinutes(1)))).containsExactly("then.json");
        assertThat(names(within.setExpiringWithin(Duration.ZERO))).isEmpty();
        assertThat(names(within.setExpiringWithin(PageQuery.MAX_EXPIRING_WITHIN)))
                .containsExactly("then.json");
        assertThat(names(within.setExpired(true))).isEmpty();
    }

    @Test
    void page_prefixWithTheCursorOfAnotherQuery_goesOnBehindItsName() {
        for (String name : List.of("a", "b1", "b2", "b3", "c")) {
            harness.source.edit("p/" + name + ".json", "{}");
        }
        String behindB1 =
                await(harness.cache.page(new PageQuery("p").setLimit(2))).getString("cursor");
        PageQuery query = new PageQuery("p").setPrefix("b").setCursor(behindB1);
        assertThat(names(query)).containsExactly("b2.json", "b3.json");
        assertThat(names(query.setPrefix("a"))).isEmpty();
        assertThat(names(query.setPrefix("c"))).containsExactly("c.json");
    }

    @Test
    void page_outOfRange_isRefused() {
        PageQuery longer = new PageQuery("p").setExpiringWithin(PageQuery.MAX_EXPIRING_WITHIN.plusMillis(1));
        assertRefused(longer);
        assertRefused(longer.setExpiringWithin(Duration.ofSeconds(Long.MAX_VALUE)));
        assertRefused(longer.setExpiringWithin(Duration.ofSeconds(Long.MIN_VALUE)));
        assertRefused(longer.setExpiringWithin(Duration.ofNanos(-1)));
        assertRefused(new PageQuery("p").setLimit(0));
        assertRefused(new PageQuery("p").setLimit(PageQuery.MAX_LIMIT + 1));
        assertRefused(new PageQuery("p").setCursor("%%"));
        assertRefused(new PageQuery("p").setPrefix("a/"));
        assertThatThrownBy(() -> await(harness.cache.page(new PageQuery("..")))).hasMessage("invalid_name");
        assertThat(names(new PageQuery("absent"))).isEmpty();
    }

    private void assertRefused(PageQuery query) {
        assertThatThrownBy(() -> await(harness.cache.page(query))).hasMessage("bad_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"project\":1}",
                "{\"project\":\"p\",\"values\":\"true\"}",
                "{\"project\":\"p\",\"values\":1}",
                "{\"project\":\"p\",\"limit\":\"10\"}",
                "{\"project\":\"p\",\"limit\":1.5}",
                "{\"project\":\"p\",\"limit\":4294967297}",
                "{\"project\":\"p\",\"limit\":99999999999999999999999}",
                "{\"project\":\"p\",\"cursor\":7}",
                "{\"project\":\"p\",\"cursor\":\"\"}",
                "{\"project\":\"p\",\"prefix\":{}}",
                "{\"project\":\"p\",\"prefix\":\"..\"}",
                "{\"project\":\"p\",\"expired\":\"false\"}",
                "{\"project\":\"p\",\"expired\":0}",
                "{\"project\":\"p\",\"expiringWithin\":\"1h\"}",
                "{\"project\":\"p\",\"expiringWithin\":-1}",
                "{\"project\":\"p\",\"expiringWithin\":9223372036854775807}",
                "{\"project\":\"p\",\"expiringWithin\":true}",
                "{\"project\":\"p\",\"invalid\":[]}"
            })
    void page_bodyOfWrongTypes_isRefused(String body) {
        String address = Operation.PAGE.address(Operation.DEFAULT_BASE_ADDRESS);
        assertThatThrownBy(() -> await(harness.vertx.eventBus().request(address, new JsonObject(body))))
                .hasMessage("bad_request");
    }

    @Test
    void page_membersThatAreNull_countAsNotGiven() {
        harness.source.edit("p/a.json", "{}");
        JsonObject body = new JsonObject().put("project", "p");
        for (String name : List.of("values", "limit", "cursor", "prefix", "expired", "expiringWithin", "invalid")) {
            body.putNull(name);
        }
        String address = Operation.PAGE.address(Operation.DEFAULT_BASE_ADDRESS);
        JsonObject page = (JsonObject)
                await(harness.vertx.eventBus().request(address, body)).body();
        assertThat(names(List.of(page))).containsExactly("a.json");
    }
}
