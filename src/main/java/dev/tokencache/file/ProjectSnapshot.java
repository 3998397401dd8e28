package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The token files of one project as a scan saw them: names in byte order, fingerprints in columns, since a million records
 * and map entries would cost three times the memory. Immutable, for any thread.
 */
final class ProjectSnapshot {
    static final ProjectSnapshot EMPTY = new ProjectSnapshot(new String[0], new long[0], Map.of());

    private static final int WIDTH = 4;

    private final String[] names;
    private final long[] stamps;
    private final Map<String, FileState.Racy> racy;

    private ProjectSnapshot(String[] names, long[] stamps, Map<String, FileState.Racy> racy) {
        this.names = names;
        this.stamps = stamps;
        this.racy = racy;
    }

    int size() {
        return names.length;
    }

    /** How many files are racy. */
    int racySize() {
        return racy.size();
    }

    String name(int index) {
        return names[index];
    }

    FileState state(int index) {
        int at = index * WIDTH;
        Fingerprint fingerprint = new Fingerprint(stamps[at], stamps[at + 1], stamps[at + 2], stamps[at + 3]);
        return new FileState(fingerprint, racy.get(names[index]));
    }

    /** What is known of a name, or null when the snapshot has no such file. */
    FileState state(String name) {
        int index = Arrays.binarySearch(names, name);
        return index < 0 ? null : state(index);
    }

    /** Whether a file here shows another version than one of the same name in another snapshot. */
    boolean differs(int index, ProjectSnapshot other, int otherIndex) {
        int at = index * WIDTH;
        int otherAt = otherIndex * WIDTH;
        if (!Arrays.equals(stamps, at, at + WIDTH, other.stamps, otherAt, otherAt + WIDTH)) {
            return true;
        }
        return !racy.isEmpty() && !other.racy.isEmpty() && state(index).differsFrom(other.state(otherIndex));
    }

    /**
     * This snapshot with some files as they were seen since.
     *
     * @param later null values stand for files that are gone
     */
    ProjectSnapshot with(Map<String, FileState> later) {
        if (later.isEmpty()) {
            return this;
        }
        Builder merged = new Builder(names.length + later.size());
        TreeMap<String, FileState> rest = new TreeMap<>(later);
        for (int i = 0; i < names.length; i++) {
            while (!rest.isEmpty() && rest.firstKey().compareTo(names[i]) < 0) {
                addFirst(merged, rest);
            }
            if (!rest.isEmpty() && rest.firstKey().equals(names[i])) {
                addFirst(merged, rest);
            } else {
                merged.add(names[i], state(i));
            }
        }
        while (!rest.isEmpty()) {
            addFirst(merged, rest);
        }
        return merged.build();
    }

    private static void addFirst(Builder merged, NavigableMap<String, FileState> rest) {
        Map.Entry<String, FileState> first = rest.pollFirstEntry();
        if (first.getValue() != null) {
            merged.add(first.getKey(), first.getValue());
        }
    }

    /** Gathers files in byte order of their names, each once. */
    static final class Builder {
        private final Map<String, FileState.Racy> racy = new HashMap<>();
        private String[] names;
        private long[] stamps;
        private int size;

        /** @param capacity how many files are expected */
        Builder(int capacity) {
            names = new String[capacity];
            stamps = new long[capacity * WIDTH];
        }

        void add(String name, FileState state) {
            if (size > 0 && names[size - 1].compareTo(name) >= 0) {
                throw new IllegalArgumentException("names come in order, each once");
            }
            if (size == names.length) {
                int larger = Math.max(16, size + (size >> 1));
                names = Arrays.copyOf(names, larger);
                stamps = Arrays.copyOf(stamps, larger * WIDTH);
            }
            names[size] = name;
            int at = size * WIDTH;
            stamps[at] = state.fingerprint().inode();
            stamps[at + 1] = state.fingerprint().size();
            stamps[at + 2] = state.fingerprint().modifiedNanos();
            stamps[at + 3] = state.fingerprint().changedNanos();
            if (state.racy() != null) {
                racy.put(name, state.racy());
            }
            size++;
        }

        ProjectSnapshot build() {
            if (size == names.length) {
                return new ProjectSnapshot(names, stamps, Map.copyOf(racy));
            }
            return new ProjectSnapshot(
                    Arrays.copyOf(names, size), Arrays.copyOf(stamps, size * WIDTH), Map.copyOf(racy));
        }
    }
}
