package dev.tokencache.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the admin page, read from the class path: its own, and those few of Lit and uPlot that it imports. All are
 * served from one flat directory, and the page's import map says which module is which file.
 */
final class PageFiles {
    /** The document that all starts with. */
    static final String DOCUMENT = "index.html";

    /** The page's own, beside this class in {@code page}. */
    static final List<String> OWN = List.of(
            DOCUMENT,
            "icon.svg",
            "base.css",
            "parts.css",
            "table.css",
            "main.js",
            "session.js",
            "api.js",
            "batch.js",
            "events.js",
            "format.js",
            "json-text.js",
            "json-diff.js",
            "token-rows.js",
            "element.js",
            "icons.js",
            "app-shell.js",
            "sign-in.js",
            "overview-view.js",
            "stat-plots.js",
            "project-view.js",
            "token-table.js",
            "add-dialog.js",
            "token-dialog.js",
            "token-editor.js",
            "value-tree.js",
            "batch-dialog.js",
            "clear-dialog.js",
            "preload.js");

    private static final String WEBJARS = "META-INF/resources/webjars/";
    private static final String LIT_HTML = "lit-html/3.3.2/";

    /** Where the libraries' files lie below {@link #WEBJARS}, by the names that the page has for them. */
    static final Map<String, String> LIBRARIES = libraries();

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private PageFiles() {}

    private static Map<String, String> libraries() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("lit.js", "lit/3.3.2/index.js");
        files.put("lit-html.js", LIT_HTML + "lit-html.js");
        files.put("is-server.js", LIT_HTML + "is-server.js");
        files.put("directive.js", LIT_HTML + "directive.js");
        files.put("directive-helpers.js", LIT_HTML + "directive-helpers.js");
        files.put("repeat.js", LIT_HTML + "directives/repeat.js");
        files.put("lit-element.js", "lit-element/4.2.2/lit-element.js");
        files.put("reactive-element.js", "lit__reactive-element/2.1.2/reactive-element.js");
        files.put("css-tag.js", "lit__reactive-element/2.1.2/css-tag.js");
        files.put("uplot.js", "uplot/1.6.30/dist/uPlot.esm.js");
        files.put("uplot.css", "uplot/1.6.30/dist/uPlot.min.css");
        return files;
    }

    /** Whether the libraries are on the class path: they are optional. */
    static boolean arePresent() {
        return isPresent("lit.js") && isPresent("uplot.js");
    }

    private static boolean isPresent(String library) {
        return PageFiles.class.getClassLoader().getResource(WEBJARS + LIBRARIES.get(library)) != null;
    }

    /** The content of each by its name. Blocks. */
    static Map<String, byte[]> read() throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        ClassLoader loader = PageFiles.class.getClassLoader();
        for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
            try (InputStream in = loader.getResourceAsStream(WEBJARS + library.getValue())) {
                contents.put(library.getKey(), in.readAllBytes());
            }
        }
        for (String name : OWN) {
            try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
                contents.put(name, in.readAllBytes());
            }
        }
        return contents;
    }

    static String contentType(String name) {
        return TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    }
}
