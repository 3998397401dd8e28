package dev.tokencache.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A server that accepts requests, until it is stopped. For any thread but event loops. */
final class RunningServer {
    private static final System.Logger LOG = System.getLogger(RunningServer.class.getName());

    /** A second less than a stop may take, for what else a stop does. */
    private static final long STOP_SECONDS = 9;

    private final Vertx vertx;
    private final Supplier<Future<Void>> parts;
    private final String deployment;
    private final StateDir state;
    private final int port;
    private final Runnable afterwards;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A server that runs.
     *
     * @param parts ends what the deployment is made of, each in its turn
     * @param afterwards what is to be ended once the Vert.x is closed; may block
     */
    RunningServer(
            Vertx vertx,
            Supplier<Future<Void>> parts,
            String deployment,
            StateDir state,
            int port,
            Runnable afterwards) {
        this.vertx = vertx;
        this.parts = parts;
        this.deployment = deployment;
        this.state = state;
        this.port = port;
        this.afterwards = afterwards;
    }

    /** The port that requests are served on; 0 without the role {@code http}. */
    int port() {
        return port;
    }

    /** Waits until the server has stopped. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Stops accepting, lets finish what runs, closes everything and gives the state directory back; within 10 s. */
    void stop() {
        if (!stopping.compareAndSet(false, true)) {
            awaitQuietly();
            return;
        }
        ServerLog.stopping();
        long start = System.nanoTime();
        long deadline = start + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        try {
            await(parts.get().eventually(() -> vertx.undeploy(deployment)), deadline);
        } finally {
            // Not composed with the undeployment: its context's event loop ends with the close, and the answer with it.
            boolean closed = await(vertx.close(), deadline);
            try {
                afterwards.run();
            } finally {
                state.close();
                stopped.countDown();
            }
            LOG.log(
                    closed ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                    (closed ? "stopped in " : "not everything ended, left after ")
                            + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }

    /** Whether it ended in time, well or not. */
    private static boolean await(Future<?> future, long deadline) {
        CountDownLatch done = new CountDownLatch(1);
        future.onComplete(result -> done.countDown());
        try {
            return done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitQuietly() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
