package dev.tokencache.accounts;

import dev.tokencache.ChangeFeed;
import dev.tokencache.EventId;
import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenEvents;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.WriteResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The accounts of one project, in turns: each request takes the account that has rested longest, uses it alone, and gives
 * it back. An account is the name of a token file.
 *
 * <ul>
 *   <li>The accounts there at the start are shuffled, so that several processes don't all begin with the same one.
 *   <li>An account that is chosen is in use until it is released, and is given to nobody else meanwhile, not even when its
 *       file is removed and comes back in between.
 *   <li>A file that comes goes to the end of the queue; a file that goes leaves it. Its use, if any, ends with its release.
 *   <li>No change is missed, nor a cache that takes over ({@link TokenCache#follow}). While no cache answers, the project is
 *       listed anew every {@link #REFRESH_MILLIS}, at {@link #refresh()}, and behind a {@link #choose} that finds nothing.
 * </ul>
 *
 * A pool belongs to the event loop it was made on: its methods are called there and nowhere else. It says nothing of
 * whether a token is valid or expired: read it, and pass what is no use in {@code exclude}. Pools in several processes know
 * nothing of each other.
 */
public final class AccountPool {
    /** How often the project is listed anew, in milliseconds. */
    public static final long REFRESH_MILLIS = 60_000;

    /** The least time between two listings that {@link #choose} asks for, in milliseconds. */
    public static final long MIN_REFRESH_MILLIS = 1_000;

    private static final Logger LOG = System.getLogger(AccountPool.class.getName());
    private static final long MIN_REFRESH_NANOS = MIN_REFRESH_MILLIS * 1_000_000;

    private final TokenCache cache;
    private final String project;
    private final Random random;
    private final LongSupplier nanos;
    private final Vertx vertx;
    private final Thread owner = Thread.currentThread();
    private final AccountQueue accounts = new AccountQueue();

    /** Accounts of which something was heard while a listing runs: the listing may be older than that. */
    private final Set<String> heardOf = new HashSet<>();

    private ChangeFeed changes;
    private Future<Void> listing = Future.succeededFuture();
    private long askedNanos;
    private long timer = -1;
    private boolean listed;
    private boolean closed;

    /** Entity tag of the list that the queue agrees with, or null when something was heard since. */
    private String etag;

    private AccountPool(TokenCache cache, String project, Random random, LongSupplier nanos, Vertx vertx) {
        this.cache = cache;
        this.project = project;
        this.random = random;
        this.nanos = nanos;
        this.vertx = vertx;
        askedNanos = nanos.getAsLong() - MIN_REFRESH_NANOS;
    }

    /**
     * A pool of a project's accounts: listed, followed, and asked into memory. An absent project has no accounts yet.
     *
     * @param cache the client to read and write with; not null
     * @param project a valid name
     * @return fails with {@link IllegalStateException} off an event loop, else as {@link TokenCache#list} does; that
     *     accounts could not be loaded beforehand is no failure
     */
    public static Future<AccountPool> init(TokenCache cache, String project) {
        return init(cache, project, new Random(), System::nanoTime, REFRESH_MILLIS);
    }

    static Future<AccountPool> init(
            TokenCache cache, String project, Random random, LongSupplier nanos, long refreshMillis) {
        Context context = Vertx.currentContext();
        if (context == null || !context.isEventLoopContext() || !Context.isOnEventLoopThread()) {
            return Future.failedFuture(new IllegalStateException("a pool is made on an event loop"));
        }
        if (!TokenKey.isProject(project)) {
            return Future.failedFuture(Failure.INVALID_NAME.exception());
        }
        return new AccountPool(cache, project, random, nanos, context.owner()).start(refreshMillis);
    }

    private Future<AccountPool> start(long refreshMillis) {
        timer = vertx.setPeriodic(refreshMillis, id -> refresh());
        // The place is known before the list is read, so that nothing falls in between.
        return cache.events(null, project)
                .map(TokenEvents::last)
                .otherwise((EventId) null)
                .compose(place -> {
                    changes = cache.follow(project, place, this::follow);
                    return changes.started();
                })
                .compose(registered -> refresh())
                .onFailure(cause -> close())
                .compose(done -> cache.preload(project))
                .recover(cause -> listed ? Future.succeededFuture() : Future.failedFuture(cause))
                .map(this);
    }

    /**
     * The account that has rested longest among those not excluded; it is in use from now on, until {@link #release}.
     * Empty when there is none: all are in use or excluded, or the pool is closed.
     *
     * @param exclude accounts not to take, which keep their places; not null, not changed
     */
    public Optional<String> choose(Set<String> exclude) {
        requireOwner();
        if (closed) {
            return Optional.empty();
        }
        Optional<String> chosen = accounts.choose(exclude);
        if (chosen.isEmpty() && nanos.getAsLong() - askedNanos >= MIN_REFRESH_NANOS) {
            askedNanos = nanos.getAsLong();
            refresh();
        }
        return chosen;
    }

    /**
     * Gives an account back: it goes to the end of the queue, or is forgotten if its file has gone. Does nothing for an
     * account that is not in use, so that releasing twice is harmless.
     */
    public void release(String filename) {
        requireOwner();
        accounts.release(filename);
    }

    /** The account's token, or null when it has gone; as {@link TokenCache#get}. It need not be in use. */
    public Future<TokenFile> get(String filename) {
        return cache.get(project, filename);
    }

    /**
     * Writes the account's token, as {@link TokenCache#put} without a condition: after success every read through the same
     * cache sees it. A new account is at the end of the queue then. It need not be in use; who writes only what it has in
     * use overwrites nobody else of this pool.
     *
     * @param json the file's text, stored as it is
     */
    public Future<WriteResult> save(String filename, String json) {
        requireOwner();
        if (!TokenKey.isFilename(filename)) {
            return Future.failedFuture(Failure.INVALID_NAME.exception());
        }
        return cache.put(new TokenKey(project, filename), json, Precondition.NONE)
                .onSuccess(written -> {
                    if (written.created()) {
                        hear(filename, true);
                    }
                });
    }

    /** Lists the project anew, or waits for the listing that runs; fails as {@link TokenCache#list}. Nothing once closed. */
    public Future<Void> refresh() {
        requireOwner();
        if (closed) {
            return Future.succeededFuture();
        }
        if (!listing.isComplete()) {
            return listing;
        }
        heardOf.clear();
        listing = cache.list(project).map(this::apply);
        listing.onFailure(cause -> LOG.log(
                Level.DEBUG, "accounts not listed: {0}", Failure.of(cause).machineName()));
        return listing;
    }

    private Void apply(TokenNames names) {
        if (!names.etag().equals(etag)) {
            List<String> there = new ArrayList<>(names.names());
            if (!listed) {
                Collections.shuffle(there, random);
            }
            accounts.relist(there, heardOf);
        }
        listed = true;
        etag = heardOf.isEmpty() ? names.etag() : null;
        return null;
    }

    private Future<Void> follow(TokenEvents piece) {
        if (piece.reset()) {
            // One that runs may have begun before the place from which is followed now.
            return listing.transform(ended -> refresh());
        }
        for (TokenEvents.Event event : piece.events()) {
            hear(event.change().filename(), event.change().kind() != TokenChange.Kind.REMOVED);
        }
        return Future.succeededFuture();
    }

    private void hear(String filename, boolean there) {
        if (!listing.isComplete()) {
            heardOf.add(filename);
        }
        etag = null;
        if (there) {
            accounts.add(filename);
        } else {
            accounts.remove(filename);
        }
    }

    /** How many accounts can be chosen now. */
    public int free() {
        requireOwner();
        return accounts.free();
    }

    /** How many accounts are in use, those included whose file has gone meanwhile. */
    public int used() {
        requireOwner();
        return accounts.used();
    }

    /** Stops following the project; no account is chosen any more. Closing twice is harmless. */
    public Future<Void> close() {
        requireOwner();
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        vertx.cancelTimer(timer);
        return changes == null ? Future.succeededFuture() : changes.close();
    }

    private void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("a pool is used on the event loop it was made on");
        }
    }
}
