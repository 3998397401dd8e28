package dev.tokencache.http;

import dev.tokencache.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The admin page, served from memory. It needs no token: it asks for one, and knows no more than any other caller of the
 * REST interface. Its policy lets it load nothing from elsewhere, run no script that isn't one of its files, and be framed by
 * nobody.
 */
final class AdminPage {
    private static final String POLICY = "default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types lit-html";
    private static final String MAP_START = "<script type=\"importmap\">";
    private static final String MAP_END = "</script>";

    private final Vertx vertx;
    private Future<Loaded> loaded;

    AdminPage(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * The page in memory.
     *
     * @param headers what all of its files have
     */
    private record Loaded(Map<String, Content> files, Map<String, String> headers) {}

    private record Content(Buffer bytes, String tag) {}

    /** None when the libraries are not on the class path, as in an application that embeds the verticle without them. */
    List<Route> routes() {
        return PageFiles.arePresent()
                ? List.of(
                        Route.open("/", exchange -> file(PageFiles.DOCUMENT)),
                        Route.open("/page/{file}", exchange -> file(exchange.required("file"))))
                : List.of();
    }

    /** Read when somebody opens the page for the first time, so that no start waits for it; and not on the event loop. */
    private Future<Reply> file(String name) {
        if (loaded == null || loaded.failed()) {
            loaded = vertx.executeBlocking(AdminPage::load, false);
        }
        return loaded.map(page -> {
            Content content = page.files().get(name);
            if (content == null) {
                throw Failure.NOT_FOUND.exception();
            }
            return Reply.of(PageFiles.contentType(name), content.bytes()::copy)
                    .tagged(content.tag())
                    .withHeaders(page.headers());
        });
    }

    private static Loaded load() throws IOException {
        Map<String, Content> files = new HashMap<>();
        PageFiles.read()
                .forEach((name, bytes) -> files.put(name, new Content(Buffer.buffer(bytes), ContentTag.of(bytes))));
        String hash = importMapHash(files.get(PageFiles.DOCUMENT).bytes());
        return new Loaded(
                Map.copyOf(files),
                Map.of(
                        "cache-control",
                                "no-cache", // asked for again each time, by its tag: a new version shows at once
                        "content-security-policy", POLICY.formatted(hash),
                        "referrer-policy", "no-referrer",
                        "cross-origin-opener-policy", "same-origin"));
    }

    /** The only script that stands in the document itself. */
    private static String importMapHash(Buffer document) {
        String text = document.toString(StandardCharsets.UTF_8);
        int start = text.indexOf(MAP_START) + MAP_START.length();
        byte[] map = text.substring(start, text.indexOf(MAP_END, start)).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(ContentTag.sha256(map));
    }
}
