package dev.tokencache.server;

import static dev.tokencache.server.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Puts, creates and deletes tokens over HTTP, one after the other and at random, and keeps a book of what was acknowledged.
 * No other writer touches its files. It lives through many storms; in each it runs on one thread.
 */
final class StormWriter {
    private static final int ACCOUNTS = 4;
    private static final int MAX_SESSIONS = 4;
    private static final String ADD = "tokens/add";
    private static final String DELETE = "tokens/delete";

    private final int number;
    private final Random random;
    private final Semaphore acknowledgements;
    private final List<String> projects;
    private final List<StormFile> files = new ArrayList<>();
    private final List<UnsureSession> unsureSessions = new ArrayList<>();
    private int sequence;
    private volatile int acknowledged;
    private volatile int refused;

    /** A session that was added without a reply: its name isn't known. */
    record UnsureSession(String project, int version) {}

    /** A writer that gives a permit for each reply. */
    StormWriter(int number, Random random, List<String> projects, Semaphore acknowledgements) {
        this.number = number;
        this.random = random;
        this.projects = projects;
        this.acknowledgements = acknowledgements;
        for (String project : projects) {
            for (int i = 0; i < ACCOUNTS; i++) {
                files.add(account(project, i));
            }
        }
    }

    private StormFile account(String project, int which) {
        return StormFile.account(project, "writer" + number + "-" + which + "@example.com");
    }

    /**
     * Writes until the server doesn't answer any more.
     *
     * @param newProject one that is absent or that another writer makes at the same time
     */
    void run(Api api, String newProject) throws InterruptedException {
        int newAt = 1 + random.nextInt(20);
        try {
            for (int step = 1; ; step++) {
                if (step == newAt) {
                    StormFile file = account(newProject, 0);
                    files.add(file);
                    put(api, file);
                } else {
                    step(api);
                }
            }
        } catch (IOException e) {
            // The server is gone: what was asked last stays unsure.
        }
    }

    private void step(Api api) throws IOException, InterruptedException {
        int dice = random.nextInt(100);
        List<StormFile> sure = files.stream().filter(StormFile::isSure).toList();
        List<StormFile> sessions = sure.stream().filter(StormFile::isSession).toList();
        if (dice < 20 && sessions.size() < MAX_SESSIONS) {
            addSession(api, projects.get(random.nextInt(projects.size())));
        } else if (dice < 35 && !sessions.isEmpty()) {
            delete(api, sessions.get(random.nextInt(sessions.size())));
        } else {
            List<StormFile> accounts =
                    sure.stream().filter(file -> !file.isSession()).toList();
            assertThat(accounts)
                    .as("accounts of which every write was answered")
                    .isNotEmpty();
            StormFile file = accounts.get(random.nextInt(accounts.size()));
            if (dice < 50 && file.isPresent()) {
                delete(api, file);
            } else {
                put(api, file);
            }
        }
    }

    private void put(Api api, StormFile file) throws IOException, InterruptedException {
        StormValue value = next();
        JsonObject data = new JsonObject()
                .put("email", file.email())
                .put("password", "made-up")
                .put("token", value.text(random));
        file.ask(value.sequence());
        HttpResponse<byte[]> reply = api.post(ADD, body(file.project(), "password", data));
        if (isDone(ADD, reply)) {
            assertThat(json(reply).getString("filename")).isEqualTo(file.filename());
            file.acknowledge(value.sequence());
            acknowledged();
        }
    }

    private void addSession(Api api, String project) throws IOException, InterruptedException {
        StormValue value = next();
        JsonObject data = new JsonObject().put("token", value.text(random));
        UnsureSession unsure = new UnsureSession(project, value.sequence());
        unsureSessions.add(unsure);
        HttpResponse<byte[]> reply = api.post(ADD, body(project, "session", data));
        if (isDone(ADD, reply)) {
            unsureSessions.remove(unsure);
            adopt(project, json(reply).getString("filename"), value.sequence());
            acknowledged();
        }
    }

    private void delete(Api api, StormFile file) throws IOException, InterruptedException {
        file.ask(StormFile.ABSENT);
        HttpResponse<byte[]> reply =
                api.post(DELETE, new JsonObject().put("project", file.project()).put("filename", file.filename()));
        if (isDone(DELETE, reply)) {
            file.acknowledge(StormFile.ABSENT);
            if (file.isSession()) {
                files.remove(file);
            }
            acknowledged();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    private void acknowledged() {
        acknowledged++;
        acknowledgements.release();
    }

    private StormValue next() {
        return new StormValue(number, ++sequence);
    }

    private static JsonObject body(String project, String type, JsonObject data) {
        return new JsonObject().put("project", project).put("type", type).put("data", data);
    }

    /** Only a 503 may stand for a write that happened or didn't; a 404 would be a lost one. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    private boolean isDone(String what, HttpResponse<byte[]> reply) {
        if (reply.statusCode() == 503) {
            refused++;
            return false;
        }
        assertThat(reply.statusCode()).as("status of " + what).isEqualTo(200);
        return true;
    }

    private void adopt(String project, String filename, int version) {
        StormFile session = new StormFile(project, filename, null);
        session.acknowledge(version);
        files.add(session);
    }

    /** Takes a session that is there, if its reply was not seen; returns whether it did. */
    boolean adopts(String project, String filename, int version) {
        boolean mine = unsureSessions.remove(new UnsureSession(project, version));
        if (mine) {
            adopt(project, filename, version);
        }
        return mine;
    }

    /** All is settled: what isn't there now never will be. Sessions that are gone have no name any more. */
    void settled() {
        unsureSessions.clear();
        files.removeIf(file -> file.isSession() && !file.isPresent());
    }

    /** Forgets the files of projects that somebody removed. */
    void forget(String project) {
        files.removeIf(file -> file.project().equals(project));
    }

    int number() {
        return number;
    }

    List<StormFile> files() {
        return files;
    }

    /** How many writes were acknowledged. */
    int acknowledgements() {
        return acknowledged;
    }

    /** How many were answered with 503. */
    int refusals() {
        return refused;
    }
}
