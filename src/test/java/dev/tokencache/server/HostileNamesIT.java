package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenKey;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hostile names on every route that takes one, sent as bytes over a socket, so that no client makes them better. The
 * server's directories hold files outside the project, which nobody may get to see; at the end all must be as it was.
 */
@Timeout(300)
class HostileNamesIT extends BadInputServer {
    private static final String END = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

    /** What a reply may be: a refusal without a byte of any file. A raw line break ends the request within its name. */
    private static void assertRefused(String reply, String what) {
        assertThat(reply).as(what).matches("(?s)HTTP/1\\.[01] (400|404) .*");
        assertThat(reply).as(what).doesNotContain(BadFiles.CANARY, "made-up", "root:", "X-Injected");
    }

    private static String get(Api caller, String target) throws Exception {
        return caller.raw("GET " + Api.BASE + target + END + caller.credentials() + "\r\n");
    }

    private static String post(String route, byte[] body) throws Exception {
        Api caller = input.admin();
        String head = "POST " + Api.BASE + route + END + caller.credentials() + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n";
        return caller.raw(head + new String(body, ISO_8859_1));
    }

    @Test
    void names_areManyAndAllAgainstTheRule() {
        assertThat(HostileNames.all()).hasSizeGreaterThan(80).doesNotHaveDuplicates();
        assertThat(HostileNames.texts()).noneMatch(TokenKey::isFilename);
    }

    @Test
    void filename_inQueries_isRefusedInEveryForm() throws Exception {
        for (byte[] name : HostileNames.all()) {
            for (String form : HostileNames.inQueries(name)) {
                for (Api caller : List.of(input.admin(), input.server().admin())) {
                    String reply = get(caller, "tokens/get?project=demo&filename=" + form);
                    // A name that a separator or the line's end cuts short is another one, and may be there.
                    if (!form.startsWith("good.json")) {
                        assertRefused(reply, form);
                    }
                    assertThat(reply).as(form).doesNotContain(BadFiles.CANARY, "root:");
                }
            }
        }
    }

    @Test
    void project_inQueries_isRefusedInEveryForm() throws Exception {
        for (byte[] name : HostileNames.all()) {
            if (isProject(new String(name, UTF_8))) {
                continue;
            }
            for (String form : HostileNames.inQueries(name)) {
                assertRefused(get(input.admin(), "tokens/get?project=" + form + "&filename=good.json"), form);
                assertRefused(get(input.admin(), "tokens/get?project=demo/" + form + "&filename=good.json"), form);
                for (String route : List.of("list", "all")) {
                    String reply = get(input.admin(), "tokens/" + route + "?project=" + form);
                    if (!isProject(form.split("[;&# \r\n]", 2)[0])) {
                        assertRefused(reply, form);
                    }
                    assertThat(reply).as(form).doesNotContain(BadFiles.CANARY, "root:");
                }
            }
        }
    }

    /** A few of them may be projects; those are just absent. */
    private static boolean isProject(String name) {
        return TokenKey.isProject(name);
    }

    @Test
    void filename_inBodies_isRefusedOnEveryRoute() throws Exception {
        for (String name : HostileNames.texts()) {
            for (String route : List.of("tokens/delete", "cache/invalidate")) {
                JsonObject file =
                        new JsonObject().put("project", BadFiles.PROJECT).put("filename", name);
                assertRefused(post(route, bytes(file)), name);
                assertRefused(post(route, escaped(file)), name);
            }
        }
    }

    @Test
    void project_inBodies_isRefusedOnEveryRoute() throws Exception {
        JsonObject token = new JsonObject().put("token", "made-up-too");
        for (String name : HostileNames.texts()) {
            if (isProject(name)) {
                continue;
            }
            JsonObject project = new JsonObject().put("project", name);
            JsonObject file = project.copy().put("filename", "good.json");
            JsonObject added = project.copy().put("type", "session").put("data", token);
            assertRefused(post("tokens/delete", bytes(file)), name);
            assertRefused(post("cache/invalidate", bytes(file)), name);
            assertRefused(post("cache/invalidate", escaped(project)), name);
            assertRefused(post("cache/preload", bytes(project)), name);
            assertRefused(post("tokens/add", bytes(added)), name);
        }
    }

    private static byte[] bytes(JsonObject body) {
        return body.encode().getBytes(UTF_8);
    }

    /** Every letter of every value as an escape of JSON. */
    private static byte[] escaped(JsonObject body) {
        StringBuilder text = new StringBuilder("{");
        body.forEach(member -> {
            text.append(text.length() == 1 ? "\"" : ",\"")
                    .append(member.getKey())
                    .append("\":\"");
            ((String) member.getValue()).chars().forEach(c -> text.append(String.format("\\u%04x", c)));
            text.append('"');
        });
        return text.append('}').toString().getBytes(UTF_8);
    }

    @Test
    void bytesThatAreNoText_inBodies_areRefused() throws Exception {
        for (byte[] name : HostileNames.all()) {
            String raw = "{\"project\":\"demo\",\"filename\":\"" + new String(name, ISO_8859_1) + "\"}";
            assertRefused(post("tokens/delete", raw.getBytes(ISO_8859_1)), raw);
        }
    }

    @Test
    void parametersAsArraysAndObjects_areRefused() throws Exception {
        for (String query : List.of(
                "project[]=demo&filename=good.json",
                "project=demo&filename[]=good.json",
                "project=demo&filename[0]=good.json",
                "project=demo&filename[$ne]=x",
                "project.x=demo&filename=good.json",
                "project=demo&filename=good.json&filename=../sibling/secret.json",
                "project=demo&project=sibling&filename=secret.json",
                "project=demo&filename=good.json&path=../sibling/secret.json")) {
            assertRefused(get(input.admin(), "tokens/get?" + query), query);
        }
        for (String body : List.of(
                "{\"project\":\"demo\",\"filename\":[\"good.json\"]}",
                "{\"project\":[\"demo\"],\"filename\":\"good.json\"}",
                "{\"project\":\"demo\",\"filename\":{\"name\":\"good.json\"}}",
                "{\"project\":\"demo\",\"filename\":1}",
                "{\"project\":\"demo\",\"filename\":true}",
                "{\"project\":\"demo\",\"filename\":\"good.json\",\"filename\":\"inside.json\"}")) {
            assertRefused(post("tokens/delete", body.getBytes(UTF_8)), body);
            assertRefused(post("cache/invalidate", body.getBytes(UTF_8)), body);
        }
    }

    @Test
    void callerOfOneProject_neverSeesItsSibling() throws Exception {
        Api caller = input.server().api(List.of(Scope.values()), BadFiles.PROJECT);
        assertThat(get(caller, "tokens/get?project=demo&filename=good.json")).startsWith("HTTP/1.1 200 ");
        assertThat(get(caller, "tokens/get?project=sibling&filename=secret.json"))
                .startsWith("HTTP/1.1 403 ");
        for (byte[] name : HostileNames.all()) {
            for (String form : HostileNames.inQueries(name)) {
                assertThat(get(caller, "tokens/all?project=demo&cursor=" + form))
                        .as(form)
                        .doesNotContain(BadFiles.CANARY, BadFiles.SIBLING + "\"", "root:");
            }
        }
    }
}
