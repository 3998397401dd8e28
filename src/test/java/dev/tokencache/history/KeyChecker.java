package dev.tokencache.history;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Judges the answers about one key. */
final class KeyChecker {
    private final int key;
    private final long boundNanos;
    private final Consumer<Violation> found;
    private final Map<Long, Candidates> versions = new HashMap<>();
    private final Candidates files;
    private final Candidates removals;
    private final Candidates parts;
    private final Candidates mixes;
    private final Floor written = new Floor();
    private final Floor due = new Floor();

    /** A judge of answers that these edits of a key, its initial state among them, must explain. */
    KeyChecker(int key, List<Edit> edits, long boundNanos, Consumer<Violation> found) {
        this.key = key;
        this.boundNanos = boundNanos;
        this.found = found;
        edits.forEach(edit -> versions.put(edit.version(), new Candidates(List.of(edit))));
        files = candidates(edits, Edit.Kind::leavesFile);
        removals = candidates(edits, kind -> !kind.leavesFile());
        parts = candidates(edits, Edit.Kind::showsParts);
        mixes = candidates(edits, Edit.Kind::mixes);
        edits.stream()
                .filter(Edit::isDone)
                .sorted(Comparator.comparingLong(Edit::end))
                .forEach(edit -> {
                    due.raise(edit.end() + boundNanos, edit.start());
                    if (edit.kind().isApi()) {
                        written.raise(edit.end(), edit.start());
                    }
                });
    }

    private static Candidates candidates(List<Edit> edits, Predicate<Edit.Kind> which) {
        return new Candidates(
                edits.stream().filter(edit -> which.test(edit.kind())).toList());
    }

    /** Judges the reads of this key, in any order. */
    void checkReads(List<Read> reads) {
        Floor served = new Floor();
        reads.stream().sorted(Comparator.comparingLong(Read::end)).forEach(read -> {
            String what = read.sight() + (read.sight() == Read.Sight.VERSION ? " " + read.version() : "");
            Candidates candidates = switch (read.sight()) {
                case VERSION -> versions.getOrDefault(read.version(), new Candidates(List.of()));
                case ABSENT -> removals;
                case INVALID -> parts;
                case MIXED -> mixes;
            };
            boolean passing = read.sight() == Read.Sight.INVALID || read.sight() == Read.Sight.MIXED;
            judge(what, candidates, passing, read.start(), read.end(), served);
        });
    }

    /** Judges what lists said of this key. */
    void checkListings(List<Listing> listings) {
        Floor served = new Floor();
        listings.stream().sorted(Comparator.comparingLong(Listing::end)).forEach(list -> {
            boolean shown = list.shows(key);
            judge(shown ? "listed" : "not listed", shown ? files : removals, false, list.start(), list.end(), served);
        });
    }

    /** @param passing whether it is right only until the bound has passed since the end of what explains it */
    private void judge(String what, Candidates candidates, boolean passing, long start, long end, Floor served) {
        Edit best = candidates.latest(end);
        long limit = Math.max(Math.max(written.at(start), due.at(start)), served.at(start));
        if (best == null) {
            report(Rule.ONE_VERSION, what, start, end, "nothing explains it");
        } else if (best.end() < written.at(start)) {
            report(Rule.READ_YOUR_WRITES, what, start, end, older(best, written.at(start), "a write"));
        } else if (best.end() < due.at(start)) {
            report(Rule.SEEN_IN_TIME, what, start, end, older(best, due.at(start), "an edit"));
        } else if (best.end() < served.at(start)) {
            report(Rule.NOTHING_COMES_BACK, what, start, end, older(best, served.at(start), "what was served"));
        } else if (passing && best.isDone() && best.end() + boundNanos < start) {
            report(Rule.SEEN_IN_TIME, what, start, end, "its edit ended at " + millis(best.end()));
        } else {
            served.raise(end, candidates.earliestStart(end, limit));
        }
    }

    private void report(Rule rule, String what, long start, long end, String why) {
        found.accept(new Violation(
                rule, "key " + key + " " + what + " in " + millis(start) + " to " + millis(end) + ", " + why));
    }

    private static String older(Edit best, long limit, String than) {
        return best.kind() + " ended at " + millis(best.end()) + " and " + than + " began at " + millis(limit);
    }

    private static String millis(long nanos) {
        return String.format("%.3f ms", nanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }
}
