package dev.tokencache;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Follows a request through the parts of a server, for traces of it. Each method is called on the context on which the thing
 * is done, which is how it is known what belongs together: it returns at once and throws nothing of its own. What it is told
 * holds no name of a file, no subject and nothing that a client has made up.
 */
public interface Tracing {
    /** Follows nothing. */
    Tracing NONE = new Tracing() {};

    /** The name of a load of a value that a reader waits for, or joins. */
    String CACHE_LOAD = "cache load";

    /** Whether anything is followed. Who would have to work for what it tells asks first. */
    default boolean isOn() {
        return false;
    }

    /**
     * The HTTP request that is served here got on a route.
     *
     * @param route its path with names in braces for what varies
     * @param requestId as the reply's header and the audit log have it
     */
    default void routed(String route, String requestId) {}

    /** What is asked for here was in memory (HIT, for what is known to be absent too) or was not (MISS). */
    default void lookedUp(CacheStatus status) {}

    /**
     * Does something as a step of what is being done here.
     *
     * @param name a constant
     * @param work called at once; what it throws is thrown on
     * @return what the work returns
     */
    default <T> Future<T> step(String name, Supplier<Future<T>> work) {
        return work.get();
    }
}
