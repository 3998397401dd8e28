package dev.tokencache.cache;

import java.security.SecureRandom;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The records of a project's files, found by name. The records are the links of its chains and hold the names, so that a file
 * costs no entry and no second text: a hash map of texts would take a hundred bytes more for each of a million.
 *
 * <p>It grows a few places with each record that is added, never all at once, which would block the event loop for a large
 * project. Who may write files chooses their names: the hash has a seed, or they could be made to fall in one place.
 */
final class FileTable implements Iterable<FileRecord> {
    private static final int FIRST_LENGTH = 16;
    private static final int MAX_LENGTH = 1 << 30;

    /** How many places of the smaller table are emptied with each record: done when half as many were added as it has. */
    private static final int STEP = 2;

    private static final int LETTERS = Long.BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long SEED = RANDOM.nextLong();
    private static final long FACTOR = RANDOM.nextLong() | 1;

    private FileRecord[] table = new FileRecord[FIRST_LENGTH];

    /** The table of half the length while it is being emptied, else null. */
    private FileRecord[] smaller;

    /** How many of its places are empty, from the first one. */
    private int moved;

    private int size;

    int size() {
        return size;
    }

    /** The record of a file, or null. */
    FileRecord get(String filename) {
        return get(filename, 0);
    }

    /** The record of the file whose name is what a text ends with, or null. */
    FileRecord get(String text, int start) {
        int hash = hash(text, start);
        FileRecord[] all = tableOf(hash);
        for (FileRecord file = all[place(all, hash)]; file != null; file = file.next) {
            if (file.hash == hash && isNamed(file, text, start)) {
                return file;
            }
        }
        return null;
    }

    /** Adds a record of a file that has none here. */
    void add(FileRecord file) {
        moveSome();
        if (smaller == null && size >= table.length && table.length < MAX_LENGTH) {
            smaller = table;
            table = new FileRecord[smaller.length * 2];
            moved = 0;
        }
        file.hash = hash(file.key, file.nameStart());
        link(tableOf(file.hash), file);
        size++;
    }

    /** Takes a file's record out; null when there is none. */
    FileRecord remove(String filename) {
        int hash = hash(filename, 0);
        FileRecord[] all = tableOf(hash);
        int place = place(all, hash);
        FileRecord before = null;
        for (FileRecord file = all[place]; file != null; file = file.next) {
            if (file.hash == hash && isNamed(file, filename, 0)) {
                if (before == null) {
                    all[place] = file.next;
                } else {
                    before.next = file.next;
                }
                file.next = null;
                size--;
                return file;
            }
            before = file;
        }
        return null;
    }

    /** All names, in no order. */
    String[] names() {
        String[] names = new String[size];
        int next = 0;
        for (FileRecord file : this) {
            names[next++] = file.filename();
        }
        return names;
    }

    /** All records, in no order. None may be added or removed meanwhile. */
    @Override
    public Iterator<FileRecord> iterator() {
        return new Records();
    }

    /** How many records a search may pass. */
    int longestChain() {
        int longest = 0;
        for (FileRecord[] all : smaller == null ? new FileRecord[][] {table} : new FileRecord[][] {smaller, table}) {
            for (FileRecord first : all) {
                int length = 0;
                for (FileRecord file = first; file != null; file = file.next) {
                    length++;
                }
                longest = Math.max(longest, length);
            }
        }
        return longest;
    }

    private void moveSome() {
        for (int i = 0; smaller != null && i < STEP; i++) {
            FileRecord file = smaller[moved];
            smaller[moved++] = null;
            while (file != null) {
                FileRecord next = file.next;
                link(table, file);
                file = next;
            }
            if (moved == smaller.length) {
                smaller = null;
            }
        }
    }

    private static void link(FileRecord[] all, FileRecord file) {
        int place = place(all, file.hash);
        file.next = all[place];
        all[place] = file;
    }

    private FileRecord[] tableOf(int hash) {
        return smaller != null && place(smaller, hash) >= moved ? smaller : table;
    }

    private static int place(FileRecord[] all, int hash) {
        return hash & (all.length - 1);
    }

    private static boolean isNamed(FileRecord file, String text, int start) {
        int length = text.length() - start;
        int nameStart = file.nameStart();
        return file.key.length() - nameStart == length && file.key.regionMatches(nameStart, text, start, length);
    }

    /** Eight letters at a time, mixed by both halves of a product with a secret. */
    private static int hash(String text, int start) {
        long hash = SEED ^ text.length() - start;
        for (int i = start; i < text.length(); i += LETTERS) {
            int end = Math.min(text.length(), i + LETTERS);
            long letters = 0;
            for (int j = i; j < end; j++) {
                letters = (letters << Byte.SIZE) | (text.charAt(j) & 0xff);
            }
            hash = mixed(hash ^ letters);
        }
        return (int) (hash ^ (hash >>> Integer.SIZE));
    }

    private static long mixed(long value) {
        return Math.multiplyHigh(value, FACTOR) ^ value * FACTOR;
    }

    private final class Records implements Iterator<FileRecord> {
        private FileRecord[] all = smaller == null ? table : smaller;
        private int place;
        private FileRecord next;

        Records() {
            advance();
        }

        private void advance() {
            while (next == null) {
                if (place < all.length) {
                    next = all[place++];
                } else if (all == table) {
                    return;
                } else {
                    all = table;
                    place = 0;
                }
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public FileRecord next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            FileRecord file = next;
            next = file.next;
            advance();
            return file;
        }
    }
}
