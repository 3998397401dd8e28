package dev.tokencache.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

/** A token among others, as pages of values and exports send it: {@code {filename, data}}, or {@code {filename, error}}. */
final class TokenItem {
    private TokenItem() {}

    /** Whether a page's token has a value. */
    static boolean hasValue(JsonObject token) {
        return token.containsKey("json");
    }

    /**
     * Appends a token; the file is spliced in as it is, so that no number is rendered anew.
     *
     * @param token of a page of values, not null
     * @param json the file's text; not looked at if the token has no value
     */
    static void append(Buffer body, JsonObject token, String json) {
        body.appendString("{\"filename\":\"").appendString(token.getString("filename"));
        if (hasValue(token)) {
            body.appendString("\",\"data\":").appendString(json);
        } else {
            body.appendString("\",\"error\":").appendString(Json.encode(token.getString("error")));
        }
        body.appendString("}");
    }
}
