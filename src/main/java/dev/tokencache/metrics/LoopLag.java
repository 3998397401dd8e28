package dev.tokencache.metrics;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How late a timer fires on each event loop: that long everything else on that loop has waited too. */
final class LoopLag {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MILLIS = 1_000_000;

    private final List<Durations> loops = new ArrayList<>();
    private final List<ScheduledFuture<?>> timers = new ArrayList<>();

    /** Watches all event loops of a Vert.x until {@link #close}. */
    LoopLag(Vertx vertx) {
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            Durations late = new Durations(MILLIS, 5 * MILLIS, 25 * MILLIS, 100 * MILLIS, 500 * MILLIS, 2_500 * MILLIS);
            loops.add(late);
            timers.add(loop.scheduleWithFixedDelay(new Probe(late), PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS));
        }
    }

    /** Runs on its loop only. */
    private static final class Probe implements Runnable {
        private final Durations late;
        private long dueNanos = System.nanoTime() + PERIOD_NANOS;

        Probe(Durations late) {
            this.late = late;
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            late.record(Math.max(0, now - dueNanos));
            dueNanos = now + PERIOD_NANOS;
        }
    }

    MetricSnapshot snapshot() {
        HistogramSnapshot.Builder all = HistogramSnapshot.builder()
                .name("tokencache_event_loop_lag_seconds")
                .unit(Unit.SECONDS)
                .help("How late a timer of an event loop fires, looked at five times a second.");
        for (int i = 0; i < loops.size(); i++) {
            all.dataPoint(loops.get(i).snapshot(Labels.of("loop", Integer.toString(i))));
        }
        return all.build();
    }

    void close() {
        timers.forEach(timer -> timer.cancel(false));
    }
}
