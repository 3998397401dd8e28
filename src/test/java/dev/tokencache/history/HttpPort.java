package dev.tokencache.history;

import dev.tokencache.Failure;
import dev.tokencache.contract.ReplyCheck;
import dev.tokencache.history.Read.Sight;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;

/** Real HTTP. Writes are adds of accounts, which make the file's name themselves: for keys of {@link Keys.Role#API}. */
final class HttpPort implements Port {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;
    private final String bearer;
    private final Recorder recorder;

    HttpPort(int port, String token, Recorder recorder) {
        base = "http://127.0.0.1:" + port + "/api/v0/management/tokens/";
        bearer = "Bearer " + token;
        this.recorder = recorder;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", bearer);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return ReplyCheck.checkedText(CLIENT.send(request.build(), BodyHandlers.ofString()));
    }

    private HttpResponse<String> post(String path, JsonObject body) throws Exception {
        return send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.encode())));
    }

    private static String file(int key) {
        return "project=" + Keys.projectName(Keys.project(key)) + "&filename=" + Keys.filename(key);
    }

    private static Failure failure(HttpResponse<String> response) {
        return failure(new JsonObject(response.body()).getString("error"));
    }

    private static Failure failure(String machineName) {
        return Failure.valueOf(machineName.toUpperCase(Locale.ROOT));
    }

    @Override
    public void get(int key) throws Exception {
        long start = recorder.now();
        HttpResponse<String> response = send(request("get?" + file(key)));
        long end = recorder.now();
        switch (response.statusCode()) {
            case 200 -> recorder.sawFile(key, new JsonObject(response.body()).getJsonObject("data"), start, end);
            case 404 -> recorder.saw(key, Sight.ABSENT, start, end);
            default -> recorder.failed(key, failure(response), start, end);
        }
    }

    /** A name that isn't in the page may be missing in the list or in the file system: nothing is taken down of it. */
    @Override
    public void getMany(int project) throws Exception {
        long start = recorder.now();
        HttpResponse<String> response = send(request("all?project=" + Keys.projectName(project)));
        long end = recorder.now();
        if (response.statusCode() != 200) {
            recorder.error(failure(response).machineName());
            return;
        }
        JsonArray tokens = new JsonObject(response.body()).getJsonArray("tokens");
        for (int i = 0; i < tokens.size(); i++) {
            JsonObject token = tokens.getJsonObject(i);
            int key = Keys.key(project, token.getString("filename"));
            if (token.containsKey("data")) {
                recorder.sawFile(key, token.getJsonObject("data"), start, end);
            } else {
                recorder.failed(key, failure(token.getString("error")), start, end);
            }
        }
    }

    @Override
    public void list(int project) throws Exception {
        long start = recorder.now();
        HttpResponse<String> response = send(request("list?project=" + Keys.projectName(project)));
        long end = recorder.now();
        if (response.statusCode() == 200) {
            JsonArray names = new JsonObject(response.body()).getJsonArray("tokens");
            recorder.listed(project, names.stream().map(String.class::cast).toList(), start, end);
        } else {
            recorder.error(failure(response).machineName());
        }
    }

    @Override
    public void put(int key) throws Exception {
        Recorder.Draft edit = recorder.begin(key, Edit.Kind.API_PUT);
        JsonObject account = new JsonObject()
                .put("email", Keys.email(key))
                .put("password", "made-up")
                .put("token", Value.token(key, edit.version()));
        HttpResponse<String> response = post(
                "add",
                new JsonObject()
                        .put("project", Keys.projectName(Keys.project(key)))
                        .put("type", "password")
                        .put("data", account));
        if (response.statusCode() != 200) {
            recorder.error(failure(response).machineName());
            return;
        }
        String filename = new JsonObject(response.body()).getString("filename");
        if (!filename.equals(Keys.filename(key))) {
            throw new IllegalStateException("the account of " + Keys.filename(key) + " went to " + filename);
        }
        edit.done();
    }

    @Override
    public void delete(int key) throws Exception {
        Recorder.Draft edit = recorder.begin(key, Edit.Kind.API_DELETE);
        HttpResponse<String> response = post(
                "delete",
                new JsonObject()
                        .put("project", Keys.projectName(Keys.project(key)))
                        .put("filename", Keys.filename(key)));
        if (response.statusCode() == 200 || response.statusCode() == 404) {
            edit.done();
        } else {
            recorder.error(failure(response).machineName());
        }
    }
}
