package dev.tokencache;

/**
 * Hears what happens that nobody else counts, for figures about it. Each method is called on the thread on which it happens,
 * event loops included: it returns at once, throws nothing and is for any thread. What it is told holds no name of a file, no
 * subject and nothing that a client has made up, so that all of it can be a label.
 */
public interface Telemetry {
    /** Hears nothing. */
    Telemetry NONE = new Telemetry() {};

    /** The route of requests that are on none. */
    String NO_ROUTE = "none";

    /** The status of requests whose client went away before it had an answer. */
    int ABORTED = 0;

    /**
     * A request was answered.
     *
     * @param route the path of the route with names in braces for what varies, or {@link #NO_ROUTE}
     * @param method as the client sent it, whatever that is: the one thing that has to be held against what is known
     * @param status HTTP status, or {@link #ABORTED}
     * @param nanos from the end of the request's head to the end of the answer, in nanoseconds
     */
    default void answered(String route, String method, int status, long nanos) {}

    /**
     * The cache has got an answer from its source, whichever.
     *
     * @param nanos how long it took, in nanoseconds
     */
    default void loaded(long nanos) {}

    /**
     * Streams of events began or ended.
     *
     * @param change how many more there are now, negative for fewer
     */
    default void streaming(int change) {}
}
