package dev.tokencache.file;

import dev.tokencache.TokenKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Hints that wait to be followed up. Bounded: of a project with too many names all is looked at, and what is beyond that is
 * left to the next round. For the watcher's event loop.
 */
final class PendingHints {
    /** The most names that wait for one look. */
    static final int MAX_LOOKS = 256;

    /** The most names of one project. */
    static final int MAX_NAMES = 4096;

    /** The most names of all projects together, and the most projects. */
    static final int MAX_PENDING = 65_536;

    private final ProjectWatches watches;
    private final Map<String, Set<String>> names = new LinkedHashMap<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    private int count;
    private boolean rootDirty;

    PendingHints(ProjectWatches watches) {
        this.watches = watches;
    }

    void add(NativeHints.Hint hint) {
        if (hint.project() == null) {
            if (hint.name() == null) {
                rootDirty = true;
            } else {
                addProject(hint.name());
            }
        } else if (hint.name() == null) {
            addProject(hint.project());
        } else if (TokenKey.isFilename(hint.name())) {
            addName(hint.project(), hint.name());
        } else {
            // Behind links any name may matter: a mount swaps all files by renaming one link of its own.
            ProjectWatch watch = watches.get(hint.project());
            if (watch != null && watch.isLinked()) {
                addProject(hint.project());
            }
        }
    }

    void addNames(String project, Collection<String> again) {
        again.forEach(name -> addName(project, name));
    }

    void addProject(String project) {
        if (dirty.size() < MAX_PENDING) {
            dirty.add(project);
        }
    }

    private void addName(String project, String name) {
        Set<String> known = names.computeIfAbsent(project, fresh -> new LinkedHashSet<>());
        if (known.add(name)) {
            count++;
        }
        if (known.size() > MAX_NAMES || count > MAX_PENDING) {
            drop(project);
            addProject(project);
        }
    }

    private void drop(String project) {
        count -= names.remove(project).size();
    }

    /** How many names wait. */
    int size() {
        return count;
    }

    boolean isEmpty() {
        return count == 0 && dirty.isEmpty() && !rootDirty;
    }

    void clear() {
        names.clear();
        dirty.clear();
        count = 0;
    }

    /**
     * Takes the names to look at next.
     *
     * @param stuck projects to leave alone
     */
    List<HintLook> takeNames(Collection<String> stuck) {
        List<HintLook> batch = new ArrayList<>();
        int room = MAX_LOOKS;
        for (String project : List.copyOf(names.keySet())) {
            ProjectWatch watch = watches.get(project);
            if (watch == null) {
                drop(project);
                addProject(project);
            } else if (watch.hasPicture() && room > 0 && !stuck.contains(project)) {
                Map<String, FileState> taken = new TreeMap<>();
                Iterator<String> rest = names.get(project).iterator();
                while (rest.hasNext() && room > 0) {
                    String name = rest.next();
                    taken.put(name, watch.state(name));
                    rest.remove();
                    count--;
                    room--;
                }
                if (!rest.hasNext()) {
                    names.remove(project);
                }
                batch.add(new HintLook(watch, taken));
            }
        }
        return batch;
    }

    /** Whether the root is to be listed; it is not, after this. */
    boolean takeRoot() {
        boolean taken = rootDirty;
        rootDirty = false;
        return taken;
    }

    /** Takes the first project to be scanned that fits, or null. */
    String takeProject(Predicate<String> fits) {
        for (String project : dirty) {
            if (fits.test(project)) {
                dirty.remove(project);
                return project;
            }
        }
        return null;
    }
}
