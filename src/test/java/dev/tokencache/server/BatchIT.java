package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Import and export of a project, one token a line. */
class BatchIT extends ManagementServer {
    private static final String LINES = "application/x-ndjson";

    private static HttpResponse<byte[]> importing(String project, String body) throws Exception {
        return api.post("tokens/import?project=" + project, LINES, BodyPublishers.ofString(body));
    }

    private static List<JsonObject> lines(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo(LINES);
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        return text(response).lines().map(JsonObject::new).toList();
    }

    private static String line(String filename, String data) {
        return "{\"filename\":\"" + filename + "\",\"data\":" + data + "}\n";
    }

    private static Path file(String project, String filename) {
        return server.root().resolve(project).resolve(filename);
    }

    @Test
    void import_newAndOldOnes_areWrittenAsTheyAreAndAnsweredInOrder() throws Exception {
        put("imported", "old.json", "{\"n\":1}");
        String data = "{ \"n\" : 1.10, \"big\":12345678901234567890 }";

        List<JsonObject> answers = lines(importing(
                "imported",
                line("new.json", data) + "\r\n\n" + line("old.json", "{}").strip()));

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).fieldNames()).containsExactly("line", "filename", "status", "etag");
        assertThat(answers.get(0).getMap()).containsEntry("line", 1).containsEntry("filename", "new.json");
        assertThat(answers.get(0).getInteger("status")).isEqualTo(201);
        assertThat(answers.get(1).getMap()).containsEntry("line", 4).containsEntry("status", 200);
        assertThat(file("imported", "new.json")).hasContent(data);
        assertThat(file("imported", "old.json")).hasContent("{}");
        assertThat(header(api.get("/api/v0/tokens/imported/new.json"), "ETag"))
                .isEqualTo('"' + answers.get(0).getString("etag") + '"');
    }

    @Test
    void import_badLines_areAnsweredAndTheOthersWritten() throws Exception {
        Files.createDirectories(file("mixed", "held.json"));
        String large = "{\"a\":\"" + "x".repeat(1 << 20) + "\"}";
        String tooLong = "{\"a\":\"" + "x".repeat(1_200_000) + "\"}";

        List<JsonObject> answers = lines(importing(
                "mixed",
                line("a.json", "{}")
                        + line("../b.json", "{}")
                        + line("c.json", "[1]")
                        + line("d.json", "{\"x\":1,\"x\":2}")
                        + "nonsense\n"
                        + line("held.json", "{}")
                        + line("large.json", large)
                        + line("long.json", tooLong)
                        + line("e.json", "{\"a\":\"\uFEFF\"}")
                        + line("z.json", "{}")));

        assertThat(answers)
                .extracting(answer -> answer.getInteger("line") + " " + answer.getString("filename") + " "
                        + answer.getInteger("status") + " " + answer.getString("error"))
                .containsExactly(
                        "1 a.json 201 null",
                        "2 null 400 invalid_name",
                        "3 c.json 422 invalid_token_file",
                        "4 d.json 422 invalid_token_file",
                        "5 null 400 bad_request",
                        "6 held.json 409 not_replaceable",
                        "7 large.json 422 invalid_token_file",
                        "8 null 413 body_too_large",
                        "9 e.json 201 null",
                        "10 z.json 201 null");
        try (var left = Files.list(server.root().resolve("mixed"))) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> !name.startsWith(".")))
                    .containsExactlyInAnyOrder("a.json", "e.json", "held.json", "z.json");
        }
    }

    @Test
    void import_sameNameTwice_leavesTheLastOne() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            body.append(line("a.json", "{\"n\":" + i + "}"));
        }

        List<JsonObject> answers = lines(importing("twice", body.toString()));

        assertThat(answers)
                .hasSize(200)
                .allSatisfy(answer -> assertThat(answer.getInteger("status")).isIn(200, 201));
        assertThat(file("twice", "a.json")).hasContent("{\"n\":199}");
    }

    @Test
    void import_manyRefusedLines_areAllAnswered() throws Exception {
        assertThat(lines(importing("refused", "x\n".repeat(50_000)))).hasSize(50_000);
        assertThat(server.root().resolve("refused")).doesNotExist();
    }

    @Test
    void import_nothing_answersNothing() throws Exception {
        assertThat(lines(importing("nothing", ""))).isEmpty();
        assertThat(lines(importing("nothing", "\n \n"))).isEmpty();
        assertThat(server.root().resolve("nothing")).doesNotExist();
    }

    @Test
    void import_wrongRequests_areRefused() throws Exception {
        String line = line("a.json", "{}");

        assertFails(
                api.post("tokens/import?project=p", "application/json", BodyPublishers.ofString(line)),
                Failure.UNSUPPORTED_MEDIA_TYPE);
        assertFails(
                api.post("tokens/import?project=p", null, BodyPublishers.ofString(line)),
                Failure.UNSUPPORTED_MEDIA_TYPE);
        assertFails(importing("", line), Failure.BAD_REQUEST);
        assertFails(importing("p&x=1", line), Failure.BAD_REQUEST);
        assertFails(importing("..", line), Failure.INVALID_NAME);
        assertFails(api.get("tokens/import?project=p"), Failure.METHOD_NOT_ALLOWED);
        assertThat(server.root().resolve("p")).doesNotExist();
    }

    @Test
    void import_thatBreaksOff_hasWrittenWholeLinesOnly() throws Exception {
        Files.createDirectories(server.root().resolve("broken"));
        String head = "POST " + Api.BASE + "tokens/import?project=broken HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + LINES + "\r\nContent-Length: 10000\r\n" + api.credentials() + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String body = line("whole.json", "{}") + line("half.json", "{}").strip();
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            Poll.until(Duration.ofSeconds(20), () -> file("broken", "whole.json"), Files::exists);
        }

        assertThat(lines(importing("broken", line("after.json", "{}")))).hasSize(1);
        try (var left = Files.list(server.root().resolve("broken"))) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> !name.startsWith(".")))
                    .containsExactlyInAnyOrder("whole.json", "after.json");
        }
    }

    @Test
    void export_ofSeveral_isOneLineEachInOrder() throws Exception {
        put("exported", "b.json", "{\n  \"token\": \"made-up\",\n  \"n\": 1.10\n}\n");
        put("exported", "a.json", "{ \"é\" : \"x\\ny\" }");
        put("exported", "c.json", "[1]");

        HttpResponse<byte[]> response = api.get("tokens/export?project=exported");

        lines(response);
        assertThat(text(response)).isEqualTo("""
                        {"filename":"a.json","data":{ "é" : "x\\ny" }}
                        {"filename":"b.json","data":{"token": "made-up","n": 1.10}}
                        {"filename":"c.json","error":"invalid_token_file"}
                        """);
        HttpResponse<byte[]> head = api.method("HEAD", "tokens/export?project=exported");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void export_overHttp10_endsWithTheConnection() throws Exception {
        put("old", "a.json", "{}");

        for (String connection : List.of("", "Connection: keep-alive\r\n")) {
            String reply = api.raw("GET " + Api.BASE + "tokens/export?project=old HTTP/1.0\r\n" + connection
                    + api.credentials() + "\r\n");

            assertThat(reply).startsWith("HTTP/1.0 200 ").endsWith("\r\n\r\n" + line("a.json", "{}"));
            assertThat(reply).doesNotContainIgnoringCase("keep-alive");
        }
    }

    @Test
    void export_absentProject_isEmpty() throws Exception {
        assertThat(lines(api.get("tokens/export?project=absent"))).isEmpty();
    }

    @Test
    void import_ofAnExport_makesTheSameTokens() throws Exception {
        for (int i = 0; i < 500; i++) {
            put("from", "token" + i + ".json", "{\n  \"n\": " + i + ",\r\n  \"pi\": 3.10\n}");
        }
        String exported = text(api.get("tokens/export?project=from"));

        List<JsonObject> answers = lines(importing("to", exported));

        assertThat(answers)
                .hasSize(500)
                .allSatisfy(answer -> assertThat(answer.getInteger("status")).isEqualTo(201));
        assertThat(text(api.get("tokens/export?project=to"))).isEqualTo(exported);
    }
}
