package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the picture of the disk and tells the cache of every change: round after round, each armed only after the last has
 * ended, and hints in between. Lives on the event loop it was started on.
 */
final class WatcherService {
    private static final System.Logger LOG = System.getLogger(WatcherService.class.getName());

    /** Tells the cache that a watcher is another one than before. */
    private final String id = UUID.randomUUID().toString();

    private final Vertx vertx;
    private final Path root;
    private final WatchOptions options;
    private final DiskScanner scanner;
    private final WatchClocks clocks;
    private final Callable<WatchService> watchServices;
    private final ProjectWatches watches = new ProjectWatches(this::again);
    private final List<ScanCalls.Scanned> ready = new ArrayList<>();
    private ScanCalls calls;
    private Reporter reporter;
    private ScanRound round;
    private HintLoop hints;
    private MessageConsumer<JsonArray> foreignHints;
    private boolean rootUnreadable;
    private boolean rootShort;
    private boolean rootListed;
    private boolean listing;
    private boolean firstRound = true;
    private boolean stopped;
    private long timer = -1;
    private long roundStartedNanos;
    private long cpuNanos;
    private long intervalMillis;
    private long scanMillis;

    /** @param watchServices makes the source of native notifications; it may fail */
    WatcherService(
            Vertx vertx,
            Path root,
            WatchOptions options,
            DiskScanner scanner,
            WatchClocks clocks,
            Callable<WatchService> watchServices) {
        this.vertx = vertx;
        this.root = root;
        this.options = new WatchOptions(options);
        this.scanner = scanner;
        this.clocks = clocks;
        this.watchServices = watchServices;
    }

    /** Begins to watch; completes when the first round is under way. */
    Future<Void> start() {
        intervalMillis = options.getInterval().toMillis();
        calls = new ScanCalls(vertx, options.getCacheOptions().getBaseAddress(), scanner, clocks);
        reporter = new Reporter(TokenCache.create(vertx, options.getCacheOptions()), this::head, watches::forgetAll);
        round = new ScanRound(vertx, calls, options.getScanTimeout(), this::scanned);
        hints = new HintLoop(vertx, calls, reporter, watches, options.getScanTimeout());
        Future<Void> hinted =
                options.isHints() || options.isForeignHints() ? hints.start(hintSource()) : Future.succeededFuture();
        if (options.isForeignHints()) {
            String address = Operation.HINT.address(options.getCacheOptions().getBaseAddress());
            foreignHints = vertx.eventBus().localConsumer(address, message -> hinted(message.body()));
        }
        return hinted.onSuccess(started -> {
            if (!stopped) {
                round();
            }
        });
    }

    private HintSource hintSource() {
        if (!options.isHints()) {
            return new HintSource(calls, null);
        }
        Context loop = vertx.getOrCreateContext();
        Runnable heard = () -> loop.runOnContext(none -> hints.wake());
        String thread = options.getCacheOptions().getBaseAddress() + "-notify";
        return new HintSource(calls, () -> NativeHints.open(root, watchServices.call(), clocks.nanos(), thread, heard));
    }

    private void hinted(JsonArray keys) {
        for (Object each : keys) {
            TokenKey key = TokenKey.parse((String) each);
            again(key.project(), List.of(key.filename()));
        }
    }

    /** Takes over another interval and share of a core; a round that waits for a longer interval waits anew for the new one. */
    void update(WatchOptions changed) {
        options.setInterval(changed.getInterval()).setMaxLoad(changed.getMaxLoad());
        intervalMillis = options.getInterval().toMillis();
        if (timer >= 0 && vertx.cancelTimer(timer)) {
            awaitRound();
        }
    }

    private void awaitRound() {
        timer = vertx.setTimer(intervalMillis, id -> round());
    }

    /** Stops watching: no timer, thread or descriptor is left. What is under way is not reported. */
    Future<Void> stop() {
        stopped = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        round.close();
        reporter.close();
        Future<Void> deaf = foreignHints == null ? Future.succeededFuture() : foreignHints.unregister();
        return deaf.eventually(hints::stop).eventually(calls::close);
    }

    private void round() {
        timer = -1;
        roundStartedNanos = clocks.now().nanos();
        list().compose(found -> round.run(rootUnreadable ? List.of() : watches.all()))
                .eventually(() -> stopped ? Future.succeededFuture() : report())
                .onComplete(ended -> {
                    if (ended.failed()) {
                        LOG.log(System.Logger.Level.ERROR, "watch.round.failed", ended.cause());
                    }
                    if (!stopped) {
                        awaitRound();
                    }
                });
    }

    /** Brings the set of projects up to date; an unreadable root leaves it alone, and a listing that hangs is one. */
    private Future<Void> list() {
        if (listing) {
            rootFailed(null);
            return Future.succeededFuture();
        }
        listing = true;
        return calls.projects(true)
                .onComplete(listed -> listing = false)
                .timeout(options.getScanTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .transform(listed -> {
                    if (listed.succeeded()) {
                        rootListed(listed.result());
                    } else {
                        rootFailed(listed.cause());
                    }
                    return Future.succeededFuture();
                });
    }

    private void rootListed(ScanCalls.Timed<List<String>> names) {
        if (rootUnreadable) {
            LOG.log(System.Logger.Level.INFO, "watch.root.readable");
        }
        rootUnreadable = false;
        rootShort = false;
        rootListed = true;
        cpuNanos += names.cpuNanos();
        watches.listed(names.value());
    }

    private void rootFailed(Throwable cause) {
        calls.countFailure();
        rootListed = false;
        if (StorageErrors.isShortage(cause)) {
            if (!rootShort) {
                LOG.log(System.Logger.Level.WARNING, "watch.descriptors.lacking remedy=raise the limit of open files");
            }
            rootShort = true;
            watches.failed(Failure.OVERLOADED);
            return;
        }
        if (!rootUnreadable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "watch.root.unreadable cause={0}",
                    cause == null ? null : cause.getClass().getSimpleName());
        }
        rootUnreadable = true;
        watches.failed(Failure.STORAGE_UNREADABLE);
    }

    private void again(String project, List<String> names) {
        hints.again(project, names);
    }

    private void scanned(ScanCalls.Scanned result) {
        cpuNanos += result.cpuNanos();
        ready.add(result);
    }

    private Future<Void> report() {
        long now = clocks.now().nanos();
        scanMillis = TimeUnit.NANOSECONDS.toMillis(now - roundStartedNanos);
        // The first round reads what can't be trusted yet, on code that isn't compiled: it says nothing of the next
        // ones.
        long paced = firstRound ? 0 : (long) Math.ceil(cpuNanos / options.getMaxLoad() / 1_000_000);
        firstRound = false;
        intervalMillis = Math.max(options.getInterval().toMillis(), paced);
        cpuNanos = 0;
        List<ScanCalls.Scanned> taken = List.copyOf(ready);
        ready.clear();
        return reporter.sendRound(() -> watches.reports(taken), this::listed)
                .onComplete(sent -> taken.forEach(result -> result.watch().release()));
    }

    /** When the round's listing of the root began, or null when a project may be there that nothing was said of. */
    private Long listed() {
        return rootListed && watches.areLookedAt() ? roundStartedNanos : null;
    }

    private JsonObject head() {
        JsonObject head = new JsonObject()
                .put("watcher", id)
                .put("interval", intervalMillis)
                .put("scanTime", scanMillis)
                .put("errors", calls.failures());
        return rootUnreadable ? head.put("root", Failure.STORAGE_UNREADABLE.machineName()) : head;
    }
}
