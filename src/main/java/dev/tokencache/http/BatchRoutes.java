package dev.tokencache.http;

import static dev.tokencache.http.Route.Target.PROJECT;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import dev.tokencache.TokenCache;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** Many tokens in one request, one a line (newline-delimited JSON), neither side ever in memory as a whole. */
final class BatchRoutes {
    private static final CharSequence LINES = HttpHeaders.createOptimized(Route.Body.LINES.mediaType());

    private final TokenCache cache;
    private final Access access;
    private final Deadlines deadlines;
    private final int maxLineBytes;

    /**
     * The routes.
     *
     * @param access whom to ask whether the caller's token is still accepted: either may take longer than that
     * @param deadlines from which the body of an import is freed once its sender is known: it may take as long as it keeps
     *     coming
     * @param maxLineBytes how long a line of an import may be
     */
    BatchRoutes(TokenCache cache, Access access, Deadlines deadlines, int maxLineBytes) {
        this.cache = cache;
        this.access = access;
        this.deadlines = deadlines;
        this.maxLineBytes = maxLineBytes;
    }

    /** The table. */
    List<Route> routes() {
        List<String> project = List.of("project");
        String base = ManagementRoutes.BASE;
        return List.of(
                new Route(
                        POST,
                        new PathTemplate(base + "tokens/import"),
                        "tokens/import",
                        Scope.TOKENS_WRITE,
                        PROJECT,
                        Route.Body.LINES,
                        project,
                        this::importLines),
                Route.management(GET, base, "tokens/export", Scope.TOKENS_READ, PROJECT, project, this::exportLines));
    }

    private Future<Reply> importLines(Exchange exchange) {
        deadlines.lift(exchange.request().connection());
        return Future.succeededFuture(
                Reply.streamed(LINES, response -> ImportStream.run(cache, access, exchange, response, maxLineBytes)));
    }

    private Future<Reply> exportLines(Exchange exchange) {
        return ExportStream.open(cache, access, exchange).map(export -> Reply.streamed(LINES, export::run));
    }
}
