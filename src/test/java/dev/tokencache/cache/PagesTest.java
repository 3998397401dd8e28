package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.PageQuery;
import dev.tokencache.TokenCacheException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How pages follow each other, how much one looks at, and its tag. {@code -Dpages.seed=N} replays a run. */
class PagesTest {
    private CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private JsonObject page(PageQuery query) {
        return await(harness.cache.page(query));
    }

    private static List<String> names(JsonObject page) {
        JsonArray tokens = page.getJsonArray("tokens");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            names.add(tokens.getJsonObject(i).getString("filename"));
        }
        return names;
    }

    @Test
    void pages_whileFilesComeAndGo_showNoNameTwiceAndMissNoneThatWasThereThroughout() {
        long seed = Long.getLong("pages.seed", new Random().nextLong());
        for (int run = 0; run < 15; run++) {
            harness.close();
            harness = new CacheHarness();
            new Churn(seed + run).play();
        }
    }

    /** One walk over all pages, with changes before, between and in the middle of them. */
    private final class Churn {
        private final String step;
        private final Random random;
        private final Set<String> there = new TreeSet<>();
        private final Set<String> everThere = new HashSet<>();
        private final Set<String> throughout = new TreeSet<>();

        Churn(long seed) {
            step = "seed " + seed;
            random = new Random(seed);
        }

        private String anyName() {
            return "k" + random.nextInt(400) + ".json";
        }

        private void write(String name) {
            harness.source.edit("p/" + name, random.nextInt(5) == 0 ? "torn" : "{\"v\":" + random.nextInt() + "}");
            there.add(name);
            everThere.add(name);
        }

        private void change() {
            String name = anyName();
            if (random.nextBoolean()) {
                write(name);
            } else if (harness.source.remove("p/" + name)) {
                there.remove(name);
                throughout.remove(name);
            }
        }

        void play() {
            for (int i = 0; i < 300; i++) {
                write(anyName());
            }
            harness.scan();
            throughout.addAll(there);
            PageQuery query = new PageQuery("p")
                    .setValues(random.nextBoolean())
                    .setLimit(1 + random.nextInt(60))
                    .setPrefix(random.nextInt(3) == 0 ? "k1" : null);
            List<String> shown = new ArrayList<>();
            do {
                JsonObject page = amidChanges(query);
                shown.addAll(names(page));
                query.setCursor(page.getString("cursor"));
                for (int i = random.nextInt(20); i > 0; i--) {
                    change();
                }
                if (random.nextInt(3) == 0) {
                    harness.scan();
                }
            } while (query.getCursor() != null);
            String prefix = query.getPrefix() == null ? "" : query.getPrefix();
            throughout.removeIf(name -> !name.startsWith(prefix));
            assertThat(shown).as(step).doesNotHaveDuplicates().isSorted().containsAll(throughout);
            assertThat(everThere).as(step).containsAll(shown);
        }

        private JsonObject amidChanges(PageQuery query) {
            harness.source.holdUnlooked();
            Future<JsonObject> page = harness.cache.page(query);
            while (!page.isComplete()) {
                if (random.nextInt(4) == 0) {
                    change();
                }
                if (random.nextInt(50) == 0) {
                    harness.scan();
                }
                if (!harness.source.releaseAny(random)) {
                    harness.settle();
                }
            }
            harness.source.stopHolding();
            return await(page);
        }
    }

    @Test
    void page_thatFindsNothing_endsAfterItsLoadsAndItsNamesAndGoesOn() {
        for (int i = 0; i < 12_000; i++) {
            harness.source.edit(String.format(Locale.ROOT, "p/k%05d.json", i), i == 11_000 ? "torn" : "{}");
        }
        PageQuery query = new PageQuery("p").setInvalid(true);
        List<String> found = new ArrayList<>();
        int pages = 0;
        do {
            int reads = harness.source.reads();
            JsonObject page = page(query);
            assertThat(harness.source.reads() - reads).isEqualTo(Pages.MAX_LOADS);
            found.addAll(names(page));
            query.setCursor(page.getString("cursor"));
            pages++;
        } while (query.getCursor() != null);
        assertThat(pages).isEqualTo(6);
        assertThat(found).containsExactly("k11000.json");

        int reads = harness.source.reads();
        JsonObject first = page(query);
        assertThat(names(first)).isEmpty();
        assertThat(PageRequest.cursor("k09999.json")).isEqualTo(first.getString("cursor"));
        JsonObject second = page(query.setCursor(first.getString("cursor")));
        assertThat(names(second)).containsExactly("k11000.json");
        assertThat(second.getString("cursor")).isNull();
        assertThat(harness.source.reads() - reads)
                .as("the invalid one, which no watcher vouches for")
                .isEqualTo(1);
        assertThat(names(page(new PageQuery("p").setLimit(2).setPrefix("k11999"))))
                .containsExactly("k11999.json");
    }

    @Test
    void page_whoseLoadsAllEndAtOnceOneByOne_doesNotGrowTheStack() {
        harness.close();
        harness = new CacheHarness(options -> options.setMaxLoads(1));
        for (int i = 0; i < 3_000; i++) {
            harness.source.edit("p/k" + i + ".json", "{}");
        }
        assertThat(page(new PageQuery("p").setExpired(true)).getString("cursor"))
                .isNotNull();
    }

    @Test
    void page_ofValuesWithAFilter_loadsOnlyWhatItShows() {
        harness.close();
        harness = new CacheHarness(options -> options.setMaxBytes(1));
        long now = harness.clock.currentMillis();
        for (int i = 0; i < 20; i++) {
            harness.source.edit("p/k" + i + ".json", "{\"expires\":" + (now + (i == 7 ? -1_000 : 1_000)) + "}");
        }
        page(new PageQuery("p"));
        int reads = harness.source.reads();
        assertThat(names(page(new PageQuery("p").setValues(true).setExpired(true))))
                .containsExactly("k7.json");
        assertThat(harness.source.reads() - reads).isEqualTo(1);
    }

    @Test
    void page_withNamesThatAreGone_isFilledFromBehindThem() {
        for (int i = 0; i < 10; i++) {
            harness.source.edit("p/k" + i + ".json", "{}");
        }
        await(harness.cache.list("p"));
        harness.source.remove("p/k1.json");
        harness.source.remove("p/k2.json");
        assertThat(names(page(new PageQuery("p").setLimit(3)))).containsExactly("k0.json", "k3.json", "k4.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"torn", FakeSource.LOCKED})
    void get_afterAPageHasSeenAFileThatWasAbsentAMomentAgo_isAFailureToo(String content) {
        harness.source.edit("p/other.json", "{}");
        assertThat(harness.get("p", "late.json")).isNull();
        harness.source.edit("p/late.json", content);
        assertThat(names(page(new PageQuery("p")))).containsExactly("late.json", "other.json");

        assertThatThrownBy(() -> harness.get("p", "late.json")).isInstanceOf(TokenCacheException.class);
    }

    @Test
    void etag_ofEqualPages_isEqual() {
        fixture();
        PageQuery all = new PageQuery("p");
        PageQuery values = new PageQuery("p").setValues(true);
        String etag = page(all).getString("etag");
        String valuesEtag = page(values).getString("etag");
        assertThat(etag).matches("[A-Za-z0-9_-]{22}").isNotEqualTo(valuesEtag);
        harness.clock.advance(Duration.ofSeconds(10));
        assertThat(page(all).getString("etag")).isEqualTo(etag);
        await(harness.cache.clear());
        assertThat(page(all).getString("etag")).isEqualTo(etag);
        harness.scan();
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.minusSeconds(5));
        await(harness.cache.clear());
        page(all);
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL);
        harness.scan();
        int reads = harness.source.reads();
        assertThat(page(all).getString("etag")).as("from records").isEqualTo(etag);
        assertThat(harness.source.reads()).isEqualTo(reads);
        assertThat(page(values).getString("etag")).isEqualTo(valuesEtag);

        harness.close();
        harness = new CacheHarness(options -> options.setMaxBytes(1));
        fixture();
        assertThat(page(all).getString("etag")).as("another start").isEqualTo(etag);
        assertThat(page(values).getString("etag")).isEqualTo(valuesEtag);
    }

    private void fixture() {
        harness.source.edit("p/a.json", "{}");
        harness.source.edit("p/b.json", "torn");
        harness.source.edit("p/c.json", "{\"expires\":" + (harness.clock.currentMillis() + 3_600_000) + "}");
    }

    @Test
    void etag_ofPagesThatDiffer_differs() {
        fixture();
        Set<String> etags = new HashSet<>();
        List<PageQuery> queries = List.of(
                new PageQuery("p"),
                new PageQuery("q"),
                new PageQuery("p").setLimit(2),
                new PageQuery("p").setExpired(false),
                new PageQuery("p").setInvalid(true),
                new PageQuery("p").setPrefix("a"),
                new PageQuery("p").setExpiringWithin(Duration.ofHours(2)),
                new PageQuery("p").setCursor(PageRequest.cursor("c.json")));
        queries.forEach(query -> etags.add(page(query).getString("etag")));
        assertThat(etags).hasSize(queries.size());

        List<Runnable> changes = List.of(
                () -> harness.source.edit("p/a.json", "{}"),
                () -> harness.source.edit("p/b.json", "{}"),
                () -> harness.source.edit("p/b.json", "torn"),
                () -> harness.source.remove("p/a.json"),
                () -> harness.source.edit("p/d.json", "{}"),
                () -> harness.source.edit("p/c.json", FakeSource.LOCKED));
        for (Runnable change : changes) {
            change.run();
            harness.scan();
            assertThat(etags.add(page(new PageQuery("p")).getString("etag"))).isTrue();
        }
    }

    @Test
    void etag_ofAPageThatHasBecomeTheLast_differsAndNamesBehindItDoNot() {
        fixture();
        PageQuery two = new PageQuery("p").setLimit(2);
        String etag = page(two).getString("etag");
        harness.source.edit("p/d.json", "{}");
        harness.scan();
        assertThat(page(two).getString("etag")).isEqualTo(etag);
        harness.source.remove("p/c.json");
        harness.source.remove("p/d.json");
        harness.scan();
        assertThat(page(two).getString("cursor")).isNull();
        assertThat(page(two).getString("etag")).isNotEqualTo(etag);
    }

    @Test
    void etag_ofAFilterByTime_followsWhatItLetsThrough() {
        fixture();
        PageQuery expired = new PageQuery("p").setExpired(true);
        String none = page(expired).getString("etag");
        harness.clock.advance(Duration.ofMinutes(59));
        assertThat(page(expired).getString("etag")).isEqualTo(none);
        harness.clock.advance(Duration.ofMinutes(1));
        assertThat(page(expired).getString("etag")).isNotEqualTo(none);
    }
}
