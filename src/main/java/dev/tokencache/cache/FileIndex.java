package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenChange;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What is known of every file: one record each, which outlives its value. It tells whether what was just seen of a file is
 * news, whoever saw it: a load, a write or the watcher. Bounded: beyond the bound files are served but not remembered.
 */
final class FileIndex {
    static final int MAX_FILES = 2_000_000;

    /** What the files hold, beside what they are. */
    final FileContents contents = new FileContents();

    private final int maxFiles;
    private final Map<String, ProjectState> projects = new HashMap<>();
    private boolean baselined;
    private int size;
    private int missing;

    FileIndex(int maxFiles) {
        this.maxFiles = maxFiles;
    }

    /** The project's state, or null when nothing is known of it. */
    ProjectState project(String name) {
        return projects.get(name);
    }

    /** The project's state, made when there is none. Only for projects that exist. */
    ProjectState ensureProject(String name) {
        return projects.computeIfAbsent(name, ProjectState::new);
    }

    /** Whether a watcher has told of all that the root held, so that what is unknown is new. */
    boolean isBaselined() {
        return baselined;
    }

    void baselined() {
        baselined = true;
    }

    Map<String, ProjectState> projects() {
        return new TreeMap<>(projects);
    }

    Iterable<ProjectState> unsorted() {
        return projects.values();
    }

    /** Forgets a project that is gone. */
    void removeProject(ProjectState project) {
        projects.remove(project.name);
        size -= project.files.size();
        missing -= project.missing.size();
        contents.forgetProject(project);
    }

    /**
     * Forgets what a watcher has said, and nothing else: its picture is lost with it. Every file is to be confirmed anew, and
     * every project to be spoken of.
     */
    void forgetObservations() {
        missing = 0;
        for (ProjectState project : projects.values()) {
            project.heard = false;
            project.unheardSinceNanos = 0;
            project.listConfirmed = false;
            project.observedFiles = 0;
            project.missing.clear();
            for (FileRecord file : project.files) {
                file.observed = null;
                project.unconfirmed.add(file);
            }
        }
    }

    /** The file's record, or null. */
    FileRecord record(String project, String filename) {
        ProjectState state = projects.get(project);
        return state == null ? null : state.files.get(filename);
    }

    /** The record of {@code project/file}, or null. */
    FileRecord record(String key) {
        int slash = key.indexOf('/');
        ProjectState state = projects.get(key.substring(0, slash));
        return state == null ? null : state.files.get(key, slash + 1);
    }

    /** The record of a file that exists, made when there is none; null when the index is full. */
    FileRecord ensure(String project, String filename) {
        ProjectState state = ensureProject(project);
        FileRecord known = state.files.get(filename);
        if (known != null) {
            return known;
        }
        FileRecord lost = takeMissing(state, filename);
        if (isFull()) {
            return null;
        }
        FileRecord made = new FileRecord(state, filename);
        if (lost != null) {
            made.observed = lost.observed;
            state.observedFiles++;
        }
        state.files.add(made);
        size++;
        return made;
    }

    /**
     * Takes in a version of a file.
     *
     * @param etag its entity tag, or null when that isn't known
     * @return what kind of news it is against what was known, or null when it is none
     */
    TokenChange.Kind learn(FileRecord file, Fingerprint fingerprint, String etag, long nanos) {
        boolean known = file.fingerprint != null;
        if (known && file.fingerprint.equals(fingerprint)) {
            if (etag == null || etag.equals(file.etag)) {
                return null;
            }
            boolean filledIn = file.etag == null && file.invalid == null;
            if (!filledIn) {
                contents.forget(file);
            }
            file.etag = etag;
            file.untold |= !filledIn;
            return filledIn ? null : TokenChange.Kind.CHANGED;
        }
        boolean sameContent = known && etag != null && etag.equals(file.etag);
        file.fingerprint = Objects.requireNonNull(fingerprint);
        file.etag = etag;
        file.firstSeenNanos = nanos;
        contents.forget(file);
        if (fingerprint.equals(file.observed)) {
            file.project.unconfirmed.remove(file);
        } else {
            file.project.unconfirmed.add(file);
        }
        if (sameContent) {
            return null;
        }
        file.untold = true;
        return known ? TokenChange.Kind.CHANGED : TokenChange.Kind.ADDED;
    }

    /** Takes in which version a watcher speaks of. */
    void observe(FileRecord file, Fingerprint fingerprint) {
        if (file.observed == null) {
            file.project.observedFiles++;
        }
        file.observed = fingerprint.equals(file.fingerprint) ? file.fingerprint : fingerprint;
        if (fingerprint.equals(file.fingerprint)) {
            file.project.unconfirmed.remove(file);
        }
    }

    /** Forgets a file that a watcher calls gone; whether it was known. */
    boolean remove(String project, String filename) {
        ProjectState state = projects.get(project);
        if (state == null) {
            return false;
        }
        takeMissing(state, filename);
        return take(state, filename) != null;
    }

    /**
     * Forgets a file that was found gone here; whether it was known. What a watcher said of it is kept until the watcher
     * says more: it may be back before the next look, under the very fingerprint the watcher knows.
     */
    boolean miss(String project, String filename, long nanos) {
        ProjectState state = projects.get(project);
        FileRecord file = state == null ? null : take(state, filename);
        if (file == null) {
            return false;
        }
        if (file.observed != null) {
            file.firstSeenNanos = nanos;
            state.missing.put(filename, file);
            missing++;
        }
        return true;
    }

    private FileRecord takeMissing(ProjectState state, String filename) {
        if (state.missing.isEmpty()) {
            return null;
        }
        FileRecord lost = state.missing.remove(filename);
        missing -= lost == null ? 0 : 1;
        return lost;
    }

    private FileRecord take(ProjectState state, String filename) {
        FileRecord file = state.files.remove(filename);
        if (file == null) {
            return null;
        }
        contents.forget(file);
        state.unconfirmed.remove(file);
        if (file.observed != null) {
            state.observedFiles--;
        }
        size--;
        return file;
    }

    /** Whether the bound is reached, so that there may be files that it knows nothing of. */
    boolean isFull() {
        return size + missing >= maxFiles;
    }

    int size() {
        return size;
    }
}
