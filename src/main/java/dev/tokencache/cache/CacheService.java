package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenFiles;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenKeys;
import dev.tokencache.TokenSource;
import dev.tokencache.WireCodecs;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Everything a cache verticle does, between {@link #start} and {@link #stop}: owns the state, serves the bus contract, runs
 * the timers. All on the event loop it is started on.
 */
public final class CacheService {
    private static final String OWNERS = "dev.tokencache.owners";
    private static final long TICK_MILLIS = 100;
    private static final long UPKEEP_MILLIS = 1_000;
    private static final long WARM_MILLIS = 300_000;

    /** What a stop waits for the list of the most-read names. */
    private static final long SAVE_SECONDS = 1;

    private final Vertx vertx;
    private final CacheOptions options;
    private final TokenSource source;
    private final String owner = UUID.randomUUID().toString();
    private final List<Long> timers = new ArrayList<>();
    private Endpoints endpoints;
    private Tokens tokens;
    private Lists lists;
    private FileIndex index;
    private Writes writes;
    private Patches patches;
    private AccountWriter accounts;
    private Preloader preloader;
    private Pages pages;
    private Observations observations;
    private Statistics statistics;
    private ChangeLog changes;
    private WarmUp warmUp;

    /** A service that isn't started; nothing happens before {@link #start}. */
    public CacheService(Vertx vertx, CacheOptions options, TokenSource source) {
        this.vertx = vertx;
        this.options = new CacheOptions(options);
        this.source = source;
    }

    /**
     * Takes the base address and serves it. Fails with {@link IllegalStateException} when another cache of this JVM has the
     * address, or when this doesn't run on an event loop.
     */
    public Future<Void> start() {
        Context context = vertx.getOrCreateContext();
        if (!context.isEventLoopContext() || !Context.isOnEventLoopThread()) {
            return Future.failedFuture(new IllegalStateException("a cache runs on one event loop"));
        }
        if (vertx.sharedData().<String, String>getLocalMap(OWNERS).putIfAbsent(options.getBaseAddress(), owner)
                != null) {
            return Future.failedFuture(
                    new IllegalStateException("there is already a cache at the address " + options.getBaseAddress()));
        }
        WireCodecs.register(vertx);
        try {
            build(context);
        } catch (RuntimeException e) {
            leave();
            return Future.failedFuture(e);
        }
        serve();
        timers.add(vertx.setPeriodic(TICK_MILLIS, id -> {
            tokens.timeOut();
            lists.timeOut();
        }));
        timers.add(vertx.setPeriodic(UPKEEP_MILLIS, id -> {
            tokens.upkeep();
            lists.upkeep();
            observations.noteUnheard();
            statistics.countExpiries();
        }));
        timers.add(vertx.setPeriodic(WARM_MILLIS, id -> warmUp.save()));
        warmUp.run();
        return Future.succeededFuture();
    }

    /**
     * Takes over other TTLs and another bound of bytes while it runs; nothing else of the options. Values and lists that were
     * read under a longer TTL are dropped, so that the shorter one holds at once. Called on the event loop it was started on.
     */
    public void update(CacheOptions changed) {
        tokens.update(changed);
        lists.update(changed);
    }

    private void build(Context context) {
        index = new FileIndex(FileIndex.MAX_FILES);
        changes = new ChangeLog(vertx, context, options);
        lists = new Lists(context, options, source, index);
        FileNews news = new FileNews(index, lists, changes, options);
        lists.tell(new ListNews(context, index, news));
        tokens = new Tokens(context, options, source, index, news);
        writes = new Writes(context, source, tokens, lists, news, options.nanoTime());
        patches = new Patches(context, tokens, writes, options.nanoTime());
        accounts = new AccountWriter(tokens, lists, writes, options.currentMillis());
        preloader = new Preloader(tokens, lists, options);
        warmUp = new WarmUp(vertx, options, lists, index, preloader);
        observations = new Observations(tokens, lists, index, news, changes, options.nanoTime());
        tokens.sightings.trust(observations::isWatching);
        KnownFiles known = new KnownFiles(tokens, index, observations, options);
        pages = new Pages(context, lists, known, preloader, options.currentMillis());
        statistics = new Statistics(tokens, lists, index, observations, changes, options);
        endpoints = new Endpoints(vertx, options.getBaseAddress());
    }

    private void serve() {
        endpoints.serve(Operation.GET, String.class, tokens::get);
        endpoints.serve(Operation.GETS, TokenKeys.class, this::gets);
        endpoints.serve(Operation.LIST, String.class, lists::get);
        endpoints.serve(Operation.PAGE, JsonObject.class, body -> pages.page(PageRequest.of(body)));
        endpoints.serve(Operation.PROJECTS, Void.class, none -> lists.projects().map(statistics::renderProjects));
        endpoints.serve(Operation.STATS, Void.class, none -> Future.succeededFuture(statistics.render()));
        endpoints.serve(Operation.ADD, JsonObject.class, this::add);
        endpoints.serve(Operation.PUT, JsonObject.class, this::put);
        endpoints.serve(Operation.PATCH, JsonObject.class, this::patch);
        endpoints.serve(Operation.DELETE, JsonObject.class, this::delete);
        endpoints.serve(Operation.INVALIDATE, JsonArray.class, this::invalidate);
        endpoints.serve(
                Operation.PRELOAD,
                String.class,
                project -> preloader.preload(TokenKey.requireProject(project)).map(Preloader.Preloaded::toJson));
        endpoints.serve(Operation.EVENTS, JsonObject.class, request -> Future.succeededFuture(changes.events(request)));
        endpoints.serve(Operation.OBSERVE, JsonObject.class, message -> {
            tokens.invalidations.saidBy(Invalidations.Source.WATCHER, () -> observations.take(message));
            Long looked = message.getLong("listedNanos");
            if (looked != null) {
                source.looked(looked, message.getLong("interval", 0L));
            }
            return Future.succeededFuture(owner + '.' + observations.predecessors());
        });
    }

    private Future<TokenFiles> gets(TokenKeys keys) {
        if (keys.isMalformed()) {
            return Future.failedFuture(Failure.BAD_REQUEST.exception());
        }
        TokenFiles files = new TokenFiles(keys.size());
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            TokenFile file = tokens.lookup(keys.get(i));
            if (file != null) {
                files.set(i, file);
            } else if (keys.isCachedOnly()) {
                files.uncached(i);
            } else {
                missing.add(i);
            }
        }
        return Windowed.forEach(missing, preloader.width(), place -> loadInto(files, place, keys.get(place)))
                .map(files);
    }

    private Future<Void> loadInto(TokenFiles files, int place, String key) {
        Future<TokenFile> load;
        try {
            load = tokens.get(key);
        } catch (RuntimeException e) {
            load = Future.failedFuture(e);
        }
        return load.onSuccess(file -> files.set(place, file))
                .onFailure(cause -> files.fail(place, Failure.of(cause)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<JsonObject> add(JsonObject body) {
        Account account = Account.of(body.getValue("type"), body.getValue("data"));
        return accounts.add(body.getString("project"), account).map(AccountWriter::toJson);
    }

    private Future<JsonObject> put(JsonObject body) {
        String json = text(body, "json");
        boolean create = body.getBoolean("create", false);
        if (create && body.containsKey("ifMatch")) {
            throw Failure.BAD_REQUEST.exception();
        }
        Precondition precondition = create ? Precondition.ABSENT : Precondition.ifMatch(body.getString("ifMatch"));
        return writes.put(key(body), Buffer.buffer(json), precondition)
                .map(result -> new JsonObject().put("etag", result.etag()).put("created", result.created()));
    }

    /** A text that is to become a file; half a surrogate pair would be stored as a question mark. */
    private static String text(JsonObject body, String member) {
        String text = body.getString(member);
        if (text == null) {
            throw Failure.BAD_REQUEST.exception();
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw Failure.INVALID_TOKEN_FILE.exception();
        }
        return text;
    }

    private Future<TokenFile> patch(JsonObject body) {
        return patches.patch(
                key(body), Buffer.buffer(text(body, "patch")), Precondition.ifMatch(body.getString("ifMatch")));
    }

    private Future<Boolean> delete(JsonObject body) {
        return writes.delete(key(body), Precondition.ifMatch(body.getString("ifMatch")));
    }

    private static TokenKey key(JsonObject body) {
        return new TokenKey(body.getString("project"), body.getString("filename"));
    }

    private Future<Integer> invalidate(JsonArray what) {
        int[] dropped = {0};
        tokens.invalidations.saidBy(
                Invalidations.Source.REQUEST, () -> what.forEach(each -> dropped[0] += invalidate((String) each)));
        return Future.succeededFuture(dropped[0]);
    }

    /** How many entries it drops. */
    private int invalidate(String what) {
        if (what.equals("*")) {
            return tokens.clear() + lists.clear();
        }
        if (what.endsWith("/")) {
            String project = TokenKey.requireProject(what.substring(0, what.length() - 1));
            return tokens.invalidateProject(project) + (lists.invalidate(project) ? 1 : 0);
        }
        TokenKey key = TokenKey.parse(what);
        lists.invalidate(key.project());
        return tokens.invalidate(what) ? 1 : 0;
    }

    /** Stops serving and gives the base address back. The source is its owner's to close. */
    public Future<Void> stop() {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
        if (endpoints == null) {
            return Future.succeededFuture();
        }
        changes.publish();
        Future<Void> saved = warmUp.save().timeout(SAVE_SECONDS, TimeUnit.SECONDS);
        return endpoints.close().eventually(() -> saved).onComplete(done -> leave());
    }

    private void leave() {
        vertx.sharedData().getLocalMap(OWNERS).removeIfPresent(options.getBaseAddress(), owner);
    }
}
