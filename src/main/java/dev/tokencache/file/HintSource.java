package dev.tokencache.file;

import io.vertx.core.Future;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The native notifications as far as they can be had: opened at the start, and opened anew some time after they failed. Where
 * only some directories can't be watched the others are. For the watcher's event loop.
 */
final class HintSource {
    private static final System.Logger LOG = System.getLogger(HintSource.class.getName());

    private static final long CLOSE_SECONDS = 1;

    private final ScanCalls calls;
    private final Callable<NativeHints> opener;
    private final Backoff backoff;
    private NativeHints open;
    private boolean opening;
    private Future<Void> lastOpening = Future.succeededFuture();
    private boolean stopped;
    private boolean lacking;

    /** @param opener may block, and fail; run on a worker. Null for no native notifications */
    HintSource(ScanCalls calls, Callable<NativeHints> opener) {
        this.calls = calls;
        this.opener = opener;
        this.backoff = new Backoff(() -> calls.now().nanos());
    }

    /** The notifications, or null while there are none. */
    NativeHints get() {
        return open;
    }

    /** Opens them, or says in the log that it can't; never fails. */
    Future<Void> open() {
        if (opener == null) {
            return Future.succeededFuture();
        }
        opening = true;
        lastOpening = calls.look(opener).transform(opened -> {
            opening = false;
            if (opened.failed()) {
                failed(opened.cause());
            } else if (stopped) {
                return close(opened.result());
            } else {
                backoff.succeeded();
                open = opened.result();
                calls.setHints(open);
            }
            return Future.succeededFuture();
        });
        return lastOpening;
    }

    /** Looks how they fare, gives them up if they failed, and opens them again when that is due. */
    void check() {
        if (open == null) {
            if (opener != null && !opening && backoff.isDue()) {
                open();
            }
        } else if (open.failure() != null) {
            NativeHints lost = open;
            forget();
            failed(lost.failure());
            close(lost);
        } else {
            note(open.refusal());
        }
    }

    private void failed(Throwable cause) {
        backoff.failed();
        note(cause);
    }

    /** The cause's text may hold a path. */
    private void note(Throwable cause) {
        if (cause != null && !lacking) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "watch.hints.lacking cause={0} remedy=raise the limits of inotify and open files",
                    cause.getClass().getSimpleName());
        } else if (cause == null && lacking) {
            LOG.log(System.Logger.Level.INFO, "watch.hints.complete");
        }
        lacking = cause != null;
    }

    private void forget() {
        open = null;
        calls.setHints(null);
    }

    /** Waits for a thread that may be in a call on a directory of a disk that hangs: not for long. */
    private Future<Void> close(NativeHints closing) {
        return calls.<Void>look(() -> {
                    closing.close();
                    return null;
                })
                .timeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    /** Gives the notifications back; never fails. */
    Future<Void> stop() {
        stopped = true;
        NativeHints closing = open;
        forget();
        return closing != null
                ? close(closing)
                : lastOpening.timeout(CLOSE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
    }
}
