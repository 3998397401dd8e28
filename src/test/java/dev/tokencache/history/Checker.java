package dev.tokencache.history;

import java.util.ArrayList;
import java.util.List;

/** Holds a history against every {@link Rule}. Pure: it knows no cache, no file and no clock. */
final class Checker {
    private Checker() {}

    /** What breaks a rule, key by key; empty when nothing does. */
    static List<Violation> check(History history) {
        List<Violation> violations = new ArrayList<>();
        List<List<Edit>> edits = perKey(history);
        List<List<Read>> reads = perKey(history);
        history.edits().forEach(edit -> edits.get(edit.key()).add(edit));
        history.reads().forEach(read -> reads.get(read.key()).add(read));
        for (int key = 0; key < history.keys(); key++) {
            int mine = key;
            edits.get(key).add(Edit.initial(key));
            KeyChecker checker = new KeyChecker(key, edits.get(key), history.boundNanos(), violations::add);
            checker.checkReads(reads.get(key));
            checker.checkListings(
                    history.listings().stream().filter(list -> list.asks(mine)).toList());
        }
        return violations;
    }

    private static <T> List<List<T>> perKey(History history) {
        List<List<T>> lists = new ArrayList<>();
        for (int key = 0; key < history.keys(); key++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }
}
