package dev.tokencache.cache;

import java.util.Arrays;

/**
 * The files of a project whose present version was loaded or written here and not yet spoken of by a watcher. Where none
 * watches these are all files: so it is an array, and whether a file is one of them stands in its record.
 */
final class UnconfirmedFiles {
    private static final FileRecord[] NONE = {};
    private static final int FIRST_LENGTH = 16;

    /** What a record says: it is none of these and has no place here. */
    private static final byte NEVER = 0;

    /** It is none of these any more. It keeps its place until most places are of such records. */
    private static final byte FORMER = 1;

    private static final byte PRESENT = 2;

    private FileRecord[] places = NONE;
    private int taken;
    private int size;

    void add(FileRecord file) {
        if (file.unconfirmed == PRESENT) {
            return;
        }
        if (file.unconfirmed == NEVER) {
            if (taken == places.length) {
                places = Arrays.copyOf(places, Math.max(FIRST_LENGTH, taken + (taken >> 1)));
            }
            places[taken++] = file;
        }
        file.unconfirmed = PRESENT;
        size++;
    }

    void remove(FileRecord file) {
        if (file.unconfirmed != PRESENT) {
            return;
        }
        file.unconfirmed = FORMER;
        size--;
        if (size < taken / 2) {
            FileRecord[] left = toArray();
            for (int i = 0; i < taken; i++) {
                if (places[i].unconfirmed == FORMER) {
                    places[i].unconfirmed = NEVER;
                }
            }
            places = left;
            taken = size;
        }
    }

    /** In the order in which they came. */
    FileRecord[] toArray() {
        FileRecord[] files = new FileRecord[size];
        int next = 0;
        for (int i = 0; i < taken; i++) {
            if (places[i].unconfirmed == PRESENT) {
                files[next++] = places[i];
            }
        }
        return files;
    }
}
