package dev.tokencache.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what on the admin page, in a browser. */
class AdminPageIT extends PageServer {
    private static final String MARKUP = "<img src=x onerror=\"window.harmed=1\"><b>bold</b>";

    @Test
    void signIn_onlyTheServersTokens_andOnlyInThisTab() throws Exception {
        put("signed", "a.json", "{}");
        try (Window window = Window.open(server).expecting(401)) {
            window.signIn("nonsense");
            window.see("This isn’t a JWT");
            String right = everything();
            window.signIn(right.substring(0, right.length() - 8) + "AAAAAAAA");
            window.see("The server doesn’t accept this token");
            window.signIn(right);
            window.heading("Overview").waitFor();

            assertThat(window.page().evaluate("localStorage.length")).isEqualTo(0);
            assertThat(window.page().context().cookies()).isEmpty();
            window.page().reload();
            window.project("signed");
            window.page().reload();
            window.heading("signed").waitFor();
            window.page().goBack();
            window.heading("Overview").waitFor();

            window.page().getByText("tester").first().click();
            window.button("Sign out").click();
            window.button("Sign in").waitFor();
            assertThat(window.page().evaluate("sessionStorage.length")).isEqualTo(0);
        }
    }

    @Test
    void token_noLongerAccepted_leadsBackToTheSignIn() {
        try (Window window = Window.signedIn(server, everything()).expecting(401)) {
            window.page()
                    .evaluate("sessionStorage.setItem('token-cache.jwt',"
                            + " sessionStorage.getItem('token-cache.jwt').slice(0, -8) + 'AAAAAAAA')");
            window.page().reload();
            window.see("The server no longer accepts your token.");
            window.button("Sign in").waitFor();
        }
    }

    @Test
    void hostileNamesAndValues_areText() throws Exception {
        String hostile = new JsonObject()
                .put("token", MARKUP)
                .put("</script><script>window.harmed=1</script>", "${window.harmed=1}")
                .put("__proto__", new JsonObject().put("polluted", "javascript:window.harmed=1"))
                .encode();
        put("hostile", "user+tag@example.com.json", hostile);
        put("hostile", "a'b.json", hostile); // no token's name: not served, and not shown
        String jwt = JwtIssuer.issue(
                "main",
                "HS256",
                SigningKeyFile.read(server.stateDir().resolve("signing.key")),
                MARKUP,
                List.of(Scope.values()),
                List.of("*"),
                Duration.ofHours(1),
                null,
                null,
                Clock.systemUTC());
        try (Window window = Window.signedIn(server, jwt).project("hostile")) {
            window.see(MARKUP);
            window.row("u•••@example.com.json").waitFor();
            window.button("u•••@example.com.json").click();
            window.button("Show all").click();
            assertThat(window.dialog()).containsText(MARKUP);
            assertThat(window.dialog()).containsText("</script><script>window.harmed=1</script>");
            assertThat(window.dialog()).containsText("polluted");
            window.button("Edit").click();
            window.field("Content").fill("{\"__proto__\": {\"polluted\": \"" + "x<br>" + "\"}, \"token\": \"t\"}");
            window.see("3 changes");
            window.button("Save changes").click();
            window.see("Saved user+tag@example.com.json.");
            assertThat(window.page().evaluate("window.harmed === undefined && ({}).polluted === undefined"))
                    .isEqualTo(true);
            assertThat(window.page().locator("b, img[src=x], main script")).hasCount(0);
        }
        assertThat(new JsonObject(Files.readString(server.root().resolve("hostile/user+tag@example.com.json"))))
                .isEqualTo(new JsonObject("{\"token\":\"t\",\"__proto__\":{\"polluted\":\"x<br>\"}}"));
    }

    @Test
    void actions_theTokenDoesNotAllow_areNotOffered() throws Exception {
        put("mine", "a.json", token("hidden"));
        put("theirs", "b.json", token("hidden"));
        try (Window window = Window.signedIn(server, server.token(List.of(Scope.TOKENS_LIST), "mine"))) {
            window.project("mine");
            window.row("a.json").waitFor();
            for (String action : List.of("Add token", "Preload", "Invalidate all")) {
                assertThat(window.button(action)).hasCount(0);
            }
            assertThat(window.page().getByRole(AriaRole.CHECKBOX)).hasCount(1); // that which shows identities
            window.button("a.json").click();
            window.see("Your token may not read values.");
            for (String action : List.of("Edit", "Delete…", "Invalidate…")) {
                assertThat(window.button(action)).hasCount(0);
            }
            window.button("Close").click();
            window.button("Back to the overview").click();
            window.button("mine").waitFor();
            assertThat(window.button("theirs")).hasCount(0);
            assertThat(window.heading("Cache")).hasCount(0);
        }
        try (Window window = Window.signedIn(server, server.token(List.of(Scope.STATS_READ), JwtIssuer.ALL_PROJECTS))
                .expecting(403)) {
            window.see("Your token may not list projects");
            window.heading("Cache").waitFor();
        }
    }

    @Test
    void cacheActions_preloadAndInvalidate_sayWhatTheyDid() throws Exception {
        put("warm", "a.json", token("a"));
        put("warm", "b.json", token("b"));
        put("warm", "bad.json", "[]");
        try (Window window = Window.signedIn(server, everything()).project("warm")) {
            window.row("bad.json").waitFor();
            window.button("Preload").click();
            window.see("1 token couldn’t be loaded");
            assertThat(window.dialog()).containsText("2 tokens are in memory.");
            assertThat(window.dialog().locator(".names")).hasText("bad.json invalid_token_file");
            window.button("Retry failed").click();
            window.see("Of those that failed before 0 could be loaded now.");
            put("warm", "bad.json", token("mended"));
            // The row behind the dialog says when the server has noticed.
            assertThat(window.page()
                            .locator(".row")
                            .filter(new Locator.FilterOptions().setHasText("bad.json"))
                            .locator(".badge.good"))
                    .hasText("valid");
            window.button("Retry failed").click();
            window.see("3 tokens loaded into memory.");
            assertThat(window.dialog()).hasCount(0);
            put("warm", "bad.json", "[]");
            window.button("Invalidate all").click();
            window.see("dropped from memory.");
            window.page().getByLabel("Filter").selectOption("Invalid files");
            assertThat(window.row("a.json")).hasCount(0);
            window.row("bad.json").waitFor();
            window.page().getByLabel("Search by the start of the name").fill("zzz");
            window.see("Nothing found.");
            window.screenshot("nothing-found");
        }
    }

    private static int cachedTokens() throws Exception {
        return Api.ok(server.admin().get("cache/stats"))
                .getJsonObject("stats")
                .getJsonObject("cleared")
                .getInteger("cachedTokens");
    }

    @Test
    void clear_ofTheWholeCache_isAskedFirst_andOnlyForThoseWhoMay() throws Exception {
        put("cleared", "a.json", token("a"));
        try (Window window = Window.signedIn(server, everything()).project("cleared")) {
            window.button("Preload").click();
            window.see("1 token loaded into memory.");
            window.button("Back to the overview").click();
            window.button("Clear cache…").click();
            window.button("Cancel").click();
            assertThat(window.dialog()).hasCount(0);
            assertThat(cachedTokens()).isEqualTo(1);
            window.button("Clear cache…").click();
            window.button("Clear cache").click();
            window.see("dropped from memory.");
            assertThat(window.dialog()).hasCount(0);
            assertThat(cachedTokens()).isEqualTo(0);
        }
        try (Window window = Window.signedIn(server, server.token(List.of(Scope.values()), "cleared"))) {
            window.button("cleared").waitFor();
            assertThat(window.button("Clear cache…")).hasCount(0);
            window.project("cleared");
            window.button("Preload").waitFor();
        }
    }
}
