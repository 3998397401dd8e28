package dev.tokencache.history;

import dev.tokencache.Failure;
import dev.tokencache.RunningTime;
import dev.tokencache.history.Read.Sight;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** Takes down what is done and seen. For any thread. */
final class Recorder {
    private final long beginning = RunningTime.nanoTime();
    private final AtomicLong versions = new AtomicLong();
    private final Queue<Draft> drafts = new ConcurrentLinkedQueue<>();
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
    private final Queue<Listing> listings = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<String, Integer> errors = new ConcurrentHashMap<>();

    /** Nanoseconds since the history's beginning, those in which the machine stood still not counted. */
    long now() {
        return RunningTime.nanoTime() - beginning;
    }

    /** An edit that begins now. */
    Draft begin(int key, Edit.Kind kind) {
        Draft draft = new Draft(key, versions.incrementAndGet(), kind);
        drafts.add(draft);
        return draft;
    }

    /** A read that got a file's content. */
    void sawFile(int key, JsonObject file, long start, long end) {
        long version = Value.version(file);
        if (version == Value.NOBODYS) {
            saw(key, Sight.MIXED, start, end);
        } else {
            reads.add(new Read(key, Sight.VERSION, version, start, end));
        }
    }

    void saw(int key, Sight sight, long start, long end) {
        reads.add(new Read(key, sight, 0, start, end));
    }

    /** A read that failed: either the file is no token file, or nothing can be said of it. */
    void failed(int key, Failure failure, long start, long end) {
        if (failure == Failure.INVALID_TOKEN_FILE) {
            saw(key, Sight.INVALID, start, end);
        } else {
            error(failure.machineName());
        }
    }

    /** A list of a project. */
    void listed(int project, List<String> filenames, long start, long end) {
        long present = 0;
        for (String filename : filenames) {
            present |= 1L << Keys.key(project, filename);
        }
        listings.add(new Listing(Keys.ofProject(project), present, start, end));
    }

    /** An answer that says nothing of any file. */
    void error(String name) {
        errors.merge(name, 1, Integer::sum);
    }

    /** Everything so far. The reads are taken first: what they saw had begun before. */
    History history(long boundNanos) {
        List<Read> seen = List.copyOf(reads);
        List<Listing> listed = List.copyOf(listings);
        return new History(Keys.COUNT, drafts.stream().map(Draft::edit).toList(), seen, listed, boundNanos);
    }

    /** How often which error was answered. */
    Map<String, Integer> errors() {
        return new TreeMap<>(errors);
    }

    /** The numbers of a history, by kind, in one line. */
    static String summary(History history) {
        Map<Edit.Kind, Integer> edits = new EnumMap<>(Edit.Kind.class);
        history.edits().forEach(edit -> edits.merge(edit.kind(), 1, Integer::sum));
        Map<Sight, Integer> sights = new EnumMap<>(Sight.class);
        history.reads().forEach(read -> sights.merge(read.sight(), 1, Integer::sum));
        int answers = history.reads().size();
        int lists = history.listings().size();
        return String.format(
                "%,d operations checked: %,d edits %s, %,d answers %s, %,d lists",
                history.edits().size() + answers + lists, history.edits().size(), edits, answers, sights, lists);
    }

    /** An edit that is under way. */
    final class Draft {
        private final int key;
        private final long version;
        private final Edit.Kind kind;
        private final long start = now();
        private volatile long end = Edit.UNKNOWN;

        private Draft(int key, long version, Edit.Kind kind) {
            this.key = key;
            this.version = version;
            this.kind = kind;
        }

        long version() {
            return version;
        }

        /** It is known to have happened. One of which this isn't said may have. */
        void done() {
            end = now();
        }

        private Edit edit() {
            return new Edit(key, version, kind, start, end);
        }
    }
}
