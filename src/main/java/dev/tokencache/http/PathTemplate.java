package dev.tokencache.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The path of a route: segments that are fixed, and names in braces that stand for one segment each, as OpenAPI writes them.
 *
 * @param text such as {@code /api/v0/tokens/{project}/{filename}}
 */
record PathTemplate(String text) {
    /** The same as the router writes it, its names behind colons. */
    String routerPath() {
        return text.replace('{', ':').replace("}", "");
    }

    /**
     * What the names stand for in a path of this form, decoded once; empty for a template without names.
     *
     * @throws dev.tokencache.TokenCacheException {@link dev.tokencache.Failure#BAD_REQUEST} when an escape in it is malformed
     */
    Map<String, String> parameters(String path) {
        if (text.indexOf('{') < 0) {
            return Map.of();
        }
        String[] segments = text.split("/", -1);
        String[] values = path.split("/", segments.length);
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            String segment = segments[i];
            if (segment.startsWith("{")) {
                parameters.put(
                        segment.substring(1, segment.length() - 1),
                        PercentCoding.decode(values[i], 0, values[i].length(), false));
            }
        }
        return parameters;
    }
}
