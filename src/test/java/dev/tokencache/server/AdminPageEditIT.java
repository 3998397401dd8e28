package dev.tokencache.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changing tokens on the admin page, while others change them too. */
class AdminPageEditIT extends PageServer {
    @Test
    void changes_ofTheOtherWindowAndOfTheDisk_areSeenLive() throws Exception {
        Path outside = put("live", "outside.json", "{}");
        try (Window one = Window.signedIn(server, everything()).project("live");
                Window other = Window.signedIn(server, everything()).project("live")) {
            one.row("outside.json").waitFor();
            other.row("outside.json").waitFor();

            one.button("Add token").click();
            one.field("Token").fill(Window.SECRET + "session");
            one.button("Add").click();
            assertThat(one.dialog()).not().isVisible();
            assertThat(other.page().getByRole(AriaRole.BUTTON).getByText("session-"))
                    .isVisible();
            one.button("Add token").click();
            one.page()
                    .getByText("Account", new Page.GetByTextOptions().setExact(true))
                    .click();
            one.field("E-mail").fill("someone@example.com");
            one.field("Password").fill(Window.SECRET + "password");
            one.button("Add").click();
            other.row("s•••_example_com.json").waitFor();
            other.field("Show identities").check();
            other.row("someone_example_com.json").waitFor();

            put("live", "outside.json", token("x".repeat(2_000)));
            assertThat(other.row("outside.json")).containsText("2 KiB");
            put("live", "outside.json", "{\"token\":");
            assertThat(other.row("outside.json")).containsText("not_json 1:10");
            Files.delete(outside);
            assertThat(other.row("outside.json")).not().isVisible();
            assertThat(other.page().locator(".total")).hasText("2 tokens");
        }
    }

    @Test
    void edit_whenSomebodyElseWasFaster_showsTheirsAndKeepsBoth() throws Exception {
        Path file =
                put("edited", "a.json", "{\"id\":12345678901234567890,\"token\":\"not-a-real-1\",\"note\":\"old\"}");
        try (Window window =
                Window.signedIn(server, everything()).project("edited").expecting(412)) {
            window.button("a.json").click();
            window.button("Show token").waitFor();
            assertThat(window.dialog()).not().containsText("not-a-real-1");
            window.button("Show token").click();
            assertThat(window.dialog()).containsText("not-a-real-1");
            window.button("Edit").click();
            Locator text = window.field("Content");
            text.fill("{\"id\": 12345678901234567890, \"token\": ");
            window.see("This isn’t JSON yet");
            assertThat(window.button("Save changes")).isDisabled();
            text.fill("{\"id\": 12345678901234567890, \"token\": \"not-a-real-2\", \"note\": null}");
            window.see("note can’t be set to null");
            text.fill("{\"id\": 12345678901234567890, \"token\": \"not-a-real-2\", \"note\": \"old\"}");
            window.see("1 change");

            put("edited", "a.json", "{\"id\":12345678901234567890,\"token\":\"not-a-real-1\",\"note\":\"theirs\"}");
            window.button("Save changes").click();
            window.see("Somebody else was faster");
            assertThat(window.page().locator(".conflict")).containsText("theirs");
            assertThat(Files.readString(file)).doesNotContain("not-a-real-2");
            window.screenshot("conflict");
            window.button("Keep mine on top of theirs").click();
            window.button("Save changes").click();
            window.see("Saved a.json.");
            assertThat(Files.readString(file))
                    .isEqualTo("{\"id\":12345678901234567890,\"token\":\"not-a-real-2\",\"note\":\"theirs\"}");
        }
    }

    @Test
    void deleteSeveral_oneChangedMeanwhile_saysWhichIsLeft() throws Exception {
        for (String name : List.of("a.json", "b.json", "c.json", "d.json")) {
            put("batch", name, token(name));
        }
        try (Window window =
                Window.signedIn(server, everything()).project("batch").expecting(412)) {
            for (String name : List.of("a.json", "b.json", "c.json")) {
                window.field("Select " + name).check();
            }
            window.button("Delete…").click();
            put("batch", "b.json", token("somebody needs it"));
            window.button("Delete").click();
            window.see("1 token couldn’t be deleted");
            assertThat(window.dialog().locator(".names"))
                    .hasText("b.json It was changed or removed since it was selected.");
            assertThat(window.dialog()).containsText("2 others were deleted.");
            window.screenshot("batch-report");
            window.button("Close").click();
            assertThat(window.page().locator(".total")).hasText("2 tokens");
            assertThat(window.row("b.json")).isVisible();
            assertThat(window.row("a.json")).not().isVisible();
        }
        assertThat(server.root().resolve("batch/a.json")).doesNotExist();
        assertThat(server.root().resolve("batch/b.json")).exists();
    }

    @Test
    void deleteSeveral_whenTheServerIsNotReachedForOne_canBeTriedAgain() throws Exception {
        put("again", "a.json", token("a"));
        put("again", "b.json", token("b"));
        try (Window window = Window.signedIn(server, everything()).project("again")) {
            window.expectingBreaks();
            window.page().route("**/tokens/again/b.json", Route::abort);
            window.field("Select all loaded tokens").check();
            window.button("Delete…").click();
            window.button("Delete").click();
            window.see("1 token couldn’t be deleted");
            window.button("Retry failed").click();
            window.see("1 token couldn’t be deleted");
            window.page().unroute("**/tokens/again/b.json");
            window.button("Retry failed").click();
            window.see("1 token deleted.");
            assertThat(window.dialog()).hasCount(0);
        }
        assertThat(server.root().resolve("again/a.json")).doesNotExist();
        assertThat(server.root().resolve("again/b.json")).doesNotExist();
    }

    @Test
    void files_dropped_haveAResultEach() throws Exception {
        put("files", "there.json", "{}");
        try (Window window = Window.signedIn(server, everything())
                .project("files")
                .expecting(412)
                .expecting(422)) {
            window.button("Add token").click();
            window.page()
                    .getByText("Files", new Page.GetByTextOptions().setExact(true))
                    .click();
            window.page().locator("input[type=file]").setInputFiles(new FilePayload[] {
                file("new.json", token("new")),
                file("there.json", token("other")),
                file("bad.json", "{"),
                file("<b>bold</b>.json", "{}")
            });
            window.see("1 file added, 3 not.");
            assertThat(window.dialog().locator("li")).containsText(new String[] {
                "added new.json", "There is one of this name already.", "bad.json", "<b>bold</b>.json"
            });
            window.screenshot("files");
            window.button("Close").click();
            window.row("new.json").waitFor();
        }
        assertThat(server.root().resolve("files/new.json")).hasContent(token("new"));
        assertThat(server.root().resolve("files/there.json")).hasContent("{}");
    }

    private static FilePayload file(String name, String content) {
        return new FilePayload(name, "application/json", content.getBytes(StandardCharsets.UTF_8));
    }
}
