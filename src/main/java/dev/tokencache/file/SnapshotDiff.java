package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Locale;
import java.util.RandomAccess;

/**
 * What changed from one snapshot of a project to the next, in byte order of names. It keeps four bytes a change and makes
 * the rest on demand: the first look at a million files is a million changes. Immutable, for any thread.
 */
final class SnapshotDiff extends AbstractList<SnapshotDiff.Change> implements RandomAccess {
    private final ProjectSnapshot before;
    private final ProjectSnapshot after;
    private final Kind fresh;
    private final int[] changes;

    private SnapshotDiff(ProjectSnapshot before, ProjectSnapshot after, Kind fresh, int[] changes) {
        this.before = before;
        this.after = after;
        this.fresh = fresh;
        this.changes = changes;
    }

    /** What can be said of a file. */
    enum Kind {
        /** It was there before anybody looked: nothing changed. */
        PRESENT,
        ADDED,
        CHANGED,
        REMOVED;

        private final String machineName = name().toLowerCase(Locale.ROOT);

        /** The name that travels in messages. */
        String machineName() {
            return machineName;
        }
    }

    /**
     * What is said of one file.
     *
     * @param fingerprint null when it was removed
     * @param etag tag of the content when the fingerprint can't be trusted yet, else null
     */
    record Change(String filename, Kind kind, Fingerprint fingerprint, String etag) {
        static Change of(String filename, FileState before, FileState after) {
            if (after == null) {
                return new Change(filename, Kind.REMOVED, null, null);
            }
            Kind kind = before == null ? Kind.ADDED : Kind.CHANGED;
            return new Change(filename, kind, after.fingerprint(), after.etag());
        }
    }

    /** What a project's first look shows. */
    static SnapshotDiff first(ProjectSnapshot seen, Kind kind) {
        int[] all = new int[seen.size()];
        Arrays.setAll(all, i -> i);
        return new SnapshotDiff(ProjectSnapshot.EMPTY, seen, kind, all);
    }

    /** No change at all. */
    static SnapshotDiff none(ProjectSnapshot snapshot) {
        return new SnapshotDiff(snapshot, snapshot, Kind.ADDED, new int[0]);
    }

    /** What is different in {@code after}. */
    static SnapshotDiff between(ProjectSnapshot before, ProjectSnapshot after) {
        Ints changes = new Ints();
        int old = 0;
        for (int i = 0; i < after.size(); i++) {
            int order = -1;
            while (old < before.size() && (order = before.compareName(old, after, i)) < 0) {
                changes.add(~old++);
            }
            if (old >= before.size() || order > 0) {
                changes.add(i);
            } else if (after.differs(i, before, old++)) {
                changes.add(i);
            }
        }
        while (old < before.size()) {
            changes.add(~old++);
        }
        return new SnapshotDiff(before, after, Kind.ADDED, changes.toArray());
    }

    @Override
    public Change get(int index) {
        int change = changes[index];
        if (change < 0) {
            return new Change(before.name(~change), Kind.REMOVED, null, null);
        }
        String name = after.name(change);
        FileState state = after.state(change);
        Kind kind = before.state(name) == null ? fresh : Kind.CHANGED;
        return new Change(name, kind, state.fingerprint(), state.etag());
    }

    @Override
    public int size() {
        return changes.length;
    }

    private static final class Ints {
        private int[] values = new int[16];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
