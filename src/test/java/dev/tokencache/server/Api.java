package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.contract.ReplyCheck;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A caller of the REST interface with one bearer token, or none. */
final class Api {
    static final String BASE = "/api/v0/management/";

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final int SOCKET_MILLIS = 20_000;

    private final int port;
    private final String token;

    /** A caller; the token may be null. */
    Api(int port, String token) {
        this.port = port;
        this.token = token;
    }

    /** A request to a path below the management base, or to any other that starts with a slash. */
    HttpRequest.Builder request(String path) {
        String whole = path.startsWith("/") ? path : BASE + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + whole))
                .timeout(Duration.ofSeconds(30));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** The answer, which is in the contract. */
    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return ReplyCheck.checked(CLIENT.send(request.build(), BodyHandlers.ofByteArray()));
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    /** The token's envelope. */
    HttpResponse<byte[]> get(String project, String filename) throws IOException, InterruptedException {
        return get("tokens/get?project=" + project + "&filename=" + filename);
    }

    HttpResponse<byte[]> list(String project) throws IOException, InterruptedException {
        return get("tokens/list?project=" + project);
    }

    HttpResponse<byte[]> method(String method, String path) throws IOException, InterruptedException {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    HttpResponse<byte[]> post(String path, JsonObject body) throws IOException, InterruptedException {
        return post(path, "application/json", BodyPublishers.ofString(body.encode()));
    }

    /** A POST with any body; the content type may be null. */
    HttpResponse<byte[]> post(String path, String contentType, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(body);
        return send(contentType == null ? request : request.header("Content-Type", contentType));
    }

    /** Sends bytes that a client would not, and reads until the server closes the connection. */
    String raw(String request) throws IOException {
        return raw(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    String raw(byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SOCKET_MILLIS);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** A whole GET with this caller's token, for {@link #raw(String)}; the target is sent as it is. */
    String rawGet(String target) throws IOException {
        return raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + credentials() + "\r\n");
    }

    /** The line that carries this caller's token. */
    String credentials() {
        return token == null ? "" : "Authorization: Bearer " + token + "\r\n";
    }

    static JsonObject json(HttpResponse<byte[]> response) {
        return new JsonObject(text(response));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    static List<String> strings(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }

    /** The answer's object, once it is certain that it is a success with the headers all have. */
    static JsonObject ok(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertHeaders(response);
        return json(response);
    }

    /** The one form of a failure, and no word more. */
    static void assertFails(HttpResponse<byte[]> response, Failure failure) {
        assertThat(text(response)).isEqualTo(errorBody(failure));
        assertThat(response.statusCode()).isEqualTo(failure.code());
        assertHeaders(response);
    }

    static String errorBody(Failure failure) {
        return "{\"success\":false,\"statusCode\":" + failure.code() + ",\"error\":\"" + failure.machineName()
                + "\",\"message\":\"" + failure.text() + "\"}";
    }

    private static void assertHeaders(HttpResponse<byte[]> response) {
        assertThat(header(response, "Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    }
}
