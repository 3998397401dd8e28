package dev.tokencache;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * The typed client of the cache, for any verticle in the JVM. It holds no token state. Futures complete on the caller's
 * context and fail only with {@link TokenCacheException}; an absent token is null. Create one in each verticle: on the
 * event loop it was created on, the gets of one tick travel as one message.
 */
public final class TokenCache {
    private final Vertx vertx;
    private final TokenCacheOptions options;
    private final Bypass bypass;
    private final GetBatch batch;
    private final DeliveryOptions readDelivery;

    private TokenCache(Vertx vertx, TokenCacheOptions options, TokenSource source) {
        this.vertx = vertx;
        this.options = new TokenCacheOptions(options);
        this.bypass = source == null ? null : new Bypass(source, options.getMaxBypasses(), options.getTimeout());
        this.readDelivery = delivery(options.getTimeout());
        WireCodecs.register(vertx);
        this.batch = options.isBatching() ? GetBatch.forCurrentContext(vertx, this) : null;
    }

    /** A client of the cache at the default address, without a source to fall back on. */
    public static TokenCache create(Vertx vertx) {
        return create(vertx, new TokenCacheOptions());
    }

    /** A client without a source to fall back on: an unreachable cache fails reads. */
    public static TokenCache create(Vertx vertx, TokenCacheOptions options) {
        return new TokenCache(vertx, options, null);
    }

    /**
     * A client that reads {@code source} directly while the cache does not answer, and says {@link CacheStatus#BYPASS}
     * then. Only get and list do so; writes never bypass the cache.
     */
    public static TokenCache create(Vertx vertx, TokenCacheOptions options, TokenSource source) {
        return new TokenCache(vertx, options, Objects.requireNonNull(source));
    }

    /** The token, or null when there is none. Fails with {@link Failure#INVALID_TOKEN_FILE} and the failures of storage. */
    public Future<TokenFile> get(String project, String filename) {
        return get(project + '/' + filename);
    }

    /** The token of a valid key, or null when there is none. */
    public Future<TokenFile> get(TokenKey key) {
        return get(key.toString());
    }

    private Future<TokenFile> get(String key) {
        return batch != null && batch.isMine() ? batch.get(key) : getAlone(key);
    }

    /** One get as a message of its own, with the bypass behind it. */
    Future<TokenFile> getAlone(String key) {
        return this.<TokenFile>request(Operation.GET, key, readDelivery)
                .compose(TokenCache::wellFormed)
                .recover(cause -> getBypassing(key, cause));
    }

    /** What a get does when its message failed. */
    Future<TokenFile> getBypassing(String key, Throwable cause) {
        if (bypass == null || Failure.of(cause) != Failure.CACHE_UNREACHABLE) {
            return Future.failedFuture(cause);
        }
        return bypass.get(key);
    }

    /** Several tokens at once, in the order of the keys, failures inside; waits for every load it needs. */
    public Future<TokenFiles> getAll(List<TokenKey> keys) {
        List<String> names = keys.stream().map(TokenKey::toString).toList();
        return gets(TokenKeys.of(names));
    }

    Future<TokenFiles> gets(TokenKeys keys) {
        return this.<TokenFiles>request(Operation.GETS, keys, readDelivery)
                .compose(files -> files.size() != keys.size()
                        ? Future.failedFuture(Failure.INTERNAL_ERROR.exception())
                        : Future.succeededFuture(files));
    }

    /** The names of a project's tokens; none when there is no such project. */
    public Future<TokenNames> list(String project) {
        Future<TokenNames> names = this.<TokenNames>request(Operation.LIST, project, readDelivery)
                .compose(list -> list == TokenNames.MALFORMED
                        ? Future.failedFuture(Failure.INTERNAL_ERROR.exception())
                        : Future.succeededFuture(list));
        return bypass == null
                ? names
                : names.recover(cause -> Failure.of(cause) == Failure.CACHE_UNREACHABLE
                        ? bypass.list(project)
                        : Future.failedFuture(cause));
    }

    /**
     * A page of a project's tokens in byte order of their names: {@code {project, tokens: [...], cursor, unknown, etag}}. A
     * token is {@code {filename, json}} (the file's text) or {@code {filename, error}} if values are asked for, else metadata.
     *
     * <p>A page looks at a bounded number of files, so with filters it may have fewer tokens than its limit, or none, and go on
     * all the same: the last one is the one whose {@code cursor} is null. {@code unknown} counts files that it looked at and
     * passed over because nobody can tell now whether a filter lets them through; without a filter they are shown. {@code etag}
     * is the page's tag, without quotes and to be sent as a weak one: equal pages have equal tags, whatever their {@code age}
     * and {@code cached}.
     */
    public Future<JsonObject> page(PageQuery query) {
        return request(Operation.PAGE, query.toJson(), delivery(options.getBulkTimeout()));
    }

    /** All projects: {@code {name, tokens, cachedTokens, invalidFiles, expiredTokens, expiringTokens}} each, by name. */
    public Future<JsonArray> projects() {
        return request(Operation.PROJECTS, null, readDelivery);
    }

    /** The counters: {@code {stats: {<project>: {...}}, cache: {...}}}. */
    public Future<JsonObject> stats() {
        return request(Operation.STATS, null, readDelivery);
    }

    /**
     * Adds an account under a name made from it.
     *
     * @param type {@code session} or {@code password}
     * @param data {@code {token, device_id?}} or {@code {email or mobile, password, token?, device_id?}}
     */
    public Future<AddResult> add(String project, String type, JsonObject data) {
        JsonObject body =
                new JsonObject().put("project", project).put("type", type).put("data", data);
        return this.<JsonObject>request(Operation.ADD, body, delivery(options.getWriteTimeout()))
                .map(reply -> new AddResult(
                        reply.getString("filename"), reply.getString("etag"), reply.getBoolean("replaced", false)));
    }

    /** What adding an account did: the file's name, its entity tag, and whether it took the place of an older one. */
    public record AddResult(String filename, String etag, boolean replaced) {}

    /**
     * Writes a token. After success every later read through the same cache sees it, and a crash can't take it back. A
     * write that failed with {@link Failure#CACHE_UNREACHABLE} may have happened.
     *
     * @param json the file's text, stored as it is
     */
    public Future<WriteResult> put(TokenKey key, String json, Precondition precondition) {
        JsonObject body = conditional(key, precondition).put("json", json);
        if (precondition.demandsAbsence()) {
            body.put("create", true);
        }
        return this.<JsonObject>request(Operation.PUT, body, delivery(options.getWriteTimeout()))
                .map(reply -> new WriteResult(reply.getString("etag"), reply.getBoolean("created", false), null));
    }

    /**
     * Writes a token as {@link #put(TokenKey, String, Precondition)} does. Fails with {@link Failure#INVALID_TOKEN_FILE} when
     * the bytes are not UTF-8.
     */
    public Future<WriteResult> put(TokenKey key, byte[] json, Precondition precondition) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return put(key, text.toString(), precondition);
        } catch (CharacterCodingException e) {
            return Future.failedFuture(Failure.INVALID_TOKEN_FILE.exception());
        }
    }

    /**
     * Merges a patch into a token (RFC 7396) and keeps every byte that it does not name. What others write meanwhile is kept too.
     *
     * @param patch the text of a JSON object; null members remove
     * @return the token as it was written, or null when there is none. May have happened, like {@link #put(TokenKey, String,
     *     Precondition)}, when it fails with {@link Failure#CACHE_UNREACHABLE}
     */
    public Future<TokenFile> patch(TokenKey key, String patch, Precondition precondition) {
        JsonObject body = conditional(key, precondition).put("patch", patch);
        return this.<TokenFile>request(Operation.PATCH, body, delivery(options.getWriteTimeout()))
                .compose(TokenCache::wellFormed);
    }

    private static Future<TokenFile> wellFormed(TokenFile file) {
        return file == TokenFile.MALFORMED
                ? Future.failedFuture(Failure.INTERNAL_ERROR.exception())
                : Future.succeededFuture(file);
    }

    /** Removes a token; whether there was one. */
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return request(Operation.DELETE, conditional(key, precondition), delivery(options.getWriteTimeout()));
    }

    private static JsonObject conditional(TokenKey key, Precondition precondition) {
        JsonObject body = new JsonObject().put("project", key.project()).put("filename", key.filename());
        return precondition.header() == null ? body : body.put("ifMatch", precondition.header());
    }

    /** Forgets a token, so that the next read loads it; how many entries were dropped. */
    public Future<Integer> invalidate(TokenKey key) {
        return invalidate(key.toString());
    }

    /** Forgets a project: its tokens and its list. */
    public Future<Integer> invalidateProject(String project) {
        return invalidate(TokenKey.requireProject(project) + "/");
    }

    /** Forgets everything. */
    public Future<Integer> clear() {
        return invalidate("*");
    }

    private Future<Integer> invalidate(String what) {
        return request(Operation.INVALIDATE, new JsonArray().add(what), readDelivery);
    }

    /** Loads every token of a project: how many are in memory then, and which could not be loaded. */
    public Future<PreloadResult> preload(String project) {
        return this.<JsonObject>request(Operation.PRELOAD, project, delivery(options.getBulkTimeout()))
                .map(PreloadResult::of);
    }

    /**
     * Tells the cache what the disk looks like now; completes when the cache has taken it in. For watchers.
     *
     * @return which cache has acknowledged: another one than before knows nothing of what was told before
     */
    public Future<String> observe(JsonObject observation) {
        return request(Operation.OBSERVE, observation, delivery(options.getWriteTimeout()));
    }

    /**
     * Calls a handler for every change of a token, whoever made it, in order, until the consumer is unregistered. A
     * message can be lost: {@link #onChange(Handler, Runnable)} and {@link #follow} lose none.
     */
    public MessageConsumer<JsonObject> onChange(Handler<TokenChange> handler) {
        return messages(message -> TokenChange.allOf(message.body()).forEach(handler::handle));
    }

    /**
     * Calls a handler for every change of a token, each once and in order, until the feed is closed.
     *
     * @param handler reads what changed, if that matters
     * @param reset runs at the start, and whenever changes may have been missed: reads everything that matters anew
     */
    public ChangeFeed onChange(Handler<TokenChange> handler, Runnable reset) {
        return follow(null, null, piece -> {
            if (piece.reset()) {
                reset.run();
            }
            piece.events().forEach(event -> handler.handle(event.change()));
            return Future.succeededFuture();
        });
    }

    /**
     * Follows the changes of tokens, each once and in order, on the caller's context.
     *
     * @param project whose changes, or null for all
     * @param since where to go on, or null: then the first piece is a reset
     * @param consumer is given the next piece when the future it returned has completed; when that fails, a reset. A future
     *     that never completes ends the feed
     */
    public ChangeFeed follow(String project, EventId since, Function<TokenEvents, Future<?>> consumer) {
        return follow(project, since, consumer, ChangeFeed.POLL_MILLIS, ChangeFeed.RETRY_MILLIS);
    }

    ChangeFeed follow(
            String project,
            EventId since,
            Function<TokenEvents, Future<?>> consumer,
            long pollMillis,
            long retryMillis) {
        if (project != null) {
            TokenKey.requireProject(project);
        }
        return new ChangeFeed(vertx, this, project, since, consumer, pollMillis, retryMillis);
    }

    /**
     * What has changed since, at most 1,000 events at once.
     *
     * @param since behind which event, or null to ask for the present place only: take it before the first list
     * @param project whose changes, or null for all
     */
    public Future<TokenEvents> events(EventId since, String project) {
        JsonObject body = new JsonObject();
        if (since != null) {
            body.put("since", since.toString());
        }
        if (project != null) {
            body.put("project", project);
        }
        return this.<JsonObject>request(Operation.EVENTS, body, readDelivery).compose(reply -> {
            TokenEvents events = TokenEvents.of(reply);
            return events == null
                    ? Future.failedFuture(Failure.INTERNAL_ERROR.exception())
                    : Future.succeededFuture(events);
        });
    }

    MessageConsumer<JsonObject> messages(Handler<Message<JsonObject>> each) {
        String address = Operation.CHANGED.address(options.getBaseAddress());
        return options.isLocalOnly()
                ? vertx.eventBus().localConsumer(address, each)
                : vertx.eventBus().consumer(address, each);
    }

    private DeliveryOptions delivery(Duration timeout) {
        return new DeliveryOptions().setSendTimeout(timeout.toMillis()).setLocalOnly(options.isLocalOnly());
    }

    private <T> Future<T> request(Operation operation, Object body, DeliveryOptions delivery) {
        return vertx.eventBus()
                .<T>request(operation.address(options.getBaseAddress()), body, delivery)
                .transform(reply -> reply.succeeded()
                        ? Future.succeededFuture(reply.result().body())
                        : Future.failedFuture(Failure.of(reply.cause()).exception()));
    }

    /**
     * What a preload did.
     *
     * @param loaded tokens in memory afterwards
     * @param failed those that could not be loaded
     */
    public record PreloadResult(int loaded, List<Failed> failed) {
        public PreloadResult {
            failed = List.copyOf(failed);
        }

        /** A file that could not be loaded, and the machine name of the reason. */
        public record Failed(String filename, String reason) {}

        static PreloadResult of(JsonObject reply) {
            List<Failed> failed = new ArrayList<>();
            JsonArray array = reply.getJsonArray("failed", new JsonArray());
            for (int i = 0; i < array.size(); i++) {
                JsonObject one = array.getJsonObject(i);
                failed.add(new Failed(one.getString("filename"), one.getString("reason")));
            }
            return new PreloadResult(reply.getInteger("loaded", 0), failed);
        }
    }
}
