package dev.tokencache.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
    private static String apply(String target, String patch) throws MalformedContentException {
        byte[] merged =
                MergePatch.apply(target.getBytes(StandardCharsets.UTF_8), patch.getBytes(StandardCharsets.UTF_8));
        return new String(merged, StandardCharsets.UTF_8);
    }

    /** The examples of RFC 7396, appendix A, whose target and patch are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":\"b\"}|{\"a\":\"c\"}|{\"a\":\"c\"}",
                "{\"a\":\"b\"}|{\"b\":\"c\"}|{\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"}|{\"a\":null}|{}",
                "{\"a\":\"b\",\"b\":\"c\"}|{\"a\":null}|{\"b\":\"c\"}",
                "{\"a\":[\"b\"]}|{\"a\":\"c\"}|{\"a\":\"c\"}",
                "{\"a\":\"c\"}|{\"a\":[\"b\"]}|{\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}}|{\"a\":{\"b\":\"d\",\"c\":null}}|{\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]}|{\"a\":[1]}|{\"a\":[1]}",
                "{\"e\":null}|{\"a\":1}|{\"e\":null,\"a\":1}",
                "{}|{\"a\":{\"bb\":{\"ccc\":null}}}|{\"a\":{\"bb\":{}}}"
            })
    void apply_examplesOfTheRfc_giveItsResults(String target, String patch, String result) throws Exception {
        assertThat(apply(target, patch)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ \"a\": 1, \"b\": 2 }|{\"a\":null}|{ \"b\": 2 }",
                "{ \"a\": 1, \"b\": 2 }|{\"b\":null}|{ \"a\": 1 }",
                "{ \"a\": 1, \"b\": 2 }|{\"a\":null,\"b\":null}|{}",
                "{ \"a\": 1, \"b\": 2 }|{\"c\":3}|{ \"a\": 1, \"b\": 2, \"c\": 3 }",
                "{ \"a\": 1 ,\"b\": 2 }|{ }|{ \"a\": 1 ,\"b\": 2 }",
                "{ }|{\"a\":1}|{\"a\":1}",
                "{ }|{\"a\":null}|{ }",
                "  {\"a\":1}  |{\"a\":2}|  {\"a\":2}  ",
                "{\"n\":1.50e+02,\"x\":1}|{\"x\":2.00}|{\"n\":1.50e+02,\"x\":2.00}",
                "{\"\\u0061\":1,\"b\":2}|{\"a\":3}|{\"\\u0061\":3,\"b\":2}",
                "{\"a\\\"\\\\\":1}|{\"a\\\"\\\\\":null,\"b\":2}|{\"b\":2}",
                "{\"a\":{\"x\":[1, 2],\"y\":{ }}}|{\"a\":{\"z\":0}}|{\"a\":{\"x\":[1, 2],\"y\":{ },\"z\":0}}",
                "{\"a\":1}|{\"b\":{ \"c\" : [null], \"d\" : null }}|{\"a\":1,\"b\":{ \"c\" : [null] }}",
                "{\"a\":\"ä€𝄞\"}|{\"b\":\"ö\"}|{\"a\":\"ä€𝄞\",\"b\":\"ö\"}"
            })
    void apply_whateverTheLayout_keepsWhatThePatchDoesNotName(String target, String patch, String result)
            throws Exception {
        assertThat(apply(target, patch)).isEqualTo(result);
    }

    @Test
    void apply_fileOfSeveralLines_putsANewMemberOnItsOwn() throws Exception {
        String target = "{\n  \"token\": \"made-up\",\n  \"type\": \"session\"\n}\n";
        assertThat(apply(target, "{\"seen\":1}"))
                .isEqualTo("{\n  \"token\": \"made-up\",\n  \"type\": \"session\",\n  \"seen\": 1\n}\n");
        assertThat(apply(target, "{\"type\":null}")).isEqualTo("{\n  \"token\": \"made-up\"\n}\n");
        assertThat(apply(target, "{\"token\":null}")).isEqualTo("{\n  \"type\": \"session\"\n}\n");
        assertThat(apply(target, "{}")).isEqualTo(target);
    }

    @Test
    void apply_notAnObjectOrNotValid_isRefused() {
        for (String patch : new String[] {"[]", "null", "1", "\"x\"", "", "{\"a\":1,\"a\":2}", "{\"a\":}", "{} {}"}) {
            assertThatThrownBy(() -> apply("{}", patch)).as(patch).isInstanceOf(MalformedContentException.class);
            assertThatThrownBy(() -> apply(patch, "{}")).as(patch).isInstanceOf(MalformedContentException.class);
        }
    }

    @Test
    void apply_anyObjects_agreesWithTheRfcsAlgorithm() throws Exception {
        long seed = Long.getLong("patch.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            JsonObject target = object(random, 3);
            JsonObject patch = object(random, 3);
            String text = random.nextBoolean() ? target.encodePrettily() : target.encode();
            String merged = apply(text, random.nextBoolean() ? patch.encodePrettily() : patch.encode());
            assertThat(new JsonObject(merged))
                    .as("seed %d, %s with %s", seed, text, patch)
                    .isEqualTo(byTheRfc(target.copy(), patch));
            assertThat(apply(merged, "{}")).isEqualTo(merged);
        }
    }

    private static JsonObject object(Random random, int depth) {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.put("k" + random.nextInt(5), value(random, depth));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> null;
            case 1 -> random.nextInt(100);
            case 2 -> "text \"" + random.nextInt(10);
            case 3 -> new JsonArray().addNull().add(random.nextInt(9)).add(new JsonObject().putNull("n"));
            default -> object(random, depth - 1);
        };
    }

    private static JsonObject byTheRfc(JsonObject target, JsonObject patch) {
        for (Map.Entry<String, Object> member : patch) {
            if (member.getValue() == null) {
                target.remove(member.getKey());
            } else if (member.getValue() instanceof JsonObject change) {
                JsonObject old =
                        target.getValue(member.getKey()) instanceof JsonObject present ? present : new JsonObject();
                target.put(member.getKey(), byTheRfc(old, change));
            } else {
                target.put(member.getKey(), member.getValue());
            }
        }
        return target;
    }
}
