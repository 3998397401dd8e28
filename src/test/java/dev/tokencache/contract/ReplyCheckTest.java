package dev.tokencache.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The check of replies finds what it is there for. */
class ReplyCheckTest {
    private static final String LIST = "/api/v0/management/tokens/list";
    private static final String NAMES = "{\"success\":true,\"project\":\"demo\",\"count\":1,\"tokens\":[\"a.json\"]}";
    private static final String ABSENT =
            "{\"success\":false,\"statusCode\":404,\"error\":\"not_found\",\"message\":\"There is no such thing.\"}";

    private static Map<String, List<String>> headers(String... more) {
        Map<String, List<String>> headers = new TreeMap<>(Map.of(
                "Content-Type", List.of("application/json; charset=utf-8"),
                "Cache-Control", List.of("no-store"),
                "X-Content-Type-Options", List.of("nosniff")));
        for (int i = 0; i < more.length; i += 2) {
            if (more[i + 1] == null) {
                headers.remove(more[i]);
            } else {
                headers.put(more[i], List.of(more[i + 1]));
            }
        }
        return headers;
    }

    private static List<String> faults(String method, String path, int status, String body, String... headers) {
        return ReplyCheck.faults(method, path, status, headers(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> get(String body, String... more) {
        String[] all = new String[more.length + 6];
        System.arraycopy(new String[] {"ETag", "W/\"a1\"", "Age", "3", "X-Cache", "HIT"}, 0, all, 0, 6);
        System.arraycopy(more, 0, all, 6, more.length);
        return faults("GET", LIST, 200, body, all);
    }

    @Test
    void reply_asDocumented_hasNoFault() {
        assertThat(get(NAMES)).isEmpty();
        assertThat(get(NAMES, "Vary", "origin")).isEmpty();
        assertThat(faults("GET", "/api/v0/tokens/demo/a%40b.json", 404, ABSENT)).isEmpty();
        assertThat(faults("GET", "/nothing", 404, ABSENT)).isEmpty();
        assertThat(faults("OPTIONS", LIST, 204, "", "Content-Type", null, "Allow", "GET, HEAD, OPTIONS"))
                .isEmpty();
    }

    @Test
    void body_ofAnotherShape_isFoundWithItsPlace() {
        assertThat(get(NAMES.replace("1", "\"1\""))).singleElement().asString().contains("/count", "integer expected");
        assertThat(get(NAMES.replace("}", ",\"extra\":1}")))
                .singleElement()
                .asString()
                .contains("extra");
        assertThat(get(NAMES.replace("\"success\":true,", "")))
                .singleElement()
                .asString()
                .contains("success");
        assertThat(get(NAMES.replace("a.json", ".a.json")))
                .singleElement()
                .asString()
                .contains("/tokens/0");
        assertThat(get(NAMES.replace("}", ""))).containsExactly("is not JSON");
        assertThat(get(NAMES + "{}")).containsExactly("is not JSON");
    }

    @Test
    void header_missingOtherOrUnknown_isFound() {
        assertThat(get(NAMES, "ETag", null)).containsExactly("header ETag is missing");
        assertThat(get(NAMES, "X-Content-Type-Options", null))
                .containsExactly("header X-Content-Type-Options is missing");
        assertThat(get(NAMES, "ETag", "\"strong\"")).singleElement().asString().startsWith("header ETag");
        assertThat(get(NAMES, "Age", "-1")).singleElement().asString().startsWith("header Age");
        assertThat(get(NAMES, "X-Cache", "MAYBE")).singleElement().asString().startsWith("header X-Cache");
        assertThat(get(NAMES, "Server", "x")).containsExactly("header server is not documented");
        assertThat(get(NAMES, "Content-Type", "text/plain")).containsExactly("content type text/plain");
        assertThat(get(NAMES, "Content-Type", null)).containsExactly("content type null");
    }

    @Test
    void status_ofNobody_isFound() {
        assertThat(faults("GET", LIST, 404, ABSENT)).containsExactly("no such status");
        assertThat(faults("GET", LIST, 302, "")).containsExactly("no such status");
        assertThat(faults("PUT", LIST, 200, NAMES)).containsExactly("no such status");
        assertThat(faults("GET", "/nothing", 405, ABSENT)).containsExactly("no such status");
    }

    @Test
    void error_ofAnotherStatus_isFound() {
        String path = "/api/v0/tokens/demo/a.json";
        assertThat(faults("GET", path, 404, ABSENT.replace("not_found", "forbidden")))
                .singleElement()
                .asString()
                .contains("/error");
        assertThat(faults("GET", path, 404, ABSENT.replace("404", "403")))
                .singleElement()
                .asString()
                .contains("/error");
        assertThat(faults("GET", path, 404, ABSENT.replace("not_found", "gone")))
                .hasSize(2);
    }

    @Test
    void head_andNotModified_haveNoBody() {
        String path = "/api/v0/tokens/demo/a.json";
        String[] headers = {"ETag", "\"a\"", "Age", "0", "X-Cache", "HIT", "Content-Type", null};
        assertThat(faults("HEAD", path, 304, "", headers)).isEmpty();
        assertThat(faults("GET", path, 304, "{}", headers)).containsExactly("a body of 2 bytes");
        assertThat(faults("HEAD", path, 404, "")).isEmpty();
        assertThat(faults("HEAD", path, 404, ABSENT)).singleElement().asString().contains("a body of");
    }

    @Test
    void metadata_memberOfAnotherState_isFound() {
        String valid =
                "{\"filename\":\"a.json\",\"size\":2,\"modified\":\"2026-01-31T12:00:00.177022620Z\",\"etag\":\"a\","
                        + "\"valid\":true,\"cached\":true,\"age\":0,\"expiresAt\":null,\"expirySource\":null,"
                        + "\"hasRefreshToken\":false}";
        String unknown = "{\"filename\":\"a.json\",\"valid\":null,\"cached\":false,\"reason\":\"load_timeout\"}";
        assertThat(page(valid + "," + unknown)).isEmpty();
        assertThat(page(valid.replace("null", "\"2030-01-01\""))).hasSize(1);
        assertThat(page(valid.replace("}", ",\"reason\":\"nul\"}"))).isNotEmpty();
        assertThat(page(valid.replace("\"etag\":\"a\",", ""))).isNotEmpty();
        assertThat(page(unknown.replace(",\"reason\":\"load_timeout\"", ""))).isNotEmpty();
        assertThat(page(unknown.replace("}", ",\"data\":{}}"))).isNotEmpty();
    }

    private static List<String> page(String tokens) {
        return faults(
                "GET",
                "/api/v0/tokens/demo",
                200,
                "{\"success\":true,\"project\":\"demo\",\"tokens\":[" + tokens + "],\"cursor\":null,\"unknown\":0}",
                "ETag",
                "W/\"a\"");
    }

    @Test
    void lines_areCheckedOneByOne() {
        String good = "{\"line\":1,\"filename\":\"a.json\",\"status\":201,\"etag\":\"a\"}\n";
        String bad = "{\"line\":2,\"filename\":null,\"status\":400,\"error\":\"invalid_name\"}\n";
        assertThat(results(good + bad)).isEmpty();
        assertThat(results("")).isEmpty();
        assertThat(results(good + bad.replace("error", "etag")))
                .singleElement()
                .asString()
                .startsWith("line 2 ");
        assertThat(results(good + "\n")).isNotEmpty();
        assertThat(results(good + bad.strip())).containsExactly("the last line has no end");
    }

    private static List<String> results(String lines) {
        return faults("POST", "/api/v0/management/tokens/import", 200, lines, "Content-Type", "application/x-ndjson");
    }

    @Test
    void events_areCheckedOneByOne() {
        String event = "id: a-1\nevent: added\ndata: {\"project\":\"demo\",\"filename\":\"a.json\",\"etag\":null}\n\n";
        String reset = "id: b-0\nevent: reset\ndata: {}\n\n";
        assertThat(events(":\n\nid: a-0\n\n" + event + event + reset)).isEmpty();
        assertThat(events(reset.replace("{}", "{\"x\":1}"))).containsExactly("event 1 is a reset with data");
        assertThat(events(event.replace("id: a-1\n", "").replace("event: added\n", "")))
                .hasSize(1);
        assertThat(events(event.replace("added", "made"))).containsExactly("event 1 is a made");
        assertThat(events(event.replace("id: a-1\n", ""))).hasSize(1);
        assertThat(events(event + event.replace("etag", "tag"))).allMatch(fault -> fault.startsWith("event 2 "));
    }

    private static List<String> events(String stream) {
        return faults("GET", "/api/v0/events", 200, stream, "Content-Type", "text/event-stream");
    }
}
