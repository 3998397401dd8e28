package dev.tokencache.http;

import dev.tokencache.Telemetry;
import dev.tokencache.Tracing;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Tells the telemetry of the answers of one HTTP instance. */
final class Answers {
    private static final String ROUTE = Answers.class.getName();

    private final Telemetry telemetry;
    private final Tracing tracing;

    Answers(Telemetry telemetry, Tracing tracing) {
        this.telemetry = telemetry;
        this.tracing = tracing;
    }

    /** Waits for the end of a request's answer, however it ends. */
    void await(RoutingContext context) {
        long start = System.nanoTime();
        context.addEndHandler(ended ->
                answered(context.request(), context.get(ROUTE, Telemetry.NO_ROUTE), status(context.response()), start));
    }

    private static int status(HttpServerResponse response) {
        return response.ended() ? response.getStatusCode() : Telemetry.ABORTED;
    }

    /** Says on which route it is. */
    void on(RoutingContext context, PathTemplate path) {
        context.put(ROUTE, path.text());
        if (tracing.isOn()) {
            tracing.routed(path.text(), RequestId.of(context.request()));
        }
    }

    /** Tells of an answer that has been made and on which nobody waits. */
    void refused(HttpServerRequest request) {
        answered(request, Telemetry.NO_ROUTE, request.response().getStatusCode(), System.nanoTime());
    }

    private void answered(HttpServerRequest request, String route, int status, long startNanos) {
        telemetry.answered(route, request.method().name(), status, System.nanoTime() - startNanos);
    }
}
