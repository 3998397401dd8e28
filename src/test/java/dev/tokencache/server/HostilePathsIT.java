package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile names in the paths of tokens, and in the lines of an import: never a byte from outside the project, in or out. */
@Timeout(300)
class HostilePathsIT extends BadInputServer {
    private static final String TOKENS = "/api/v0/tokens/";
    private static final String BODY = "{\"token\":\"made-up-too\"}";

    private static String send(String method, String path, Api caller) throws Exception {
        String head =
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + caller.credentials();
        return switch (method) {
            // The condition keeps whole what a name that is cut short may lead to.
            case "PUT" ->
                caller.raw(head + "Content-Type: application/json\r\nIf-Match: \"no such tag\"\r\n" + "Content-Length: "
                        + BODY.length() + "\r\n\r\n" + BODY);
            case "PATCH" ->
                caller.raw(head + "Content-Type: application/merge-patch+json\r\nIf-Match: \"no such tag\"\r\n"
                        + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY);
            case "DELETE" -> caller.raw(head + "If-Match: \"no such tag\"\r\n\r\n");
            default -> caller.raw(head + "\r\n");
        };
    }

    private static void assertRefused(String reply, String what) {
        assertThat(reply).as(what).matches("(?s)HTTP/1\\.[01] (400|404) .*");
        assertHarmless(reply, what);
    }

    private static void assertHarmless(String reply, String what) {
        assertThat(reply).as(what).doesNotContain(BadFiles.CANARY, "root:", "X-Injected");
    }

    /** What of a form is still the path; the rest is a query, a fragment or another line. */
    private static String pathOf(String form) {
        return form.split("[?#& \r\n]", 2)[0];
    }

    @Test
    void filename_inPaths_isRefusedByEveryMethod() throws Exception {
        for (byte[] name : HostileNames.all()) {
            for (String form : HostileNames.inQueries(name)) {
                for (String method : List.of("GET", "HEAD", "PUT", "PATCH", "DELETE")) {
                    String reply = send(method, TOKENS + "demo/" + form, input.admin());
                    if (TokenKey.isFilename(pathOf(form))) {
                        assertHarmless(reply, method + " " + form);
                    } else {
                        assertRefused(reply, method + " " + form);
                    }
                }
                // A caller that is not known yet goes the longer way.
                assertHarmless(
                        send("GET", TOKENS + "demo/" + form, input.server().admin()), form);
            }
        }
    }

    @Test
    void project_inPaths_isRefused() throws Exception {
        for (byte[] name : HostileNames.all()) {
            for (String form : HostileNames.inQueries(name)) {
                if (TokenKey.isProject(pathOf(form))) {
                    continue;
                }
                assertRefused(send("GET", TOKENS + form + "/good.json", input.admin()), form);
                // What is left before a question mark is the path of a project, which knows no PUT.
                assertThat(send("PUT", TOKENS + form + "/good.json", input.admin()))
                        .as(form)
                        .matches("(?s)HTTP/1\\.[01] (400|404|405) .*");
                if (!TokenKey.isProject(new String(name, UTF_8))
                        && !TokenKey.isProject(form.split("[;&# \r\n]", 2)[0])) {
                    assertRefused(send("GET", Api.BASE + "tokens/export?project=" + form, input.admin()), form);
                }
            }
        }
    }

    @Test
    void filename_inLinesOfAnImport_isRefusedForItsLine() throws Exception {
        List<String> names = new ArrayList<>(HostileNames.texts());
        String lines = names.stream()
                .map(name -> new JsonObject()
                        .put("filename", name)
                        .put("data", new JsonObject(BODY))
                        .encode())
                .collect(Collectors.joining("\n"));

        HttpResponse<byte[]> response = input.admin()
                .post(
                        "tokens/import?project=demo",
                        "application/x-ndjson",
                        BodyPublishers.ofByteArray(lines.getBytes(UTF_8)));

        List<JsonObject> answers =
                new String(response.body(), UTF_8).lines().map(JsonObject::new).toList();
        assertThat(answers)
                .hasSize(names.size())
                .allSatisfy(answer -> assertThat(answer.getString("error")).isEqualTo("invalid_name"));
    }

    @Test
    void bytesThatAreNoText_inLinesOfAnImport_areRefusedForTheirLine() throws Exception {
        for (byte[] name : HostileNames.all()) {
            String line = "{\"filename\":\"" + new String(name, ISO_8859_1) + "\",\"data\":{}}";
            HttpResponse<byte[]> response = input.admin()
                    .post(
                            "tokens/import?project=demo",
                            "application/x-ndjson",
                            BodyPublishers.ofByteArray(line.getBytes(ISO_8859_1)));

            assertThat(new String(response.body(), UTF_8).lines())
                    .as(line)
                    .isNotEmpty()
                    .allSatisfy(answer -> assertThat(new JsonObject(answer).getInteger("status"))
                            .isEqualTo(400));
        }
    }
}
