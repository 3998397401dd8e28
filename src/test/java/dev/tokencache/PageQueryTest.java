package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The request that a query becomes. */
class PageQueryTest {
    @Test
    void toJson_hasOnlyWhatIsAskedFor() {
        assertThat(new PageQuery("p").toJson())
                .isEqualTo(new JsonObject()
                        .put("project", "p")
                        .put("values", false)
                        .put("limit", 100));
        PageQuery all = new PageQuery("p")
                .setValues(true)
                .setLimit(7)
                .setCursor("YS5qc29u")
                .setPrefix("a")
                .setExpired(false)
                .setExpiringWithin(Duration.ofHours(1))
                .setInvalid(true);
        JsonObject body = new JsonObject("{\"project\":\"p\",\"values\":true,\"limit\":7,\"cursor\":\"YS5qc29u\","
                + "\"prefix\":\"a\",\"expired\":false,\"expiringWithin\":3600000,\"invalid\":true}");
        assertThat(all.toJson().encode()).isEqualTo(body.encode());
        PageQuery copy = new PageQuery(all);
        all.setLimit(8).setPrefix("b").setExpired(null);
        assertThat(copy.toJson().encode()).isEqualTo(body.encode());
    }
}
