package dev.tokencache.cache;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Files of which a reader was told something else than what is known of them, and when: he saw a moment of the disk that
 * nobody else did. If it passes unseen, no change tells him of that; so the next look that began later does. Bounded.
 */
final class Doubts {
    /** More are not kept by name. */
    static final int MAX = 10_000;

    private final Map<String, Map<String, Long>> projects = new HashMap<>();
    private int size;
    private boolean overflown;
    private long overflownNanos;

    void add(String project, String filename, long nanos) {
        Map<String, Long> files = projects.get(project);
        if (size < MAX || (files != null && files.containsKey(filename))) {
            size += projects.computeIfAbsent(project, name -> new HashMap<>()).put(filename, nanos) == null ? 1 : 0;
        } else {
            overflown = true;
            overflownNanos = nanos;
        }
    }

    /** The projects there are doubts of; a copy. */
    Set<String> projects() {
        return new HashSet<>(projects.keySet());
    }

    /**
     * Hands out, and forgets, the names of a project that a look settles.
     *
     * @param startedNanos when the look began
     * @param unseen names it says nothing of
     */
    void settle(String project, long startedNanos, Set<String> unseen, Consumer<String> each) {
        Map<String, Long> files = projects.get(project);
        if (files == null) {
            return;
        }
        Iterator<Map.Entry<String, Long>> all = files.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Long> file = all.next();
            if (file.getValue() - startedNanos < 0 && !unseen.contains(file.getKey())) {
                all.remove();
                size--;
                each.accept(file.getKey());
            }
        }
        if (files.isEmpty()) {
            projects.remove(project);
        }
    }

    /** Hands out, and forgets, all names of a project. */
    void settle(String project, Consumer<String> each) {
        Map<String, Long> files = projects.remove(project);
        if (files != null) {
            size -= files.size();
            files.keySet().forEach(each);
        }
    }

    /** Whether there were too many to keep before a look at everything, which settles that. */
    boolean settleOverflow(long listedNanos) {
        boolean settled = overflown && overflownNanos - listedNanos < 0;
        overflown &= !settled;
        return settled;
    }
}
