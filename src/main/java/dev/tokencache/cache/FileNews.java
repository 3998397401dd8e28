package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import dev.tokencache.content.TokenContent;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Takes in what loads and writes tell of files, publishes what is news, and drops a list that it contradicts. What the
 * watcher tells comes through {@link Observations}; whoever is first makes the news, so a change is published once.
 */
final class FileNews {
    private final FileIndex index;
    private final Lists lists;
    private final ChangeLog changes;
    private final Doubts doubts = new Doubts();
    private final LongSupplier nanoTime;
    private final LongSupplier currentMillis;

    FileNews(FileIndex index, Lists lists, ChangeLog changes, CacheOptions options) {
        this.index = index;
        this.lists = lists;
        this.changes = changes;
        this.nanoTime = options.nanoTime();
        this.currentMillis = options.currentMillis();
    }

    /**
     * Takes in a version that was written here; it is published even when nothing was known of the file.
     *
     * @param content what was written, or null when nobody has looked
     * @param startNanos when the write began
     */
    void written(TokenKey key, WriteResult result, TokenContent content, long startNanos) {
        boolean unknown = index.record(key.project(), key.filename()) == null;
        FileRecord record = index.ensure(key.project(), key.filename());
        if (record == null) {
            written(key, result.created(), result.etag());
            return;
        }
        TokenChange.Kind news = index.learn(record, result.fingerprint(), result.etag(), nanoTime.getAsLong());
        if (content != null) {
            index.contents.written(record, content, startNanos);
        }
        if (news != null && !unknown) {
            publish(record, news, result.etag());
        } else if (news != null || record.untold) {
            // Unknown, or seen by a reader before the write's end, who could not tell that it was new.
            publish(record, result.created() ? TokenChange.Kind.ADDED : TokenChange.Kind.CHANGED, result.etag());
        }
    }

    /** Publishes a write of which the index learns nothing. */
    void written(TokenKey key, boolean created, String etag) {
        TokenChange.Kind kind = created ? TokenChange.Kind.ADDED : TokenChange.Kind.CHANGED;
        changes.add(new TokenChange(key.project(), key.filename(), kind, etag));
    }

    /** Publishes a change of a file. */
    void publish(FileRecord file, TokenChange.Kind kind, String etag) {
        file.untold = false;
        changes.add(new TokenChange(file.project.name, file.filename(), kind, etag));
    }

    /** Takes in a version that was loaded, and publishes it if it is news. */
    FileRecord loaded(TokenKey key, Fingerprint fingerprint, String etag) {
        FileRecord record = index.ensure(key.project(), key.filename());
        if (record == null) {
            return null;
        }
        boolean silent = record.fingerprint == null
                && record.observed == null
                && !record.project.complete
                && !index.isBaselined();
        TokenChange.Kind news = index.learn(record, fingerprint, etag, nanoTime.getAsLong());
        if (news != null && !silent) {
            publish(record, news, etag);
        }
        if (record.project.list != null && !record.project.list.contains(key.filename())) {
            lists.invalidate(key.project());
        }
        return record;
    }

    /**
     * Takes in that there is a file which is no token file.
     *
     * @param startNanos when the load began that found out
     */
    void invalid(TokenKey key, InvalidTokenException why, long startNanos) {
        if (why.fingerprint() != null) {
            FileRecord known = index.record(key.project(), key.filename());
            boolean turned =
                    known != null && known.etag != null && why.fingerprint().equals(known.fingerprint);
            FileRecord record = loaded(key, why.fingerprint(), null);
            if (record != null) {
                index.contents.invalid(record, why, startNanos, currentMillis.getAsLong());
                if (turned) {
                    publish(record, TokenChange.Kind.CHANGED, null);
                }
            }
        }
    }

    /** Takes in that a file was found gone here, and publishes that if it is news. */
    void absent(String project, String filename) {
        gone(project, filename, index.miss(project, filename, nanoTime.getAsLong()));
    }

    /** Takes in that a watcher calls a file gone, and publishes that if it is news. */
    void removed(String project, String filename) {
        gone(project, filename, index.remove(project, filename));
    }

    /** Takes in that a file is, without a word of the watcher, as the watcher last said. */
    void restored(ProjectState project, String filename) {
        FileRecord lost = project.missing.get(filename);
        Fingerprint before = lost == null ? project.files.get(filename).observed : lost.observed;
        FileRecord record = index.ensure(project.name, filename);
        TokenChange.Kind news = index.learn(record, before, null, nanoTime.getAsLong());
        if (news != null) {
            publish(record, news, null);
        }
        if (lost != null && (project.list == null || !project.list.contains(filename))) {
            lists.invalidate(project.name);
        }
    }

    /** Whether anybody can hold a copy that is to be kept right. */
    boolean isDoubting() {
        // Before the baseline all who follow are sent back to the start once it is there.
        return changes.isFollowed() && index.isBaselined() && !index.isFull();
    }

    /** Notes that a reader is given something else of a file than what is known of it. */
    void doubt(String project, String filename) {
        if (isDoubting()) {
            doubts.add(project, filename, nanoTime.getAsLong());
        }
    }

    /** Takes in that a look of a watcher, which began at that time, has been told of but for the unseen names. */
    void looked(String project, long startedNanos, Set<String> unseen) {
        doubts.settle(project, startedNanos, unseen, filename -> affirm(project, filename));
    }

    /** Takes in that a project has gone, after its files. */
    void dropped(String project) {
        doubts.settle(project, filename -> affirm(project, filename));
    }

    /** Takes in that a look at everything there was, which began at that time, has been told of. */
    void lookedAtAll(long listedNanos) {
        for (String project : doubts.projects()) {
            ProjectState state = index.project(project);
            if (state == null || !state.heard) {
                looked(project, listedNanos, Set.of());
            }
        }
        if (doubts.settleOverflow(listedNanos)) {
            changes.reset();
        }
        if (!index.isBaselined() && isAllTold()) {
            index.baselined();
            changes.reset();
        }
    }

    private boolean isAllTold() {
        for (ProjectState project : index.unsorted()) {
            if (project.heard && project.error == null && !project.complete) {
                return false;
            }
        }
        return true;
    }

    /** Publishes what is known of a file, once more or not. */
    private void affirm(String project, String filename) {
        FileRecord file = index.record(project, filename);
        if (file != null) {
            publish(file, TokenChange.Kind.CHANGED, file.etag);
        } else if (!index.isFull()) {
            changes.add(new TokenChange(project, filename, TokenChange.Kind.REMOVED, null));
        }
    }

    private void gone(String project, String filename, boolean known) {
        if (known) {
            changes.add(new TokenChange(project, filename, TokenChange.Kind.REMOVED, null));
        }
        ProjectState state = index.project(project);
        if (state != null && state.list != null && state.list.contains(filename)) {
            lists.invalidate(project);
        }
    }
}
