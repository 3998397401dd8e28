package dev.tokencache.content;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The names seen so far in one object: a short array for the usual object, a set beyond. */
final class ObjectNames {
    private static final int FEW = 12;

    private final String[] few = new String[FEW];
    private int count;
    private Set<String> many;

    /** Takes a name in; false when it is there already. */
    boolean add(String name) {
        if (many != null) {
            return many.add(name);
        }
        for (int i = 0; i < count; i++) {
            if (few[i].equals(name)) {
                return false;
            }
        }
        if (count == FEW) {
            many = new HashSet<>(Arrays.asList(few));
            return many.add(name);
        }
        few[count++] = name;
        return true;
    }

    /** This, without names. A large set is let go: clearing it for each of many small objects would cost its whole size. */
    ObjectNames cleared() {
        count = 0;
        many = null;
        return this;
    }
}
