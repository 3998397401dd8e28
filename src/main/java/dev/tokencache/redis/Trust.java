package dev.tokencache.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether a node without files may rely on the tier: a node with files has said within the last looks that everything is
 * invalidated there which had to be. Only a word with a higher number than any of that node before counts. Neither does the
 * tier count for the life of its values after this machine's wall clock was set: how old they are goes by that.
 */
final class Trust {
    private static final long SLACK_MILLIS = 1_000;
    private static final int MAX_NODES = 256;

    private final RedisSourceOptions options;
    private final LongSupplier nanoTime;
    private final Map<String, Long> heard = new HashMap<>();
    private boolean confirmed;
    private long confirmedNanos;
    private long slowestMillis;
    private long clocksApart;
    private boolean barred;
    private long barredNanos;

    Trust(RedisSourceOptions options) {
        this.options = options;
        this.nanoTime = options.getNanoTime();
        clocksApart = clocksApart();
    }

    private long clocksApart() {
        return options.getCurrentMillis().getAsLong() - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    /**
     * Takes in what nodes have said.
     *
     * @param askedNanos when the question was sent: what is confirmed is confirmed since then
     */
    void hear(List<Beat.Said> said, long askedNanos) {
        for (Beat.Said one : said) {
            Long before = heard.get(one.node());
            if (before == null && heard.size() >= MAX_NODES) {
                heard.clear(); // of nodes that are long gone
            }
            if (before == null || before < one.number()) {
                heard.put(one.node(), one.number());
            }
            if (before != null && before < one.number()) {
                confirmed = true;
                confirmedNanos = askedNanos;
                slowestMillis = one.intervalMillis();
            }
        }
    }

    /** Looks at the clocks. */
    void tick() {
        long apart = clocksApart();
        if (Math.abs(apart - clocksApart) > SLACK_MILLIS) {
            clocksApart = apart;
            barred = true;
            barredNanos = nanoTime.getAsLong();
        }
    }

    boolean isGiven() {
        long now = nanoTime.getAsLong();
        if (barred && millis(now - barredNanos) > options.getTtl().toMillis()) {
            barred = false;
        }
        long bound = 2 * Math.max(slowestMillis, options.getInterval().toMillis()) + SLACK_MILLIS;
        return confirmed && !barred && millis(now - confirmedNanos) <= bound;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
