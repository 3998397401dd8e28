package dev.tokencache.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Sends the same request over and over: one at a time on each connection, the connections kept alive. */
interface LoadGenerator {
    /** What it is, for the table. */
    String name();

    /**
     * Sends for this long. Blocking.
     *
     * @throws IOException when a connection ends or a reply isn't a success; such a run has no figures
     */
    Load run(InetSocketAddress address, int connections, Duration duration) throws IOException, InterruptedException;

    /**
     * What one run gave.
     *
     * @param perSecond replies in a second
     * @param p50Micros median time from request to whole reply
     * @param p99Micros 99 % stayed below
     * @param requests how many replies there were
     */
    record Load(double perSecond, double p50Micros, double p99Micros, long requests) {}

    /**
     * The wrk on the PATH, or the one of this package.
     *
     * @param replyBytes how many bytes the longest reply has on the wire
     */
    static LoadGenerator choose(HttpRequest request, int replyBytes) {
        return Wrk.onPath()
                .<LoadGenerator>map(wrk -> new Wrk(wrk, request))
                .orElseGet(() -> new NioLoad(request.keepAlive(), replyBytes));
    }
}
