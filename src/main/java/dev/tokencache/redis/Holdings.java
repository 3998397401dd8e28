package dev.tokencache.redis;

import dev.tokencache.TokenKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node without files may have in memory, by what it is called in Redis, each with the generation that was there before
 * it was loaded. Bounded: what has to be left out is dropped from memory, since nobody would look after it.
 */
final class Holdings {
    static final int MAX_TOKENS = 100_000;

    private static final int MAX_RETIRED = 10_000;

    /** By the time of the last load, oldest first. */
    private final Map<String, Held> held = new LinkedHashMap<>();

    /** Generations that have ended while they were held, oldest first: nobody brings them back but by hand. */
    private final Set<String> retired = new LinkedHashSet<>();

    /** Those of which nobody could say the generation. */
    private final Set<String> unsure = new HashSet<>();

    /**
     * A token.
     *
     * @param generation null when nobody could say: it is not to be held beyond the next comparison
     * @param loadedNanos when it was last loaded
     */
    record Held(TokenKey key, String generation, long loadedNanos) {
        boolean isOf(String now) {
            return generation != null && generation.equals(now);
        }
    }

    /**
     * Notes a token that is about to be loaded.
     *
     * @return what is no longer to be in memory: the token itself when it was loaded under another generation, or another one
     *     for want of room; null for none
     */
    TokenKey hold(String name, Held now) {
        Held before = held.remove(name);
        held.put(name, now);
        unsure.remove(name);
        if (now.generation() == null) {
            unsure.add(name);
        }
        if (before != null) {
            boolean same = before.isOf(now.generation());
            if (!same) {
                retire(before);
            }
            return same ? null : now.key();
        }
        return held.size() <= MAX_TOKENS
                ? null
                : remove(held.keySet().iterator().next());
    }

    private void retire(Held gone) {
        if (gone.generation() != null && retired.add(gone.generation()) && retired.size() > MAX_RETIRED) {
            retired.remove(retired.iterator().next());
        }
    }

    /** Whether a generation has ended, as far as it is remembered. */
    boolean isRetired(String generation) {
        return retired.contains(generation);
    }

    /** No longer holds what moved; returns its key, or null when it isn't held. */
    TokenKey moved(String name) {
        Held gone = held.get(name);
        if (gone != null) {
            retire(gone);
        }
        return remove(name);
    }

    private TokenKey remove(String name) {
        Held gone = held.remove(name);
        unsure.remove(name);
        return gone == null ? null : gone.key();
    }

    /** Removes those of unknown generation; returns their keys. */
    List<TokenKey> removeUnsure() {
        List<TokenKey> keys = new ArrayList<>();
        for (String name : List.copyOf(unsure)) {
            keys.add(remove(name));
        }
        return keys;
    }

    /** Removes those that were not loaded since: they have left memory by themselves. */
    void removeOld(long sinceNanos) {
        Iterator<Held> oldest = held.values().iterator();
        while (oldest.hasNext() && oldest.next().loadedNanos() - sinceNanos < 0) {
            oldest.remove();
        }
        unsure.retainAll(held.keySet());
    }

    void clear() {
        held.clear();
        unsure.clear();
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    Held get(String name) {
        return held.get(name);
    }

    /** The names now, in pieces. */
    List<List<String>> pieces(int size) {
        List<String> names = new ArrayList<>(held.keySet());
        List<List<String>> pieces = new ArrayList<>();
        for (int i = 0; i < names.size(); i += size) {
            pieces.add(names.subList(i, Math.min(names.size(), i + size)));
        }
        return pieces;
    }
}
