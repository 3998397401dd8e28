package dev.tokencache.redis;

import dev.tokencache.Fingerprint;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenSource;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Puts into the tier what was loaded from a file, if its fingerprint stands for it alone: two edits within one tick of a file
 * system's clock share one, and the first of them must never be taken for the second. A version that is too young is read once
 * more when it isn't. In the background, and bounded. Lives on the link's event loop.
 */
final class Stores {
    /** Larger values are left to the files: to seal them would hold the event loop up. */
    static final int MAX_BYTES = 256 << 10;

    private static final int MAX_UNDER_WAY = 64;
    private static final int MAX_YOUNG = 1_000;
    private static final int AGAIN_AT_ONCE = 16;
    private static final long RACY_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long TICK_MILLIS = 1_000;

    /** By how much the clocks of this machine and of a file server may differ when a version is old by its own time. */
    private static final long SKEW_MILLIS = 60_000;

    private final Vertx vertx;
    private final Tier tier;
    private final TokenSource files;
    private final RedisSourceOptions options;
    private final Map<TokenKey, Young> young = new LinkedHashMap<>();
    private int underWay;
    private long timer = -1;
    private boolean closed;

    private record Young(Fingerprint fingerprint, long seenNanos) {}

    Stores(Vertx vertx, Tier tier, TokenSource files, RedisSourceOptions options) {
        this.vertx = vertx;
        this.tier = tier;
        this.files = files;
        this.options = options;
    }

    /**
     * Stores what was loaded.
     *
     * @param before what was found of the token before the load began
     * @param sighting what was known of the file, or null
     */
    void loaded(TokenKey key, Tier.Found before, TokenFile file, Sighting sighting) {
        boolean known = sighting != null && sighting.fingerprint().equals(file.fingerprint());
        if ((known && isSettled(file, sighting.firstSeenNanos())) || isOld(file.fingerprint())) {
            store(before, file);
        } else if (young.size() < MAX_YOUNG && !closed) {
            Young noted = young.get(key);
            if (noted == null || !noted.fingerprint().equals(file.fingerprint())) {
                young.put(key, new Young(file.fingerprint(), file.readNanos()));
            }
            if (timer < 0) {
                timer = vertx.setTimer(TICK_MILLIS, id -> tick());
            }
        }
    }

    private static boolean isSettled(TokenFile file, long firstSeenNanos) {
        return file.readNanos() - firstSeenNanos >= RACY_NANOS;
    }

    private boolean isOld(Fingerprint version) {
        long changed = TimeUnit.NANOSECONDS.toMillis(version.changedNanos());
        return options.getCurrentMillis().getAsLong() - changed >= SKEW_MILLIS;
    }

    /** Stores a version whose fingerprint stands for it alone. */
    void store(Tier.Found before, TokenFile file) {
        if (underWay >= MAX_UNDER_WAY || file.size() > MAX_BYTES) {
            return;
        }
        underWay++;
        tier.store(before, file).onComplete(done -> underWay--);
    }

    private void tick() {
        timer = -1;
        List<TokenKey> due = new ArrayList<>();
        for (Map.Entry<TokenKey, Young> entry : young.entrySet()) {
            if (due.size() == AGAIN_AT_ONCE
                    || options.getNanoTime().getAsLong() - entry.getValue().seenNanos() <= RACY_NANOS) {
                break;
            }
            due.add(entry.getKey());
        }
        due.forEach(key -> again(key, young.remove(key)));
        if (!young.isEmpty() && !closed) {
            timer = vertx.setTimer(TICK_MILLIS, id -> tick());
        }
    }

    private void again(TokenKey key, Young before) {
        tier.begin(key, false)
                .compose(found -> files.read(key).onSuccess(file -> {
                    if (file != null
                            && file.fingerprint().equals(before.fingerprint())
                            && isSettled(file, before.seenNanos())) {
                        store(found, file);
                    }
                }));
    }

    void close() {
        closed = true;
        young.clear();
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }
}
