package dev.tokencache.file;

import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the projects: the directories of the root whose names pass the rule. Blocking. */
final class RootScanner {
    private final Path root;

    RootScanner(Path root) {
        this.root = root;
    }

    /**
     * The names of all projects, in no order. Links are no projects.
     *
     * @throws RootUnreadableException when the root is absent or can't be read: never an empty root
     */
    List<String> projects() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (TokenKey.isProject(name) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new RootUnreadableException(e.getCause());
        } catch (IOException e) {
            throw new RootUnreadableException(e);
        }
        return names;
    }
}
