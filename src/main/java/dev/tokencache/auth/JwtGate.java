package dev.tokencache.auth;

import dev.tokencache.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Says who sent a request, or that nobody knows. It judges header and claims of a bearer token itself, strictly, before the
 * library checks the signature: the library alone accepts tokens without an end, with duplicate members, unknown critical
 * members and other spellings of the same signature. For every thread; one serves all HTTP instances of a process.
 */
public final class JwtGate {
    private static final System.Logger LOG = System.getLogger(JwtGate.class.getName());
    private static final String SCHEME = "Bearer ";
    private static final int MAX_HEADER = SCHEME.length() + UnverifiedToken.MAX_LENGTH;

    /** More tokens with an unknown key at once don't wait for a fetch of the key set. */
    private static final int MAX_AWAITING = 256;

    private final AuthOptions options;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Vertx vertx;
    private final SignatureChecks checks;
    private final AtomicInteger awaiting = new AtomicInteger();
    private RemoteKeys remote;
    private KeyRing ring;

    /** What the ring gave last. */
    private Held held;

    private Instant notBefore;
    private volatile State state;

    /** Held while files are read, which may hang: nobody waits for it to change a rule. */
    private final Object reading = new Object();

    private record Held(List<VerificationKey> keys, Set<String> revoked) {}

    /** All that changes together; replaced as a whole. */
    private record State(List<VerificationKey> keys, ClaimRules rules, Verdicts verdicts) {
        /** Whether the token names a key that none here goes by. */
        boolean namesUnknownKey(UnverifiedToken token) {
            return token.keyId() != null
                    && keys.stream().noneMatch(key -> token.keyId().equals(key.id()));
        }
    }

    private JwtGate(Vertx vertx, AuthOptions options, Clock clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.vertx = vertx;
        this.options = new AuthOptions(options);
        this.clock = clock;
        notBefore = options.getNotBefore();
        checks = new SignatureChecks(vertx);
    }

    /**
     * A gate with the keys that the options name, on the system's clock.
     *
     * @return fails with {@link KeyException} when a key is missing, unreadable, short, malformed or a sample, there is none,
     *     or the key set's URL gives no key within {@link AuthOptions#setJwksPatience}
     */
    public static Future<JwtGate> create(Vertx vertx, AuthOptions options) {
        return create(vertx, options, Clock.systemUTC());
    }

    /** The same, on another clock. */
    public static Future<JwtGate> create(Vertx vertx, AuthOptions options, Clock clock) {
        return create(vertx, options, clock, System::getenv);
    }

    static Future<JwtGate> create(Vertx vertx, AuthOptions options, Clock clock, UnaryOperator<String> environment) {
        return create(vertx, options, clock, environment, System::nanoTime);
    }

    static Future<JwtGate> create(
            Vertx vertx, AuthOptions options, Clock clock, UnaryOperator<String> environment, LongSupplier nanoTime) {
        if (options.getLeeway().isNegative() || options.getMaxLifetime().toSeconds() < 1) {
            return Future.failedFuture(new IllegalArgumentException("leeway below zero or maxLifetime below a second"));
        }
        JwtGate gate = new JwtGate(vertx, options, clock, nanoTime);
        return gate.fetchKeys()
                .compose(fetched -> gate.checks.execute(() -> {
                    gate.load(environment);
                    return gate;
                }))
                .recover(failure -> gate.close().transform(closed -> Future.failedFuture(failure)));
    }

    private Future<Void> fetchKeys() {
        if (options.getJwksUrl() == null) {
            return Future.succeededFuture();
        }
        return checks.execute(() -> new KeySetUrl(vertx, options.getJwksUrl(), options.getJwksCaFile()))
                .compose(url -> {
                    remote = new RemoteKeys(
                            vertx,
                            url,
                            options.getJwksRefresh(),
                            nanoTime,
                            () -> checks.execute(() -> {
                                refresh();
                                return null;
                            }));
                    return remote.start(options.getJwksPatience());
                });
    }

    private void load(UnaryOperator<String> environment) {
        synchronized (reading) {
            ring = new KeyRing(vertx, options, environment, remote);
            take();
        }
    }

    private synchronized void take() {
        held = new Held(ring.keys(), ring.revoked());
        renew();
    }

    /** New keys or rules: what was known about tokens is worth nothing any more. */
    private void renew() {
        ClaimRules rules = new ClaimRules(
                options.getIssuer(),
                options.getAudience(),
                options.getLeeway(),
                options.getMaxLifetime(),
                notBefore,
                held.revoked);
        state = new State(held.keys, rules, new Verdicts());
    }

    /**
     * Who sent a header that was accepted before and is still good, or null: then {@link #authenticate} has to be asked.
     * Takes a lookup and no more.
     *
     * @param authorization the Authorization header, or null
     */
    public Caller remembered(String authorization) {
        return authorization == null || authorization.length() > MAX_HEADER
                ? null
                : state.verdicts.accepted(authorization, now());
    }

    /**
     * Who sent a header. The future is completed on the caller's context; it never blocks it: signatures other than HS* are
     * checked on a worker. It fails with {@link Failure#UNAUTHORIZED} whatever is wrong with the token, and with
     * {@link Failure#OVERLOADED} when too many signatures are being checked.
     *
     * @param authorization the Authorization header, or null
     */
    public Future<Caller> authenticate(String authorization) {
        return authenticate(authorization, () -> true);
    }

    /**
     * The same, with a say in whether a signature may be checked now: asked once all that costs little has been looked at,
     * and only if no check of the same header is known or under way. If not, fails with {@link Failure#THROTTLED}.
     */
    public Future<Caller> authenticate(String authorization, BooleanSupplier mayCheck) {
        try {
            return judge(authorization, mayCheck, remote != null);
        } catch (RuntimeException e) {
            // Nothing that a stranger sends may come out as another answer than a refusal.
            LOG.log(Level.WARNING, "auth_defect type={0}", e.getClass().getName());
            return refusal();
        }
    }

    private Future<Caller> judge(String authorization, BooleanSupplier mayCheck, boolean keysMayCome) {
        if (authorization == null
                || authorization.length() > MAX_HEADER
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refusal();
        }
        State current = state;
        Caller known = current.verdicts.accepted(authorization, now());
        if (known != null) {
            return Future.succeededFuture(known);
        }
        UnverifiedToken token = current.verdicts.refused(authorization)
                ? null
                : UnverifiedToken.parse(authorization.substring(SCHEME.length()));
        if (token == null) {
            return refusal();
        }
        List<VerificationKey> keys = current.keys.stream().filter(token::fits).toList();
        Caller caller = current.rules.caller(token.claims(), now());
        if (caller == null) {
            return refusal();
        }
        if (keys.isEmpty()) {
            return keysMayCome && current.namesUnknownKey(token)
                    ? awaitKeys(token, () -> judge(authorization, mayCheck, false))
                    : refusal();
        }
        Promise<Caller> pending = current.verdicts.pending().get(authorization);
        if (pending != null) {
            return checks.onOwnContext(pending.future());
        }
        if (!mayCheck.getAsBoolean()) {
            return Future.failedFuture(Failure.THROTTLED.exception());
        }
        return token.algorithm().family() == JwsAlgorithm.Family.HMAC
                ? settle(current, authorization, caller, signed(keys, token))
                : checks.run(
                        current.verdicts,
                        authorization,
                        () -> signed(keys, token),
                        signed -> settle(current, authorization, caller, signed));
    }

    private static boolean signed(List<VerificationKey> keys, UnverifiedToken token) {
        return keys.stream().anyMatch(key -> key.signed(token.text()));
    }

    /** The key may be a new one: looks for it where the keys come from, now and then, and judges once more. */
    private Future<Caller> awaitKeys(UnverifiedToken token, Supplier<Future<Caller>> again) {
        Future<Void> fetched = remote.early();
        if (fetched == null) {
            // A fetch may have ended since the keys were looked at, and have brought this one.
            return state.namesUnknownKey(token) ? refusal() : again.get();
        }
        if (awaiting.incrementAndGet() > MAX_AWAITING) {
            awaiting.decrementAndGet();
            return refusal();
        }
        return checks.onOwnContext(fetched)
                .onComplete(done -> awaiting.decrementAndGet())
                .compose(done -> again.get());
    }

    private Future<Caller> settle(State current, String authorization, Caller caller, boolean signed) {
        if (!signed) {
            current.verdicts.refuse(authorization);
            return refusal();
        }
        if (caller.expiresAt() <= now()) {
            return refusal();
        }
        current.verdicts.accept(authorization, caller);
        return Future.succeededFuture(caller);
    }

    private static Future<Caller> refusal() {
        return Future.failedFuture(Failure.UNAUTHORIZED.exception());
    }

    private long now() {
        return Math.floorDiv(clock.millis(), 1000L);
    }

    /**
     * Reads keys and revocations again; what is behind a URL is fetched without this. A source that is broken now keeps what
     * it gave before; that is logged once for each change. Blocks: for a worker, about once a second.
     *
     * @return whether anything changed; then nothing that was remembered about tokens is left
     */
    public boolean refresh() {
        synchronized (reading) {
            if (ring == null || !ring.refresh()) {
                return false;
            }
            take();
            LOG.log(
                    Level.INFO,
                    "auth_reloaded keys={0} revoked={1}",
                    state.keys.size(),
                    ring.revoked().size());
            return true;
        }
    }

    /**
     * From now on refuses tokens issued earlier than this, or that don't say when; null lifts the rule. It never waits for a
     * file.
     */
    public synchronized void notBefore(Instant earliest) {
        notBefore = earliest;
        renew();
    }

    /** Gives the workers back and fetches no more; checks under way still end. */
    public Future<Void> close() {
        if (remote != null) {
            remote.close();
        }
        return checks.close();
    }
}
