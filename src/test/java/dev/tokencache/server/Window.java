package dev.tokencache.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The admin page in a window of its own, with no storage in common with others. When it is closed it fails for whatever no
 * page may do: write errors on the console, talk with others, or put a secret into an address.
 */
final class Window implements AutoCloseable {
    /** What tests use as values begins so; it must never be seen in an address. */
    static final String SECRET = "not-a-real-";

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final double MOST_MILLIS = 30_000;

    private final String origin;
    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> secrets = new TreeSet<>(Set.of(SECRET));
    private boolean breaks;
    private final Set<Integer> expected = new TreeSet<>();

    private Window(ServerProcess server, int width, int height) {
        origin = "http://127.0.0.1:" + server.port() + "/";
        context = Chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setReducedMotion(ReducedMotion.REDUCE) // colours in between have no contrast to judge
                        .setColorScheme(ColorScheme.LIGHT));
        page = context.newPage();
        page.setDefaultTimeout(MOST_MILLIS);
        page.onConsoleMessage(this::check);
        page.onPageError(error -> faults.add("error: " + error));
        page.onDialog(dialog -> {
            faults.add("a dialog of a script");
            dialog.dismiss();
        });
        context.onRequest(this::check);
    }

    /** The page, before anybody has signed in. */
    static Window open(ServerProcess server) {
        return open(server, WIDTH, HEIGHT);
    }

    static Window open(ServerProcess server, int width, int height) {
        Window window = new Window(server, width, height);
        window.page.navigate(window.origin);
        return window;
    }

    /** The overview, as the owner of the token sees it. */
    static Window signedIn(ServerProcess server, String token) {
        Window window = open(server);
        window.signIn(token);
        window.heading("Overview").waitFor();
        return window;
    }

    private void check(ConsoleMessage message) {
        boolean refusal = message.text().startsWith("Failed to load resource")
                && (breaks
                        || expected.stream().anyMatch(status -> message.text().contains(" " + status + " ")));
        boolean bad = message.type().equals("error") || message.type().equals("warning");
        if ((bad && !refusal) || secrets.stream().anyMatch(message.text()::contains)) {
            faults.add("console: " + message.text());
        }
    }

    private void check(Request request) {
        if (!request.url().startsWith(origin)) {
            faults.add("a request to " + request.url());
        }
        if (secrets.stream().anyMatch(request.url()::contains)) {
            faults.add("a secret in an address");
        }
    }

    /** From now on the browser may say on its console that the server can't be reached. */
    void expectingBreaks() {
        breaks = true;
    }

    /** From now on the browser may say on its console that the server has answered with this status. */
    Window expecting(int status) {
        expected.add(status);
        return this;
    }

    void signIn(String token) {
        secrets.add(token);
        page.getByLabel("Bearer token").fill(token);
        button("Sign in").click();
    }

    /** Goes from the overview to a project. */
    Window project(String name) {
        button(name).click();
        heading(name).waitFor();
        return this;
    }

    Page page() {
        return page;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    /** The open dialog. */
    Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    /** The row of a token in the table. */
    Locator row(String filename) {
        return page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.BUTTON,
                                new Page.GetByRoleOptions().setName(filename).setExact(true))));
    }

    /** Waits until the text is there. */
    void see(String text) {
        assertThat(page.getByText(text).first()).isVisible();
    }

    /** A picture of what is seen, for people. */
    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    @Override
    public void close() {
        String address = page.url();
        context.close();
        assertThat(faults).isEmpty();
        assertThat(address).isEqualTo(origin);
    }
}
