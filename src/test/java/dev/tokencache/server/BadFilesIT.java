package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no token files, and names that lead to none, are said to be what they are. */
class BadFilesIT extends BadInputServer {
    @Test
    void get_everyBadFile_saysWhatItIsTwice() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (Map.Entry<String, Failure> file : input.files().expected().entrySet()) {
                HttpResponse<byte[]> response = input.admin().get("demo", file.getKey());
                assertThat(response.statusCode())
                        .as(file.getKey())
                        .isEqualTo(file.getValue().code());
                assertFails(response, file.getValue());
            }
        }
        ok(input.admin().get("demo", "inside.json"));
    }

    @Test
    void list_ofBadFiles_hasThoseThatAreRegularFiles() throws Exception {
        List<String> regular = new ArrayList<>(List.of("good.json", "inside.json"));
        input.files().expected().forEach((name, failure) -> {
            if (failure != Failure.NOT_FOUND) {
                regular.add(name);
            }
        });

        assertThat(strings(ok(input.admin().list("demo")).getJsonArray("tokens")))
                .containsExactlyInAnyOrderElementsOf(regular);
    }

    @Test
    void all_ofBadFiles_namesEachWithItsFailure() throws Exception {
        JsonObject page = ok(input.admin().get("tokens/all?project=demo&limit=1000"));

        for (Object each : page.getJsonArray("tokens")) {
            JsonObject token = (JsonObject) each;
            Failure failure = input.files().expected().get(token.getString("filename"));
            assertThat(token.getString("error")).isEqualTo(failure == null ? null : failure.machineName());
        }
        assertThat(page.encode()).doesNotContain("CANARY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory.json", "fifo.json", "outside.json", "loop.json", "dangling.json", "inside.json"})
    void delete_ofNoRegularFile_isAConflict(String filename) throws Exception {
        assertFails(
                input.admin()
                        .post(
                                "tokens/delete",
                                new JsonObject().put("project", "demo").put("filename", filename)),
                Failure.NOT_REPLACEABLE);
    }

    @Test
    void delete_absent_makesNothing() throws Exception {
        JsonObject absent = new JsonObject().put("project", "none").put("filename", "a.json");

        assertFails(input.admin().post("tokens/delete", absent), Failure.NOT_FOUND);
        assertThat(directory.resolve("accounts/none")).doesNotExist();
    }
}
