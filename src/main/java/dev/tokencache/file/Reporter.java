package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells the cache what the disk looks like, one message after the other. What is told is worked out when its turn comes, so
 * that it never goes against a picture that has moved on. Nothing is queued over a failure: the next look finds the same
 * again. For the watcher's event loop.
 */
final class Reporter {
    /** The most files, and the most projects, in one message; names that could not be looked at count as projects. */
    static final int MAX_KEYS = 10_000;

    /** In a message: when the look at the root began of which, with this message, all has been told. */
    static final String LISTED = "listedNanos";

    private static final System.Logger LOG = System.getLogger(Reporter.class.getName());

    private final TokenCache cache;
    private final Supplier<JsonObject> head;
    private final Runnable anotherCache;
    private String acknowledgedBy;
    private boolean changedHands;
    private Future<Void> last = Future.succeededFuture();
    private boolean failing;
    private boolean closed;

    /**
     * Reports to whichever cache answers.
     *
     * @param head what every message starts with
     * @param anotherCache runs after a report that another cache acknowledged than the ones before
     */
    Reporter(TokenCache cache, Supplier<JsonObject> head, Runnable anotherCache) {
        this.cache = cache;
        this.head = head;
        this.anotherCache = anotherCache;
    }

    /**
     * Sends reports after all that was to be sent before.
     *
     * @param reports called when the turn has come
     * @param always whether to send a message even when there is nothing to report
     * @return completes when all are acknowledged or given up; never fails
     */
    Future<Void> send(Supplier<List<Report>> reports, boolean always) {
        return send(() -> {
            List<Report> found = reports.get();
            return found.isEmpty() && !always ? Future.succeededFuture() : sendNow(new Cut(found, null));
        });
    }

    private Future<Void> send(Supplier<Future<Void>> now) {
        last = last.transform(done -> closed ? Future.succeededFuture() : now.get())
                .recover(defect -> {
                    LOG.log(System.Logger.Level.ERROR, "watch.report.failed", defect);
                    return Future.succeededFuture();
                });
        return last;
    }

    /**
     * Sends what a round found, after all that was to be sent before; a message even when that is nothing.
     *
     * @param reports called when the turn has come
     * @param listed called after that: when the round's look at the root began, or null when not all that was there is
     *     reported. The last message says it if those before were acknowledged
     * @return completes when all are acknowledged or given up; never fails
     */
    Future<Void> sendRound(Supplier<List<Report>> reports, Supplier<Long> listed) {
        return send(() -> {
            List<Report> all = reports.get();
            return sendNow(new Cut(all, listed.get()));
        });
    }

    /** Sends no more. */
    void close() {
        closed = true;
    }

    private Future<Void> sendNow(Cut cut) {
        return sendFrom(cut).onSuccess(sent -> {
            if (changedHands) {
                changedHands = false;
                LOG.log(System.Logger.Level.INFO, "watch.report.anew");
                anotherCache.run();
            }
        });
    }

    private Future<Void> sendFrom(Cut cut) {
        List<Report> complete = new ArrayList<>();
        return cache.observe(cut.next(head.get(), complete)).transform(ack -> {
            if (closed) {
                return Future.succeededFuture();
            }
            note(ack.cause());
            if (ack.succeeded()) {
                // Compared message by message: the first pictures may be told to two caches in turn.
                changedHands |= acknowledgedBy != null && !acknowledgedBy.equals(ack.result());
                acknowledgedBy = ack.result();
                complete.forEach(report -> report.accepted().run());
            } else {
                cut.lost();
            }
            boolean unreachable = ack.failed() && Failure.of(ack.cause()) == Failure.CACHE_UNREACHABLE;
            return cut.isDone() || unreachable ? Future.succeededFuture() : sendFrom(cut);
        });
    }

    private void note(Throwable failure) {
        if (failure != null && !failing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "watch.report.unanswered reason={0}",
                    Failure.of(failure).machineName());
        } else if (failure == null && failing) {
            LOG.log(System.Logger.Level.INFO, "watch.report.answered");
        }
        failing = failure != null;
    }

    /** Cuts reports into messages. A project's status travels with the last of its changes. */
    private static final class Cut {
        private static final JsonArray NONE = new JsonArray(List.of());

        private final List<Report> reports;

        /** See {@link #LISTED}; null when that can't be said. */
        private Long listed;

        private int next;
        private int offset;
        private boolean openLost;

        Cut(List<Report> reports, Long listed) {
            this.reports = reports;
            this.listed = listed;
        }

        /**
         * The next message.
         *
         * @param complete takes the reports of which the cache knows everything once it has acknowledged this message
         */
        JsonObject next(JsonObject message, List<Report> complete) {
            JsonArray changes = new JsonArray();
            JsonObject projects = new JsonObject();
            int unseen = 0;
            while (!isDone() && projects.size() + unseen < MAX_KEYS) {
                Report report = reports.get(next);
                int end = Math.min(report.changes().size(), offset + MAX_KEYS - changes.size());
                while (offset < end) {
                    changes.add(json(report.project(), report.changes().get(offset++)));
                }
                if (offset < report.changes().size()) {
                    break;
                }
                JsonObject status = report.status();
                if (openLost) {
                    status = status.copy();
                    status.remove(ProjectWatch.STARTED); // not all that was seen has been told
                } else {
                    complete.add(report);
                }
                projects.put(report.project(), status);
                unseen += status.getJsonArray(ProjectWatch.UNSEEN, NONE).size();
                openLost = false;
                offset = 0;
                next++;
            }
            if (isDone() && listed != null) {
                message.put(LISTED, listed);
            }
            return message.put("changes", changes).put("projects", projects);
        }

        /** The last message was not acknowledged: what it began will not be complete. */
        void lost() {
            openLost = offset > 0;
            listed = null;
        }

        boolean isDone() {
            return next >= reports.size();
        }

        private static JsonObject json(String project, SnapshotDiff.Change change) {
            JsonObject json = new JsonObject()
                    .put("key", project + '/' + change.filename())
                    .put("kind", change.kind().machineName());
            if (change.fingerprint() != null) {
                json.put("fingerprint", change.fingerprint().toString());
            }
            return change.etag() == null ? json : json.put("etag", change.etag());
        }
    }
}
