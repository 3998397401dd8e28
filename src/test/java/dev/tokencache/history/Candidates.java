package dev.tokencache.history;

import java.util.Comparator;
import java.util.List;

/** The edits of one key that could explain one kind of answer. */
final class Candidates {
    private final Edit[] byStart;
    /** The edit that ends last, among those up to each place. */
    private final Edit[] latest;

    Candidates(List<Edit> edits) {
        byStart = edits.stream().sorted(Comparator.comparingLong(Edit::start)).toArray(Edit[]::new);
        latest = new Edit[byStart.length];
        for (int i = 0; i < byStart.length; i++) {
            latest[i] = i == 0 || byStart[i].end() >= latest[i - 1].end() ? byStart[i] : latest[i - 1];
        }
    }

    /** The one that ended last among those that began by this time, or null: if it breaks a rule, all others do. */
    Edit latest(long time) {
        int place = lastBy(time);
        return place < 0 ? null : latest[place];
    }

    /** The earliest start among those that began by this time and did not end before {@code limit}. */
    long earliestStart(long time, long limit) {
        long earliest = Long.MAX_VALUE;
        for (int i = lastBy(time); i >= 0 && latest[i].end() >= limit; i--) {
            if (byStart[i].end() >= limit) {
                earliest = byStart[i].start();
            }
        }
        return earliest;
    }

    private int lastBy(long time) {
        int low = 0;
        int high = byStart.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (byStart[middle].start() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
