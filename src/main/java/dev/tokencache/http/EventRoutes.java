package dev.tokencache.http;

import static io.vertx.core.http.HttpMethod.GET;

import dev.tokencache.EventId;
import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** The stream of changes as Server-Sent Events (WHATWG HTML, section 9.2). */
final class EventRoutes {
    static final String PATH = "/api/v0/events";

    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /** Where no cache counts: what came after it can't be told. */
    private static final EventId NOWHERE = new EventId("0", 0);

    private final EventHub hub;
    private final Access access;

    EventRoutes(EventHub hub, Access access) {
        this.hub = hub;
        this.access = access;
    }

    /** The table. */
    List<Route> routes() {
        return List.of(new Route(
                GET,
                new PathTemplate(PATH),
                "events",
                Scope.TOKENS_LIST,
                Route.Target.NONE,
                Route.Body.NONE,
                List.of("project"),
                this::events));
    }

    private Future<Reply> events(Exchange exchange) {
        String project = exchange.text("project");
        Caller caller = exchange.caller();
        if (project != null && !caller.mayProject(TokenKey.requireProject(project))) {
            throw Failure.FORBIDDEN.exception();
        }
        HttpServerRequest request = exchange.request();
        EventStream.Wish wish = new EventStream.Wish(
                project, caller, () -> access.authenticate(request), since(exchange.header(LAST_EVENT_ID)));
        return Future.succeededFuture(
                Reply.streamed(EVENT_STREAM, response -> hub.stream(wish, request.connection(), response)));
    }

    /** A browser sends on what it was given, by whomever: what is none of our ids is a place we can't go on from. */
    private static EventId since(String header) {
        if (header == null || header.isEmpty()) {
            return null;
        }
        EventId id = EventId.parse(header);
        return id == null ? NOWHERE : id;
    }
}
