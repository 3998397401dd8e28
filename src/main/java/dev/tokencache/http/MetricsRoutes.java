package dev.tokencache.http;

import static io.vertx.core.http.HttpMethod.GET;

import dev.tokencache.Failure;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** The figures of the process, for Prometheus. */
final class MetricsRoutes {
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");

    private final HttpOptions.Scrape scrape;

    /** @param scrape null when there are no figures */
    MetricsRoutes(HttpOptions.Scrape scrape) {
        this.scrape = scrape;
    }

    List<Route> routes() {
        return List.of(new Route(
                GET,
                new PathTemplate("/metrics"),
                "metrics",
                Scope.METRICS_READ,
                Route.Target.NONE,
                Route.Body.NONE,
                List.of(),
                this::metrics));
    }

    private Future<Reply> metrics(Exchange exchange) {
        return scrape == null
                ? Future.failedFuture(Failure.NOT_FOUND.exception())
                : scrape.of(exchange.caller()::mayProject).map(text -> Reply.of(TEXT, () -> text));
    }
}
