package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each screen of the admin page: for those who need other ways to use it, in light and dark, and on a phone. */
@Timeout(120)
@ExtendWith(Chromium.class)
class AdminPageLooksIT {
    private static final Set<String> SERIOUS = Set.of("serious", "critical");
    private static final int PHONE_WIDTH = 360;
    private static final int PHONE_HEIGHT = 740;
    private static final String WIDTH_IN_USE =
            "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('dialog[open]')]"
                    + ".map(d => d.getBoundingClientRect().right))";

    @TempDir
    static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        Path demo = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.createDirectories(directory.resolve("accounts/empty"));
        for (int i = 0; i < 40; i++) {
            Instant end = Instant.now().plus(Duration.ofMinutes(20L * i * i - 90));
            Files.writeString(
                    demo.resolve("session-%d.json".formatted(1_700_000_000_000L + i)),
                    "{\"token\":\"not-a-real-token\",\"expires_at\":\"" + end + "\"}");
        }
        Files.writeString(demo.resolve("anna.long-name.of-somebody@mail.example.com.json"), """
                {"email":"anna@mail.example.com","password":"not-a-real-password",
                 "tokens":{"access_token":"not-a-real-token","refresh_token":"not-a-real-token"},"scopes":["a","b"]}""");
        Files.writeString(demo.resolve("broken.json"), "{\"token\":\n  oops}");
        server = ServerProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void eachScreen_inLightAndDark_hasNoSeriousFinding() {
        try (Window window = Window.open(server).expecting(404)) {
            walk(window, name -> {
                for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                    window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                    List<Rule> found = axe(window, scheme).analyze().getViolations();
                    window.screenshot(name + (scheme == ColorScheme.DARK ? "-dark" : ""));
                    assertThat(found)
                            .as(name + " " + scheme)
                            .filteredOn(rule -> SERIOUS.contains(rule.getImpact()))
                            .extracting(rule ->
                                    rule.getId() + " " + rule.getNodes().get(0).getHtml())
                            .isEmpty();
                }
            });
        }
    }

    /** In the dark nothing is different but the colours. */
    private static AxeBuilder axe(Window window, ColorScheme scheme) {
        AxeBuilder axe = new AxeBuilder(window.page());
        return scheme == ColorScheme.DARK ? axe.withRules(List.of("color-contrast")) : axe;
    }

    @Test
    void eachScreen_onAPhone_fitsItsWidth() {
        try (Window window = Window.open(server, PHONE_WIDTH, PHONE_HEIGHT)) {
            walk(window, name -> {
                window.screenshot(name + "-phone");
                assertThat(((Number) window.page().evaluate(WIDTH_IN_USE)).intValue())
                        .as(name)
                        .isLessThanOrEqualTo(PHONE_WIDTH);
            });
        }
    }

    /** What is done at each screen. */
    private interface Look {
        void at(String name);
    }

    private static void walk(Window window, Look look) {
        window.button("Sign in").waitFor();
        look.at("sign-in");
        window.signIn(server.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS));
        window.see("every 1 s");
        window.see("notified");
        look.at("overview");
        window.button("Clear cache…").click();
        look.at("clear");
        window.button("Cancel").click();
        window.project("empty");
        window.see("No tokens here.");
        look.at("empty");
        window.button("Back to the overview").click();
        window.project("demo");
        window.see("not_json 2:");
        window.field("Select broken.json").check();
        look.at("project");
        window.button("Preload").click();
        window.see("1 token couldn’t be loaded");
        look.at("preload-report");
        window.button("Close").click();
        window.button("Delete…").click();
        look.at("delete");
        window.button("Cancel").click();
        window.button("a•••@mail.example.com.json").click();
        window.button("Show email").click();
        look.at("token");
        window.button("Edit").click();
        window.field("Content").fill("{\"email\":\"anna@mail.example.com\",\"password\":\"not-a-real-password-2\"}");
        window.see("3 changes");
        look.at("edit");
        window.button("Cancel").click();
        window.button("Cancel").click();
        window.button("Close").click();
        window.button("Add token").click();
        look.at("add");
        window.page().keyboard().press("Escape");
        window.page().getByText("tester").first().click();
        look.at("who");
    }
}
