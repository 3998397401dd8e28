package dev.tokencache.bench.memory;

import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A directory of token files of 300 bytes, in ten projects. Closing it deletes them. */
final class TokenTree implements AutoCloseable {
    static final int PROJECTS = 10;
    static final int FILE_BYTES = 300;

    private final Path root;
    private final int files;
    private final List<String> projects = IntStream.range(0, PROJECTS)
            .mapToObj(i -> String.format(Locale.ROOT, "project-%02d", i))
            .toList();

    private TokenTree(Path root, int files) {
        this.root = root;
        this.files = files;
    }

    static TokenTree create(int files) throws IOException {
        TokenTree tree = new TokenTree(Files.createTempDirectory("token-cache-heap"), files);
        try {
            for (String project : tree.projects()) {
                Files.createDirectory(tree.root.resolve(project));
            }
            for (int i = 0; i < files; i++) {
                Files.write(tree.root.resolve(tree.key(i).toString()), content(i));
            }
            return tree;
        } catch (IOException e) {
            tree.close();
            throw e;
        }
    }

    /** No two are the same. */
    private static byte[] content(int i) {
        String start = "{\"type\":\"fake\",\"access_token\":\"not-a-secret-" + i + "-";
        String end = "\"}";
        String filler = "a".repeat(FILE_BYTES - start.length() - end.length());
        return (start + filler + end).getBytes(StandardCharsets.US_ASCII);
    }

    Path root() {
        return root;
    }

    int files() {
        return files;
    }

    List<String> projects() {
        return projects;
    }

    private TokenKey key(int i) {
        return new TokenKey(
                projects.get(i % PROJECTS), String.format(Locale.ROOT, "user-%07d.token.json", i / PROJECTS));
    }

    /** The keys of some files in turn. */
    List<TokenKey> keys(int from, int to) {
        List<TokenKey> keys = new ArrayList<>();
        for (int i = from; i < Math.min(to, files); i++) {
            keys.add(key(i));
        }
        return keys;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
