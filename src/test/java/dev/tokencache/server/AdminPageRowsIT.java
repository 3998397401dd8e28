package dev.tokencache.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The table of a project with very many tokens, and the page across a restart of the server. */
@Timeout(120)
@ExtendWith(Chromium.class)
class AdminPageRowsIT {
    private static final int TOKENS = 50_000;
    private static final int MOST_ROWS_IN_DOCUMENT = 100;
    private static final int TRIES = 3;
    private static final double MOST_FRAME_MILLIS = 1_000;
    private static final int FRAMES = 60;
    private static final String LONGEST_FRAME = "async frames => {"
            + " const list = document.querySelector('.rows-scroller'); let longest = 0, last = performance.now();"
            + " for (let i = 0; i < frames; i++) {"
            + "   list.scrollTop = list.scrollHeight * (i % 2 ? i : frames - i) / frames;"
            + "   await new Promise(requestAnimationFrame);"
            + "   longest = Math.max(longest, performance.now() - last); last = performance.now(); }"
            + " return longest; }";

    @TempDir
    static Path directory;

    @Test
    void fiftyThousandTokens_firstRowsAtOnce_andScrollingToTheEnd() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/large"));
        for (int i = 0; i < TOKENS; i++) {
            Files.writeString(project.resolve("t%05d.json".formatted(i)), "{}");
        }
        try (ServerProcess server = ServerProcess.start(directory, "watch.interval=1h", "watch.hints=false");
                Window window =
                        Window.signedIn(server, server.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS))) {
            long start = System.nanoTime();
            window.project("large");
            window.row("t00000.json").waitFor();
            long first = millisSince(start);
            assertThat(window.page().locator(".foot")).containsText("of 50,000 loaded");
            window.screenshot("rows");

            start = System.nanoTime();
            window.button("Load all").click();
            assertThat(window.page().locator(".foot"))
                    .hasText("50,000 tokens", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
            long all = millisSince(start);

            start = System.nanoTime();
            window.page().evaluate("const s = document.querySelector('.rows-scroller'); s.scrollTop = s.scrollHeight");
            window.row("t49999.json").waitFor();
            long end = millisSince(start);
            double longest = longestFrame(window);
            for (int i = 1; i < TRIES && longest >= MOST_FRAME_MILLIS; i++) {
                longest = Math.min(longest, longestFrame(window)); // the machine may have paused for others
            }
            Locator rows = window.page().locator(".rows .row");
            assertThat(rows.count()).isBetween(10, MOST_ROWS_IN_DOCUMENT);

            start = System.nanoTime();
            window.button("Name").click();
            window.page().evaluate("document.querySelector('.rows-scroller').scrollTop = 0");
            window.row("t49999.json").waitFor();
            long sorted = millisSince(start);
            start = System.nanoTime();
            window.page().getByLabel("Search by the start of the name").fill("t4321");
            window.row("t43210.json").waitFor();
            long found = millisSince(start);
            System.out.printf(
                    "50,000 tokens in the page: first rows %d ms, all loaded %d ms, end in sight %d ms, longest of %d"
                            + " scrolled frames %.0f ms, sorted %d ms, found %d ms%n",
                    first, all, end, FRAMES, longest, sorted, found);
            // Far from what was measured: this is about the order of magnitude, on a machine that does other work too.
            assertThat(first).isLessThan(5_000);
            assertThat(end).isLessThan(5_000);
            assertThat(longest).isLessThan(MOST_FRAME_MILLIS);
            assertThat(found).isLessThan(5_000);
        }
    }

    private static double longestFrame(Window window) {
        return ((Number) window.page().evaluate(LONGEST_FRAME, FRAMES)).doubleValue();
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void loadAll_whileAPageIsBeingRead_waitsForIt_andTakesInWhatChangesMeanwhile() throws Exception {
        Path own = Files.createDirectories(directory.resolve("held"));
        Path project = Files.createDirectories(own.resolve("accounts/demo"));
        for (int i = 0; i < 1_500; i++) {
            Files.writeString(project.resolve("t%04d.json".formatted(i)), "{}");
        }
        try (ServerProcess server = ServerProcess.start(own);
                Window window =
                        Window.signedIn(server, server.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS))) {
            window.project("demo");
            assertThat(window.page().locator(".foot")).containsText("200 of 1,500 loaded");
            window.see("Live");
            List<Route> held = new ArrayList<>();
            window.page().route("**/tokens/demo?*limit=1000*", held::add);
            window.page().evaluate("const s = document.querySelector('.rows-scroller'); s.scrollTop = s.scrollHeight");
            window.page().waitForCondition(() -> held.size() == 1);

            window.button("Load all").click();
            window.button("Stop loading").waitFor();
            Files.writeString(project.resolve("t0000.json"), "{\"session\":\"not-a-real-one\"}");
            window.page().evaluate("document.querySelector('.rows-scroller').scrollTop = 0");
            assertThat(window.row("t0000.json")).containsText("2 B");
            window.page().unroute("**/tokens/demo?*limit=1000*");
            held.forEach(Route::resume);

            assertThat(window.page().locator(".foot")).hasText("1,500 tokens");
            assertThat(window.row("t0000.json")).containsText("28 B");
        }
    }

    @Test
    void lostConnection_isShown_andHeals() throws Exception {
        Path own = Files.createDirectories(directory.resolve("restarted"));
        Path project = Files.createDirectories(own.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), "{}");
        ServerProcess first = ServerProcess.start(own);
        String token = first.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS);
        try (Window window = Window.signedIn(first, token).project("demo")) {
            window.row("a.json").waitFor();
            window.see("Live");
            window.expectingBreaks();
            first.close();
            window.see("Connection lost, reconnecting…");
            window.screenshot("lost");
            Files.writeString(project.resolve("b.json"), "{}");
            try (ServerProcess second = ServerProcess.start(own, "http.port=" + first.port())) {
                assertThat(second.port()).isEqualTo(first.port());
                window.row("b.json").waitFor();
                assertThat(window.page().locator(".pill")).hasText("Live");
                Files.delete(project.resolve("a.json"));
                assertThat(window.row("a.json")).hasCount(0);
            }
        }
    }
}
