package dev.tokencache.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 15})
    void version_ofWholeFiles_isTheOneWritten(int key) {
        for (long version : new long[] {1, 27, 1_000_000}) {
            assertThat(Value.version(new JsonObject(Value.file(key, version)))).isEqualTo(version);
        }
        assertThat(Value.file(key, 1)).hasSameSizeAs(Value.file(key, 1_000_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 15})
    void version_ofAnyMixOfTwo_isNobodys(int key) {
        String one = Value.file(key, 1);
        String two = Value.file(key, 2);
        int first = 0;
        while (one.charAt(first) == two.charAt(first)) {
            first++;
        }
        int last = one.length() - 1;
        while (one.charAt(last) == two.charAt(last)) {
            last--;
        }
        int step = Math.max(1, (last - first) / 100);
        for (int cut = first + 1; cut <= last; cut += step) {
            JsonObject mix = new JsonObject(two.substring(0, cut) + one.substring(cut));
            assertThat(Value.version(mix)).as("cut at %d", cut).isEqualTo(Value.NOBODYS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"token\":1}", "{\"token\":\"made-up\"}"})
    void version_ofAnythingElse_isNobodys(String file) {
        assertThat(Value.version(new JsonObject(file))).isEqualTo(Value.NOBODYS);
    }
}
