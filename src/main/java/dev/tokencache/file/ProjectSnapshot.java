package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The token files of one project as a scan saw them: names in byte order, in one array, and fingerprints in columns, since a
 * million records, texts and map entries would cost four times the memory. Immutable, for any thread.
 */
final class ProjectSnapshot {
    static final ProjectSnapshot EMPTY = new ProjectSnapshot(new byte[0], new int[0], new long[0], Map.of(), null);

    private static final int WIDTH = 4;

    /** The names one behind the other, a byte each letter: they are ASCII. */
    private final byte[] letters;

    /** Where in {@link #letters} each name ends. */
    private final int[] ends;

    private final long[] stamps;
    private final Map<String, FileState.Racy> racy;

    /** The files in the order in which the directory listed them, or null when that is not known. */
    private final int[] listing;

    private ProjectSnapshot(
            byte[] letters, int[] ends, long[] stamps, Map<String, FileState.Racy> racy, int[] listing) {
        this.letters = letters;
        this.ends = ends;
        this.stamps = stamps;
        this.racy = racy;
        this.listing = listing;
    }

    /**
     * This snapshot, with the order in which a directory that is left alone lists the files again.
     *
     * @param names all that were listed; unless they are exactly those of the snapshot there is no order to remember
     */
    ProjectSnapshot listed(List<String> names) {
        if (names.size() != size()) {
            return this;
        }
        int[] order = new int[size()];
        BitSet met = new BitSet(size()); // a list may have one name twice and lack another
        for (int i = 0; i < order.length; i++) {
            order[i] = index(names.get(i));
            if (order[i] < 0 || met.get(order[i])) {
                return this;
            }
            met.set(order[i]);
        }
        return new ProjectSnapshot(letters, ends, stamps, racy, order);
    }

    boolean isListed() {
        return listing != null;
    }

    /** Which file the directory listed at a place. */
    int listedAt(int place) {
        return listing[place];
    }

    int size() {
        return ends.length;
    }

    /** How many files are racy. */
    int racySize() {
        return racy.size();
    }

    /** A file's name, made anew at each call. */
    String name(int index) {
        int start = start(index);
        return new String(letters, start, ends[index] - start, StandardCharsets.ISO_8859_1);
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Whether a file's name comes before another name (negative), after it (positive), or is that one (0). */
    int compareName(int index, String name) {
        int start = start(index);
        int length = ends[index] - start;
        int common = Math.min(length, name.length());
        for (int i = 0; i < common; i++) {
            int order = (letters[start + i] & 0xff) - name.charAt(i);
            if (order != 0) {
                return order;
            }
        }
        return length - name.length();
    }

    /** Like {@link #compareName(int, String)}, with the name of a file in another snapshot. */
    int compareName(int index, ProjectSnapshot other, int otherIndex) {
        return Arrays.compareUnsigned(
                letters, start(index), ends[index], other.letters, other.start(otherIndex), other.ends[otherIndex]);
    }

    FileState state(int index) {
        int at = index * WIDTH;
        Fingerprint fingerprint = new Fingerprint(stamps[at], stamps[at + 1], stamps[at + 2], stamps[at + 3]);
        return new FileState(fingerprint, racy.isEmpty() ? null : racy.get(name(index)));
    }

    /** What is known of a name, or null when the snapshot has no such file. */
    FileState state(String name) {
        int index = index(name);
        return index < 0 ? null : state(index);
    }

    /** Where a name is, or something negative. */
    private int index(String name) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compareName(middle, name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
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
     * This snapshot with some files as they were seen since. The order of the directory's list is kept if the names are the
     * same.
     *
     * @param later null values stand for files that are gone
     */
    ProjectSnapshot with(Map<String, FileState> later) {
        if (later.isEmpty()) {
            return this;
        }
        Builder merged = new Builder(size() + later.size());
        TreeMap<String, FileState> rest = new TreeMap<>(later);
        for (int i = 0; i < size(); i++) {
            while (!rest.isEmpty() && compareName(i, rest.firstKey()) > 0) {
                addFirst(merged, rest);
            }
            if (!rest.isEmpty() && compareName(i, rest.firstKey()) == 0) {
                addFirst(merged, rest);
            } else {
                merged.add(name(i), state(i));
            }
        }
        while (!rest.isEmpty()) {
            addFirst(merged, rest);
        }
        ProjectSnapshot after = merged.build();
        boolean sameNames = after.size() == size() && later.keySet().stream().allMatch(name -> index(name) >= 0);
        return sameNames ? new ProjectSnapshot(after.letters, after.ends, after.stamps, after.racy, listing) : after;
    }

    private static void addFirst(Builder merged, NavigableMap<String, FileState> rest) {
        Map.Entry<String, FileState> first = rest.pollFirstEntry();
        if (first.getValue() != null) {
            merged.add(first.getKey(), first.getValue());
        }
    }

    /** Gathers files in byte order of their names, each once. */
    static final class Builder {
        private static final int NAME_LENGTH = 24;

        private final Map<String, FileState.Racy> racy = new HashMap<>();
        private byte[] letters;
        private int[] ends;
        private long[] stamps;
        private int size;
        private String last;

        /** @param capacity how many files are expected */
        Builder(int capacity) {
            letters = new byte[capacity * NAME_LENGTH];
            ends = new int[capacity];
            stamps = new long[capacity * WIDTH];
        }

        void add(String name, FileState state) {
            if (last != null && last.compareTo(name) >= 0) {
                throw new IllegalArgumentException("names come in order, each once");
            }
            last = name;
            addName(name);
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

        private void addName(String name) {
            if (size == ends.length) {
                int larger = larger(size);
                ends = Arrays.copyOf(ends, larger);
                stamps = Arrays.copyOf(stamps, larger * WIDTH);
            }
            byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
            int start = size == 0 ? 0 : ends[size - 1];
            int end = Math.addExact(start, bytes.length);
            if (end > letters.length) {
                letters = Arrays.copyOf(letters, Math.max(end, larger(letters.length)));
            }
            System.arraycopy(bytes, 0, letters, start, bytes.length);
            ends[size] = end;
        }

        private static int larger(int length) {
            return Math.max(16, length + (length >> 1));
        }

        ProjectSnapshot build() {
            int end = size == 0 ? 0 : ends[size - 1];
            return new ProjectSnapshot(
                    Arrays.copyOf(letters, end),
                    Arrays.copyOf(ends, size),
                    Arrays.copyOf(stamps, size * WIDTH),
                    Map.copyOf(racy),
                    null);
        }
    }
}
