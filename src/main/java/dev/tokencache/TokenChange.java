package dev.tokencache;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One change of one token, as the cache numbers and publishes it: once per change, whoever made it.
 *
 * @param project whose token
 * @param filename the file's name
 * @param kind what happened
 * @param etag entity tag of the new version, or null when it isn't known or the token is gone
 */
public record TokenChange(String project, String filename, Kind kind, String etag) {
    /** What can happen to a token. */
    public enum Kind {
        ADDED,
        CHANGED,
        REMOVED;

        /** The name in bus messages and events: lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of that wire name, or null. */
        public static Kind ofWireName(String name) {
            for (Kind kind : values()) {
                if (kind.wireName().equals(name)) {
                    return kind;
                }
            }
            return null;
        }
    }

    public TokenChange {
        Objects.requireNonNull(project);
        Objects.requireNonNull(filename);
        Objects.requireNonNull(kind);
    }

    /** As a member of {@code changes} in {@link Operation#CHANGED}. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("project", project)
                .put("filename", filename)
                .put("kind", kind.wireName());
        return etag == null ? json : json.put("etag", etag);
    }

    /** The changes of a {@link Operation#CHANGED} message; what is no change is left out. */
    public static List<TokenChange> allOf(JsonObject message) {
        List<TokenChange> changes = new ArrayList<>();
        if (message.getValue("changes") instanceof JsonArray array) {
            for (Object element : array) {
                if (element instanceof JsonObject json
                        && json.getValue("project") instanceof String project
                        && json.getValue("filename") instanceof String filename
                        && json.getValue("kind") instanceof String name
                        && Kind.ofWireName(name) != null) {
                    String etag = json.getValue("etag") instanceof String tag ? tag : null;
                    changes.add(new TokenChange(project, filename, Kind.ofWireName(name), etag));
                }
            }
        }
        return changes;
    }
}
