package dev.tokencache.redis;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says for nodes without files that the tier can be relied on: after each look of this node's watcher, once all that it found is
 * invalidated there. What this node cannot answer for it does not let pass:
 * <ul>
 *   <li>Edits made before it ran. It speaks only when another node has looked at everything after this one's first look, or
 *       else begins a new lineage first.
 *   <li>A server that has forgotten: flushed, or back with old data. Each word names the last one, and when that isn't there a
 *       new lineage comes first.
 *   <li>A look that is told late, as after the process was stopped for a while. It says nothing then.
 * </ul>
 * Lives on the link's event loop.
 */
final class Heartbeat {
    private static final long SLACK_MILLIS = 2_000;

    private final Tier tier;
    private final Drops drops;
    private final LongSupplier nanoTime;
    private final String node = Nonces.next();
    private boolean joined;
    private boolean busy;
    private Beat last;
    private long number;
    private Map<String, Long> others;
    private long joinBy;

    Heartbeat(Tier tier, Drops drops, LongSupplier nanoTime) {
        this.tier = tier;
        this.drops = drops;
        this.nanoTime = nanoTime;
    }

    /** A look was told whole. */
    void looked(long startedNanos, long intervalMillis) {
        long lateness = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startedNanos);
        if (busy || lateness > 2 * intervalMillis + SLACK_MILLIS) {
            return;
        }
        busy = true;
        drops.settle()
                .compose(settled -> settled ? speak(intervalMillis) : Future.succeededFuture())
                .onComplete(done -> busy = false);
    }

    private Future<Void> speak(long intervalMillis) {
        return joined
                ? beat(intervalMillis)
                : join().compose(in -> in ? beat(intervalMillis) : Future.succeededFuture());
    }

    /** Whether edits made before this node's first look are accounted for. */
    private Future<Boolean> join() {
        return tier.check(List.of()).compose(state -> {
            if (others == null) {
                others = new HashMap<>();
                long slowest = 0;
                for (Beat.Said said : state.said()) {
                    others.put(said.node(), said.number());
                    slowest = Math.max(slowest, said.intervalMillis());
                }
                joinBy = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(3 * slowest + SLACK_MILLIS);
            }
            // The first word after that one may be of a look that began before it; the second is of a later one.
            joined = state.said().stream()
                    .anyMatch(said -> others.containsKey(said.node()) && said.number() >= others.get(said.node()) + 2);
            if (joined || (!others.isEmpty() && nanoTime.getAsLong() - joinBy < 0)) {
                return Future.succeededFuture(joined);
            }
            return drops.renew().map(done -> joined = true);
        });
    }

    private Future<Void> beat(long intervalMillis) {
        Beat next = tier.beat(node, ++number, intervalMillis);
        return tier.beat(last, next).compose(said -> {
            last = said ? next : null;
            return said ? Future.succeededFuture() : drops.renew();
        });
    }
}
