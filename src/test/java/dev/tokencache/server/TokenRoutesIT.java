package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.json;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static dev.tokencache.server.Api.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of tokens, with the exact shape of each reply. */
class TokenRoutesIT extends ManagementServer {
    @Test
    void list_ofSeveral_isSortedWithExactFields() throws Exception {
        for (String name : List.of("b.json", "a.json", "_c.json", "Z.json", "a-b.json", "not-listed.txt", ".h.json")) {
            put("sorted", name, "{}");
        }

        HttpResponse<byte[]> response = api.list("sorted");

        assertThat(text(response))
                .isEqualTo("{\"success\":true,\"project\":\"sorted\",\"count\":5,"
                        + "\"tokens\":[\"Z.json\",\"_c.json\",\"a-b.json\",\"a.json\",\"b.json\"]}");
        ok(response);
        assertThat(header(response, "X-Cache")).isEqualTo("MISS");
        assertThat(header(response, "Age")).isEqualTo("0");
        assertThat(header(api.list("sorted"), "X-Cache")).isEqualTo("HIT");
    }

    @Test
    void list_absentProject_countsNone() throws Exception {
        assertThat(text(api.list("absent")))
                .isEqualTo("{\"success\":true,\"project\":\"absent\",\"count\":0,\"tokens\":[]}");
        assertThat(server.root().resolve("absent")).doesNotExist();
    }

    @Test
    void get_twice_isMissThenHitWithTheFilesOwnBytes() throws Exception {
        String content =
                "{ \"token\" : \"made-up\",\n\t\"n\": 1.10, \"big\": 12345678901234567890, \"u\": \"\\u00e9é\" }\n";
        put("bytes", "a@b+c.json", content);

        HttpResponse<byte[]> first = api.get("bytes", "a@b%2Bc.json");
        HttpResponse<byte[]> second = api.get("bytes", "a%40b%2bc.json");

        String envelope =
                "{\"success\":true,\"project\":\"bytes\",\"filename\":\"a@b+c.json\",\"data\":" + content + "}";
        assertThat(text(first)).isEqualTo(envelope);
        assertThat(text(second)).isEqualTo(envelope);
        ok(first);
        ok(second);
        assertThat(header(first, "X-Cache")).isEqualTo("MISS");
        assertThat(header(second, "X-Cache")).isEqualTo("HIT");
        assertThat(header(first, "Age")).isEqualTo("0");
        assertThat(header(second, "Age")).matches("[0-9]|[1-5][0-9]");
    }

    @Test
    void get_absent_is404ForAllCallersAlike() throws Exception {
        put("some", "a.json", "{}");

        assertFails(api.get("some", "b.json"), Failure.NOT_FOUND);
        assertFails(api.get("none", "b.json"), Failure.NOT_FOUND);
        assertFails(api.get("none", "b.json"), Failure.NOT_FOUND);
    }

    @Test
    void addSession_storesExactFieldsUnderAFreeMillisecond() throws Exception {
        Instant before = Instant.now();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            JsonObject added = add(
                    "sessions", new JsonObject().put("token", "made-up-" + i).put("device_id", "device"), "session");
            assertThat(added.fieldNames()).containsExactlyInAnyOrder("success", "message", "filename", "project");
            assertThat(added.getBoolean("success")).isTrue();
            assertThat(added.getString("message")).isEqualTo("Token added.");
            assertThat(added.getString("project")).isEqualTo("sessions");
            names.add(added.getString("filename"));
        }

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("session-[0-9]{13}\\.json"));
        assertThat(Long.parseLong(names.get(0).replaceAll("[^0-9]", "")))
                .isBetween(before.toEpochMilli(), Instant.now().toEpochMilli());
        Path file = server.root().resolve("sessions").resolve(names.get(3));
        JsonObject stored = new JsonObject(Files.readString(file));
        assertThat(stored.fieldNames()).containsExactlyInAnyOrder("token", "device_id", "type", "created_at");
        assertThat(stored.getString("token")).isEqualTo("made-up-3");
        assertThat(stored.getString("type")).isEqualTo("session");
        assertThat(stored.getInstant("created_at")).isBetween(before.minusMillis(1), Instant.now());
        assertThat(Files.readString(file)).startsWith("{\n  \"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(json(api.get("sessions", names.get(3))).getJsonObject("data"))
                .isEqualTo(stored);
        assertThat(strings(json(api.list("sessions")).getJsonArray("tokens"))).containsExactlyElementsOf(names);
    }

    @Test
    void addPassword_sameAccount_replacesItsFile() throws Exception {
        JsonObject first = add("mail", password("user+tag@example.com"), "password");
        assertThat(first.getString("filename")).isEqualTo("user_tag_example_com.json");
        assertThat(json(api.get("mail", "user_tag_example_com.json"))
                        .getJsonObject("data")
                        .fieldNames())
                .containsExactlyInAnyOrder("email", "password", "type", "created_at");

        JsonObject second = add("mail", password("user+tag@example.com").put("token", "made-up-second"), "password");

        assertThat(second.getString("filename")).isEqualTo("user_tag_example_com.json");
        assertThat(second.getString("message")).isEqualTo("Token replaced.");
        assertThat(json(api.get("mail", "user_tag_example_com.json"))
                        .getJsonObject("data")
                        .getString("token"))
                .isEqualTo("made-up-second");
        assertThat(json(api.list("mail")).getInteger("count")).isEqualTo(1);
    }

    @Test
    void addPassword_anotherAccountOfThatName_takesTheNextNumber() throws Exception {
        assertThat(add("clash", password("a.b@example.com"), "password").getString("filename"))
                .isEqualTo("a_b_example_com.json");
        assertThat(add("clash", password("a+b@example.com"), "password").getString("filename"))
                .isEqualTo("a_b_example_com_2.json");
        assertThat(add("clash", password("a-b@example.com"), "password").getString("filename"))
                .isEqualTo("a_b_example_com_3.json");

        JsonObject again = add("clash", password("a+b@example.com").put("token", "made-up"), "password");

        assertThat(again.getString("filename")).isEqualTo("a_b_example_com_2.json");
        assertThat(again.getString("message")).isEqualTo("Token replaced.");
        assertThat(json(api.list("clash")).getInteger("count")).isEqualTo(3);
    }

    @Test
    void addPassword_mobile_namesTheFileAfterIt() throws Exception {
        JsonObject data = new JsonObject().put("mobile", "+49 30 000").put("password", "made-up");

        assertThat(add("mobile", data, "password").getString("filename")).isEqualTo("_49_30_000.json");
    }

    @Test
    void delete_present_removesTheFileThenIs404() throws Exception {
        Path file = put("removal", "a.json", "{}");
        assertThat(json(api.list("removal")).getInteger("count")).isEqualTo(1);

        JsonObject deleted = ok(api.post("tokens/delete", key("removal", "a.json")));

        assertThat(deleted)
                .isEqualTo(new JsonObject()
                        .put("success", true)
                        .put("message", "Token deleted.")
                        .put("filename", "a.json")
                        .put("project", "removal"));
        assertThat(file).doesNotExist();
        assertFails(api.get("removal", "a.json"), Failure.NOT_FOUND);
        assertThat(json(api.list("removal")).getInteger("count")).isZero();
        assertFails(api.post("tokens/delete", key("removal", "a.json")), Failure.NOT_FOUND);
    }

    @Test
    void all_inPages_hasEveryTokenOnceInOrderAndNamesInvalidOnes() throws Exception {
        for (int i = 0; i < 7; i++) {
            put("paged", "t" + i + ".json", i == 3 ? "not json" : "{\"n\": " + i + ".50}");
        }
        List<String> pages = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = ok(api.get("tokens/all?project=paged&limit=3" + cursor));
            assertThat(page.fieldNames())
                    .containsExactlyInAnyOrder("success", "project", "tokens", "cursor", "unknown");
            pages.add(page.getJsonArray("tokens").encode());
            cursor = page.getString("cursor") == null ? null : "&cursor=" + page.getString("cursor");
        } while (cursor != null);

        assertThat(pages).hasSize(3);
        assertThat(pages.get(1))
                .isEqualTo(
                        "[{\"filename\":\"t3.json\",\"error\":\"invalid_token_file\"},"
                                + "{\"filename\":\"t4.json\",\"data\":{\"n\":4.5}},{\"filename\":\"t5.json\",\"data\":{\"n\":5.5}}]");
        assertThat(text(api.get("tokens/all?project=paged&limit=1")))
                .startsWith("{\"success\":true,\"project\":\"paged\",\"tokens\":[{\"filename\":\"t0.json\",\"data\":"
                        + "{\"n\": 0.50}}],\"cursor\":\"");
    }

    @Test
    void all_aNameGoneBehindTheCursor_goesOnBehindIt() throws Exception {
        put("gone", "a.json", "{}");
        Path second = put("gone", "b.json", "{}");
        put("gone", "c.json", "{}");
        String cursor = ok(api.get("tokens/all?project=gone&limit=2")).getString("cursor");
        Files.delete(second);

        JsonObject rest = ok(api.get("tokens/all?project=gone&limit=2&cursor=" + cursor));

        assertThat(rest.getJsonArray("tokens").encode()).isEqualTo("[{\"filename\":\"c.json\",\"data\":{}}]");
        assertThat(rest.containsKey("cursor")).isTrue();
        assertThat(rest.getString("cursor")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=-1", "limit=1e2", "limit=", "cursor=%25", "cursor=Li4v"})
    void all_badPage_is400(String query) throws Exception {
        assertFails(api.get("tokens/all?project=paged&" + query), Failure.BAD_REQUEST);
    }
}
