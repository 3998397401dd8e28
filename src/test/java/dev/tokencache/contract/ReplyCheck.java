package dev.tokencache.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokencache.contract.Contract.Place;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Says in which way a reply is not what the contract promises. */
public final class ReplyCheck {
    private static final Contract CONTRACT = Contract.published();

    /** What the contract leaves to HTTP, to CORS and to HSTS, and says so. */
    private static final Set<String> ANYWHERE = Set.of(
            "content-type",
            "content-length",
            "transfer-encoding",
            "connection",
            "vary",
            "strict-transport-security",
            "access-control-allow-origin",
            "access-control-expose-headers",
            "access-control-allow-methods",
            "access-control-allow-headers",
            "access-control-max-age");

    private ReplyCheck() {}

    /** Fails with route, status and place unless the contract has this reply; returns it. */
    public static HttpResponse<byte[]> checked(HttpResponse<byte[]> response) {
        check(response, response.body());
        return response;
    }

    /** The same for a reply whose body was read as text. */
    public static HttpResponse<String> checkedText(HttpResponse<String> response) {
        check(response, response.body().getBytes(StandardCharsets.UTF_8));
        return response;
    }

    private static void check(HttpResponse<?> response, byte[] body) {
        check(
                response.request().method(),
                response.request().uri().getRawPath(),
                response.statusCode(),
                response.headers().map(),
                body);
    }

    /**
     * The same for a reply that was read from a socket.
     *
     * @param rawPath as it was asked for, without the query
     * @param body without its transfer coding; of a stream that goes on, what has come so far
     */
    public static void check(
            String method, String rawPath, int status, Map<String, List<String>> headers, byte[] body) {
        List<String> faults = faults(method, rawPath, status, headers, body);
        if (!faults.isEmpty()) {
            String template = CONTRACT.template(rawPath);
            throw new AssertionError("not in the contract: " + method + " " + (template == null ? rawPath : template)
                    + " " + status + ": " + String.join("; ", faults));
        }
    }

    /** What is wrong with a reply, each with its place; none when it is in the contract. */
    static List<String> faults(
            String method, String rawPath, int status, Map<String, List<String>> headers, byte[] body) {
        List<Place> places = CONTRACT.replies(method, rawPath, status);
        if (places.isEmpty()) {
            return List.of("no such status");
        }
        List<String> faults = List.of();
        for (Place place : places) {
            faults = faults(place, method, status, headers, body);
            if (faults.isEmpty()) {
                return faults;
            }
        }
        return faults;
    }

    private static List<String> faults(
            Place place, String method, int status, Map<String, List<String>> headers, byte[] body) {
        Map<String, List<String>> sent = new TreeMap<>();
        headers.forEach((name, values) -> sent.put(name.toLowerCase(Locale.ROOT), values));
        List<String> faults = new ArrayList<>();
        checkHeaders(place, sent, faults);
        String type = sent.containsKey("content-type")
                ? sent.get("content-type").get(0).split(";", 2)[0].strip()
                : null;
        JsonNode content = place.node().path("content");
        if (type == null ? content.size() > 0 : !content.has(type)) {
            faults.add("content type " + type);
        } else if (method.equals("HEAD") || type == null) {
            if (body.length > 0) {
                faults.add("a body of " + body.length + " bytes");
            }
        } else {
            Bodies.check(place.pointer() + "/content/" + type.replace("/", "~1"), type, status, body, faults);
        }
        return faults;
    }

    private static void checkHeaders(Place place, Map<String, List<String>> sent, List<String> faults) {
        Map<String, String> declared = new TreeMap<>();
        place.node()
                .path("headers")
                .fieldNames()
                .forEachRemaining(name -> declared.put(name.toLowerCase(Locale.ROOT), name));
        declared.forEach((lower, name) -> {
            Place header = CONTRACT.at(place.pointer() + "/headers/" + name);
            List<String> values = sent.get(lower);
            if (values != null) {
                values.forEach(value -> Bodies.checkHeader(header.pointer() + "/schema", name, value, faults));
                if (values.size() > 1) {
                    faults.add("header " + name + " comes more than once");
                }
            } else if (header.node().path("required").asBoolean()) {
                faults.add("header " + name + " is missing");
            }
        });
        sent.keySet().stream()
                .filter(name -> !declared.containsKey(name) && !ANYWHERE.contains(name))
                .forEach(name -> faults.add("header " + name + " is not documented"));
    }
}
