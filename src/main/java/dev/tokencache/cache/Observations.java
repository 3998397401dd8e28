package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes in what a watcher says the disk looks like now. It says states, not events: taking the same message in twice does
 * no harm, and a value of exactly the observed version stays, so a node's own write isn't invalidated a second time.
 */
final class Observations {
    private static final String PRESENT = "present";
    private static final String UNREADABLE = Failure.STORAGE_UNREADABLE.machineName();

    private final Tokens tokens;
    private final Lists lists;
    private final FileIndex index;
    private final FileNews news;
    private final ChangeLog changes;
    private final LongSupplier nanoTime;
    private String watcher;

    /** How many watchers there were before: if any, they told of all files there were, and an unknown one is new. */
    private int predecessors;

    private long lastReportNanos;
    private boolean reported;
    private boolean scanned;
    private long intervalMillis;
    private double scanMillis;
    private long errors;
    private String rootError;

    Observations(Tokens tokens, Lists lists, FileIndex index, FileNews news, ChangeLog changes, LongSupplier nanoTime) {
        this.tokens = tokens;
        this.lists = lists;
        this.index = index;
        this.news = news;
        this.changes = changes;
        this.nanoTime = nanoTime;
    }

    void take(JsonObject message) {
        greet(message.getString("watcher"));
        JsonArray list = message.getJsonArray("changes", new JsonArray());
        for (int i = 0; i < list.size(); i++) {
            takeChange(list.getJsonObject(i));
        }
        JsonObject projects = message.getJsonObject("projects", new JsonObject());
        for (Map.Entry<String, Object> project : projects) {
            takeProject(TokenKey.requireProject(project.getKey()), (JsonObject) project.getValue());
        }
        rootError = message.getString("root");
        if (rootError != null) {
            tokens.clear();
            lists.clear();
        }
        intervalMillis = message.getLong("interval", intervalMillis);
        scanMillis = message.getDouble("scanTime", scanMillis);
        errors = message.getLong("errors", errors);
        lastReportNanos = nanoTime.getAsLong();
        reported = true;
        Long listed = message.getLong("listedNanos");
        if (listed != null) {
            dropUnheard(listed);
            news.lookedAtAll(listed);
            scanned = scanned || isAllTold();
        }
        noteUnheard();
    }

    /**
     * Whether what the watcher has told adds up to what it counted. It may not when a round ends: to a cache that came after
     * another one it first tells differences to what that one knew. A project that can't be read is not waited for.
     */
    private boolean isAllTold() {
        if (index.isFull()) {
            return true; // what is beyond the bound is told and not remembered
        }
        for (ProjectState project : index.unsorted()) {
            if (project.heard && !project.complete && project.error == null) {
                return false;
            }
        }
        return true;
    }

    /**
     * Another watcher than before has no picture that what it tells could differ from: what went away in between shows by its
     * silence only, like what no watcher has ever spoken of.
     */
    private void greet(String name) {
        if (name == null || name.equals(watcher)) {
            return;
        }
        if (watcher != null) {
            predecessors++;
            scanned = false;
            index.forgetObservations();
        }
        watcher = name;
    }

    /** Notes which projects no watcher has spoken of, from when on it could. Also called from a timer. */
    void noteUnheard() {
        for (ProjectState project : index.unsorted()) {
            if (!project.heard && project.unheardSinceNanos == 0) {
                project.unheardSinceNanos = nanoTime.getAsLong();
            }
        }
    }

    /**
     * Drops projects that are not among all that the root held: a directory that came and went between two looks shows in
     * none. Only what was known before that look, and not seen since: silence alone says nothing, a first round may take long
     * and a root may be unreadable.
     *
     * @param listedNanos when the look at the root began of which all has been told by now
     */
    private void dropUnheard(long listedNanos) {
        List<ProjectState> gone = new ArrayList<>();
        for (ProjectState project : index.unsorted()) {
            if (!project.heard
                    && project.unheardSinceNanos != 0
                    && project.unheardSinceNanos - listedNanos < 0
                    && isOlder(project, listedNanos)) {
                gone.add(project);
            }
        }
        gone.forEach(project -> drop(project.name));
    }

    private static boolean isOlder(ProjectState project, long nanos) {
        for (FileRecord file : project.files) {
            if (file.firstSeenNanos - nanos >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Drops a project that is gone; what is being loaded of it too, even when nothing is known of it yet. */
    private void drop(String name) {
        tokens.invalidateProject(name);
        lists.invalidate(name);
        ProjectState project = index.project(name);
        if (project != null) {
            for (String filename : project.files.names()) {
                news.removed(name, filename);
            }
            index.removeProject(project);
        }
        news.dropped(name);
    }

    private void takeChange(JsonObject change) {
        TokenKey key = TokenKey.parse(change.getString("key"));
        String kind = change.getString("kind");
        if (TokenChange.Kind.ofWireName(kind) == TokenChange.Kind.REMOVED) {
            takeRemoved(key);
            return;
        }
        Fingerprint fingerprint = Fingerprint.parse(change.getString("fingerprint"));
        if (fingerprint == null) {
            throw Failure.BAD_REQUEST.exception();
        }
        takeVersion(key, kind, fingerprint, change.getString("etag"));
    }

    private void takeRemoved(TokenKey key) {
        tokens.invalidate(key.toString());
        ProjectState project = index.project(key.project());
        boolean unknown = index.record(key.project(), key.filename()) == null
                && (project == null || !project.missing.containsKey(key.filename()));
        news.removed(key.project(), key.filename());
        lists.invalidate(key.project());
        if (unknown && (project == null || !project.complete)) {
            changes.add(new TokenChange(key.project(), key.filename(), TokenChange.Kind.REMOVED, null));
        }
    }

    private void takeVersion(TokenKey key, String kindName, Fingerprint fingerprint, String etag) {
        TokenChange.Kind kind = TokenChange.Kind.ofWireName(kindName);
        if (kind == null && !PRESENT.equals(kindName)) {
            throw Failure.BAD_REQUEST.exception();
        }
        if (kind == null && (predecessors > 0 || index.isBaselined())) {
            kind = TokenChange.Kind.ADDED; // if it is unknown: else the record tells
        }
        tokens.invalidateUnless(key.toString(), fingerprint, etag);
        FileRecord known = index.record(key.project(), key.filename());
        FileRecord record = index.ensure(key.project(), key.filename());
        ProjectState project = index.ensureProject(key.project());
        project.heard = true;
        // Also of a file long known: a list that is being read may have passed its name while it was away.
        if (project.list == null || !project.list.contains(key.filename())) {
            lists.invalidate(key.project());
        }
        if (record == null) {
            if (kind != null) {
                changes.add(new TokenChange(key.project(), key.filename(), kind, etag));
            }
            return;
        }
        TokenChange.Kind change = index.learn(record, fingerprint, etag, nanoTime.getAsLong());
        index.observe(record, fingerprint);
        boolean baseline = kind == null && known == null;
        if (change != null && !baseline) {
            news.publish(record, known == null && !project.complete ? kind : change, etag);
        } else if (record.untold && kind != null) {
            // A reader was first and could not know that it was new.
            news.publish(record, kind, etag);
        }
    }

    private void takeProject(String name, JsonObject seen) {
        if (seen.getBoolean("gone", false)) {
            drop(name);
            return;
        }
        ProjectState project = index.ensureProject(name);
        project.heard = true;
        project.error = seen.getString("error");
        project.scanErrors = seen.getInteger("errors", 0);
        project.lastScanMillis = seen.getLong("lastScan", project.lastScanMillis);
        project.scanMillis = seen.getDouble("scanTime", project.scanMillis);
        project.hinted = seen.getBoolean("hints", project.hinted);
        if (UNREADABLE.equals(project.error)) {
            // Nobody can say what is there: not the old values, and not nothing. A look that is merely slow drops
            // nothing.
            tokens.invalidateProject(name);
            lists.invalidate(name);
        }
        if (project.error != null) {
            return;
        }
        project.filesSeen = seen.getInteger("files", project.filesSeen);
        project.ignoredFiles = seen.getInteger("ignored", project.ignoredFiles);
        project.complete = project.complete || project.observedFiles >= project.filesSeen;
        Set<String> unseen = dropUnseen(name, seen.getJsonArray("unseen"));
        Long started = seen.getLong("startedNanos");
        project.lookedNanos = started == null ? project.lookedNanos : started;
        if (started != null && project.complete) {
            confirm(project, started, unseen);
        }
    }

    /**
     * Drops the values of names that a watcher could not look at, and the list: nobody can say whether they still are what
     * they were, and they are neither served as that nor called absent. Returns the names.
     */
    private Set<String> dropUnseen(String project, JsonArray names) {
        if (names == null) {
            return Set.of();
        }
        Set<String> unseen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            TokenKey key = new TokenKey(project, names.getString(i));
            tokens.invalidate(key.toString());
            unseen.add(key.filename());
        }
        lists.invalidate(project);
        return unseen;
    }

    /**
     * Drops what the watcher's look contradicts without a word: it tells differences to its own picture, so a file that came
     * and went between two looks never shows in them, while the cache may have loaded it, or listed it, in between. Nor does
     * one that went and came back as it was, with its directory or behind a link.
     *
     * @param startedNanos when the look began, on this process's monotonic clock
     * @param unseen names the look says nothing of
     */
    private void confirm(ProjectState project, long startedNanos, Set<String> unseen) {
        for (FileRecord file : project.unconfirmed.toArray()) {
            if (file.firstSeenNanos - startedNanos < 0 && !unseen.contains(file.filename())) {
                tokens.invalidate(file.key);
                if (file.observed == null) {
                    news.absent(project.name, file.filename());
                } else {
                    news.restored(project, file.filename());
                }
            }
        }
        for (FileRecord lost : project.missing.values().toArray(new FileRecord[0])) {
            if (lost.firstSeenNanos - startedNanos < 0 && !unseen.contains(lost.filename())) {
                tokens.invalidate(lost.key);
                news.restored(project, lost.filename());
            }
        }
        news.looked(project.name, startedNanos, unseen);
        if (project.list != null && !project.listConfirmed && project.list.readNanos() - startedNanos < 0) {
            if (project.isListAsObserved()) {
                project.listConfirmed = true;
            } else {
                lists.invalidate(project.name);
            }
        }
    }

    /** Whether a watcher runs: its last report is younger than three intervals in force. */
    boolean isWatching() {
        return reported && isRecent(lastReportNanos);
    }

    /**
     * Whether a watcher has looked at all of a project within three intervals, and can. It goes by when the look began: what is
     * told late, after the process was stopped for a while, is old.
     */
    boolean isWatching(ProjectState project) {
        return project.error == null && project.lookedNanos != 0 && isRecent(project.lookedNanos);
    }

    private boolean isRecent(long nanos) {
        return nanoTime.getAsLong() - nanos < TimeUnit.MILLISECONDS.toNanos(3 * intervalMillis);
    }

    /** Changes when another watcher took over: what the one before was acknowledged is void then. */
    int predecessors() {
        return predecessors;
    }

    JsonObject stats() {
        return new JsonObject()
                .put("isWatching", isWatching())
                .put("scanned", scanned)
                .put("interval", intervalMillis)
                .put("scanTime", scanMillis)
                .put("errors", errors)
                .put("root", rootError);
    }
}
