package dev.tokencache.http;

import dev.tokencache.PageQuery;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sends a project's tokens, one a line, in byte order of their names. The next page is asked for when the client has taken the
 * last one, so that at most one is in memory.
 */
final class ExportStream {
    private static final int PAGE = 200;

    /**
     * A line break in JSON stands between two tokens, never inside a string (RFC 8259 section 7), and so do the blanks behind
     * it: without them the text is the same, in one line.
     */
    private static final Pattern BREAKS = Pattern.compile("[\\r\\n]+[ \\t\\r\\n]*+");

    private final TokenCache cache;
    private final Access access;
    private final String project;
    private final HttpServerRequest request;
    private final RequestAudit audit;
    private final Promise<Void> done = Promise.promise();
    private Page first;

    private ExportStream(TokenCache cache, Access access, Exchange exchange) {
        this.cache = cache;
        this.access = access;
        this.project = exchange.required("project");
        this.request = exchange.request();
        this.audit = exchange.audit();
    }

    /** Lines, and where those behind them begin; null for nowhere. */
    private record Page(Buffer lines, String cursor) {}

    /** Reads the first page, before anything is sent: what fails now is an answer like any other. */
    static Future<ExportStream> open(TokenCache cache, Access access, Exchange exchange) {
        ExportStream stream = new ExportStream(cache, access, exchange);
        return stream.read(null).map(page -> {
            stream.first = page;
            return stream;
        });
    }

    /** Sends all; fails when the tokens can't be read, the client is gone or its bearer token is no longer accepted. */
    Future<Void> run(HttpServerResponse response) {
        Page page = first;
        first = null;
        send(response, page);
        return done.future();
    }

    /** A loop of calls rather than of composed futures, which would all be completed one inside the other. */
    private void send(HttpServerResponse response, Page page) {
        Future<Void> sent = page.lines().length() == 0 ? Future.succeededFuture() : response.write(page.lines());
        if (page.cursor() == null) {
            sent.onComplete(done);
            return;
        }
        sent.compose(taken -> access.stillAccepts(request))
                .compose(accepted -> read(page.cursor()))
                .onFailure(done::tryFail)
                .onSuccess(next -> send(response, next));
    }

    private Future<Page> read(String cursor) {
        return cache.page(new PageQuery(project).setValues(true).setLimit(PAGE).setCursor(cursor))
                .compose(page -> {
                    List<TokenKey> read = new ArrayList<>();
                    Buffer lines = render(page.getJsonArray("tokens"), read);
                    return audit.wereRead(read).map(new Page(lines, page.getString("cursor")));
                });
    }

    /** @param read takes the tokens whose values are in it */
    private Buffer render(JsonArray tokens, List<TokenKey> read) {
        Buffer lines = Buffer.buffer();
        for (int i = 0; i < tokens.size(); i++) {
            JsonObject token = tokens.getJsonObject(i);
            if (TokenItem.hasValue(token)) {
                read.add(new TokenKey(project, token.getString("filename")));
            }
            TokenItem.append(lines, token, inOneLine(token.getString("json", "")));
            lines.appendString("\n");
        }
        return lines;
    }

    static String inOneLine(String json) {
        return json.indexOf('\n') < 0 && json.indexOf('\r') < 0
                ? json
                : BREAKS.matcher(json).replaceAll("");
    }
}
