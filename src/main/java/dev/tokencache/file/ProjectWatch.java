package dev.tokencache.file;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the watcher knows of one project: the picture the cache has acknowledged, and how the last scan went. Lives on the
 * watcher's event loop. The picture is the last full scan plus what hints brought since; each such piece carries the
 * revision at which it came, so that a scan that began before it does not undo it.
 */
final class ProjectWatch {
    /** In a status: when the look began that saw all of the project, which is then told with it. */
    static final String STARTED = "startedNanos";

    /** In a status: names that are there and can't be looked at. */
    static final String UNSEEN = "unseen";

    private final String name;
    private SnapshotDiff.Kind first;
    private final Map<String, Piece> later = new HashMap<>();
    private ProjectSnapshot base;
    private long revision;
    private long forgottenAt;
    private int generation;
    private boolean running;
    private long startedNanos;
    private boolean announced;
    private boolean linked;
    private Map<String, TempFiles.Seen> temps = Map.of();
    private long lastScan;
    private long scanMicros;
    private boolean hinted;
    private int files;
    private int ignored;
    private int errors;
    private Failure error;

    ProjectWatch(String name, SnapshotDiff.Kind first) {
        this.name = name;
        this.first = first;
    }

    /** A file as a hint showed it (null: gone), and at which revision. */
    private record Piece(FileState state, long revision) {}

    String name() {
        return name;
    }

    /** Whether the cache has acknowledged a picture yet. */
    boolean hasPicture() {
        return base != null;
    }

    /** Whether the cache has heard of this project. */
    boolean isAnnounced() {
        return announced;
    }

    /** Whether anything can be said of it. */
    boolean isLookedAt() {
        return announced || lastScan > 0 || error != null;
    }

    /** Whether a name of the project is a link, as far as the last look shows. */
    boolean isLinked() {
        return linked;
    }

    void sawLink() {
        linked = true;
    }

    /** Which full picture is the present one. */
    int generation() {
        return generation;
    }

    long revision() {
        return revision;
    }

    /** Whether a scan is under way or waits to be acknowledged. */
    boolean isRunning() {
        return running;
    }

    long runningNanos(long now) {
        return running ? now - startedNanos : 0;
    }

    /** What the cache knows of a file, or null. */
    FileState state(String filename) {
        Piece piece = later.get(filename);
        if (piece != null) {
            return piece.state();
        }
        return base == null ? null : base.state(filename);
    }

    /** Begins a scan; {@link #release()} ends it. */
    ProjectScan.Request begin(ScanTime time) {
        running = true;
        startedNanos = time.nanos();
        Map<String, FileState> pieces = new HashMap<>();
        later.forEach((filename, piece) -> pieces.put(filename, piece.state()));
        return new ProjectScan.Request(name, base, pieces, first, temps, time);
    }

    void release() {
        running = false;
    }

    /** Notes how a scan went, whether or not the cache acknowledges it. */
    void scanned(ProjectScan scan, long wallMillis) {
        lastScan = wallMillis;
        files = scan.isGone() ? 0 : scan.snapshot().size();
        ignored = scan.ignored();
        errors = scan.errors();
        linked = scan.linked();
        temps = scan.temps();
        error = scan.isBlind() ? Failure.STORAGE_UNREADABLE : null;
    }

    /** Notes how long the scan took, and whether the system's notifications of the directory are heard. */
    void took(long nanos, boolean heard) {
        scanMicros = TimeUnit.NANOSECONDS.toMicros(nanos);
        hinted = heard;
    }

    /** Notes that the project could not be scanned; whether that is news. */
    boolean failed(Failure failure) {
        boolean news = error != failure;
        error = failure;
        errors = 1;
        return news;
    }

    /** The changes of a scan that began at a revision, less the names of which hints brought later news. */
    List<SnapshotDiff.Change> since(ProjectScan scan, long beganAt) {
        if (later.values().stream().noneMatch(piece -> piece.revision() > beganAt)) {
            return scan.changes();
        }
        return scan.changes().stream()
                .filter(change -> {
                    Piece piece = later.get(change.filename());
                    return piece == null || piece.revision() <= beganAt;
                })
                .toList();
    }

    /** The names of which hints brought news after a revision. */
    List<String> newerThan(long beganAt) {
        return later.entrySet().stream()
                .filter(piece -> piece.getValue().revision() > beganAt)
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }

    /** The cache has acknowledged a scan. */
    void accept(ProjectScan scan, long beganAt) {
        announced = true;
        if (beganAt < forgottenAt) {
            return;
        }
        base = scan.snapshot();
        generation++;
        later.values().removeIf(piece -> piece.revision() <= beganAt);
    }

    /** The cache has heard how this project fares. */
    void announce() {
        announced = true;
    }

    /** The cache has acknowledged what a hint showed of a file; null when it is gone. */
    void accept(String filename, FileState state) {
        boolean before = state(filename) != null;
        later.put(filename, new Piece(state, ++revision));
        files += (state == null ? 0 : 1) - (before ? 1 : 0);
    }

    /** The picture was another cache's: the next look tells everything. A scan under way told differences only. */
    void forget() {
        base = null;
        later.clear();
        first = SnapshotDiff.Kind.PRESENT;
        generation++;
        forgottenAt = ++revision;
    }

    /**
     * The project after a scan: with the moment it began, so that the cache can tell what the scan contradicts without a word,
     * and with the names it says nothing of, if any.
     */
    JsonObject statusAfter(ProjectScan scan) {
        if (scan.isBlind()) {
            return status();
        }
        JsonObject status = status().put(STARTED, startedNanos);
        return scan.unseen().isEmpty() ? status : status.put(UNSEEN, new JsonArray(scan.unseen()));
    }

    /** The project as {@code .observe} reports it. */
    JsonObject status() {
        JsonObject status = new JsonObject()
                .put("lastScan", lastScan)
                .put("scanTime", scanMicros / 1_000.0)
                .put("hints", hinted)
                .put("files", files)
                .put("ignored", ignored)
                .put("errors", errors);
        return error == null ? status : status.put("error", error.machineName());
    }
}
