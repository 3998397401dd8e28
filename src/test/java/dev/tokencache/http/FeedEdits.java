package dev.tokencache.http;

import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random edits of a few projects, most of them past the cache. For one thread. */
final class FeedEdits {
    private static final int PROJECTS = 4;
    private static final int FILES = 30;

    private final Path root;
    private final Path aside;
    private final TokenCache cache;
    private final Random random;
    private int version;

    /** @param aside a directory of the same file system, out of the root */
    FeedEdits(Path root, Path aside, TokenCache cache, Random random) throws IOException {
        this.root = root;
        this.aside = Files.createDirectories(aside);
        this.cache = cache;
        this.random = random;
    }

    void edit() throws Exception {
        String project = "p" + random.nextInt(PROJECTS);
        String filename = "k" + random.nextInt(FILES) + ".json";
        Path file = root.resolve(project).resolve(filename);
        String content = "{\"v\":" + ++version + ",\"pad\":\"" + "x".repeat(random.nextInt(40)) + "\"}";
        int choice = random.nextInt(1_000);
        if (choice < 500) {
            Files.createDirectories(file.getParent());
            Path temporary = Files.writeString(aside.resolve("next"), content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } else if (choice < 600) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } else if (choice < 920) {
            Files.deleteIfExists(file);
        } else if (choice < 950) {
            HttpStack.await(cache.put(new TokenKey(project, filename), content, Precondition.NONE));
        } else if (choice < 980) {
            HttpStack.await(cache.delete(new TokenKey(project, filename), Precondition.NONE));
        } else if (choice < 988) {
            remove(project);
        } else if (choice < 994) {
            move(root.resolve(project), aside.resolve(project));
        } else {
            move(aside.resolve(project), root.resolve(project));
        }
    }

    private void remove(String project) throws IOException {
        Path directory = root.resolve(project);
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                for (Path each : all) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from) && !Files.exists(to)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** What the root holds now, by key. */
    Map<String, String> onDisk() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < PROJECTS; i++) {
            Path project = root.resolve("p" + i);
            if (Files.isDirectory(project)) {
                try (DirectoryStream<Path> all = Files.newDirectoryStream(project, "k*.json")) {
                    for (Path file : all) {
                        files.put("p" + i + '/' + file.getFileName(), Files.readString(file));
                    }
                }
            }
        }
        return files;
    }
}
