package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.assertFails;
import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.TokenNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenListerTest {
    @TempDir
    Path root;

    @Test
    void list_everyKindOfEntry_listsTokensOnly() throws Exception {
        Path project = TokenFixtures.project(root);
        put(root, "b.json", token("b"));
        put(root, "a.json", new byte[0]);
        Files.createSymbolicLink(project.resolve("link.json"), Path.of("b.json"));
        Files.createDirectory(project.resolve("dir.json"));
        Files.createDirectory(project.resolve("..2024"));
        Files.createSymbolicLink(project.resolve("..data"), Path.of("..2024"));
        put(root, ".token-cache-0123.tmp", token("temp"));
        put(root, ".token-cache.lock", new byte[0]);
        put(root, "notes.txt", token("ignored 1"));
        put(root, ".hidden.json", token("ignored 2"));
        put(root, "two words.json", token("ignored 3"));
        TokenFixtures.fifo(project.resolve("fifo.json"));
        Files.createSymbolicLink(project.resolve("out.json"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(project.resolve("dangling.json"), Path.of("nowhere"));

        TokenNames listing = TokenFixtures.lister(root).list("demo");

        assertThat(listing.names()).containsExactly("a.json", "b.json", "link.json");
        assertThat(TokenFixtures.lister(root).candidates("demo"))
                .containsExactlyInAnyOrder(
                        "a.json", "b.json", "link.json", "dir.json", "fifo.json", "out.json", "dangling.json");
    }

    @Test
    void list_absentProject_isEmpty() {
        assertThat(TokenFixtures.lister(root).list("none").names()).isEmpty();
        assertThat(TokenFixtures.lister(root).candidates("none")).isEmpty();
    }

    @Test
    void list_absentRoot_isUnreadableNotEmpty() {
        TokenLister lister = TokenFixtures.lister(root.resolve("gone"));

        assertFails(Failure.STORAGE_UNREADABLE, () -> lister.list("demo"));
        assertFails(Failure.STORAGE_UNREADABLE, () -> lister.candidates("demo"));
        assertFails(Failure.STORAGE_UNREADABLE, lister::projects);
    }

    @Test
    void list_namesThatLeadOut_areInvalidNames() {
        assertFails(Failure.INVALID_NAME, () -> TokenFixtures.lister(root).list(".."));
        assertFails(Failure.INVALID_NAME, () -> TokenFixtures.lister(root).candidates(".."));
    }

    @Test
    void projects_everyKindOfEntry_areRealDirectoriesWithValidNames() throws IOException {
        for (String name : new String[] {"b", "a", ".hidden", "lost+found", "x..y"}) {
            Files.createDirectory(root.resolve(name));
        }
        Files.createSymbolicLink(root.resolve("linked"), Path.of("a"));
        Files.write(root.resolve("file"), new byte[0]);

        assertThat(TokenFixtures.lister(root).projects()).containsExactly("a", "b");
    }
}
