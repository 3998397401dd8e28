package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A project full of things that are no token files, one token among them, and what a get of each must say. */
final class BadFiles {
    static final String PROJECT = "demo";
    static final String SIBLING = "sibling";
    static final String GOOD = "good.json";

    /** Stands in every bad file; nobody may ever repeat it. */
    static final String CANARY = "CANARY-in-a-file";

    private static final int MAX_TOKEN_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 100;

    private final Path root;
    private final Path outside;
    private final Map<String, Failure> expected = new LinkedHashMap<>();

    private BadFiles(Path root, Path outside) {
        this.root = root;
        this.outside = outside;
    }

    /** Makes them below a root that doesn't exist yet. */
    static BadFiles create(Path root, Path outside) throws Exception {
        BadFiles files = new BadFiles(root, outside);
        Files.createDirectories(root.resolve(PROJECT));
        Files.writeString(outside, "{\"token\":\"" + CANARY + "\"}");
        files.good();
        files.invalid();
        files.special();
        Files.createDirectories(root.resolve(SIBLING));
        Files.writeString(root.resolve(SIBLING).resolve("secret.json"), "{\"token\":\"" + CANARY + "\"}");
        return files;
    }

    private void good() throws IOException {
        Files.writeString(path(GOOD), "{\"token\":\"made-up\"}");
        Files.createSymbolicLink(path("inside.json"), Path.of(GOOD));
    }

    private void invalid() throws IOException {
        String token = "\"token\":\"" + CANARY + "\"";
        invalid("empty.json", new byte[0]);
        invalid("blank.json", " \n".getBytes(UTF_8));
        invalid("torn.json", "{\"token\":\"" + CANARY);
        invalid("text.json", CANARY);
        invalid("array.json", "[\"" + CANARY + "\"]");
        invalid("string.json", "\"" + CANARY + "\"");
        invalid("null.json", "null");
        invalid("bom.json", "\ufeff{" + token + "}");
        invalid("utf16.json", ("{" + token + "}").getBytes(UTF_16));
        invalid("latin1.json", ("{" + token + ",\"name\":\"\u00e9\"}").getBytes(ISO_8859_1));
        invalid("overlong.json", new byte[] {'{', '"', (byte) 0xc1, (byte) 0x81, '"', ':', '1', '}'});
        invalid("nul.json", "{" + token + ",\"x\":\"\0\"}");
        invalid("duplicate.json", "{" + token + "," + token + "}");
        invalid("two.json", "{" + token + "}{}");
        invalid("comma.json", "{" + token + ",}");
        invalid("comment.json", "{" + token + "} // why not");
        invalid("nan.json", "{" + token + ",\"x\":NaN}");
        invalid("quotes.json", "{'token':'" + CANARY + "'}");
        invalid("deep.json", "{\"x\":" + "[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH) + "}");
        invalid("large.json", "{" + token + ",\"x\":\"" + "x".repeat(MAX_TOKEN_BYTES) + "\"}");
    }

    private void invalid(String name, String content) throws IOException {
        invalid(name, content.getBytes(UTF_8));
    }

    private void invalid(String name, byte[] content) throws IOException {
        Files.write(path(name), content);
        expected.put(name, Failure.INVALID_TOKEN_FILE);
    }

    private void special() throws Exception {
        Files.createDirectories(path("directory.json").resolve(CANARY));
        assertThat(new ProcessBuilder("mkfifo", path("fifo.json").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(path("outside.json"), outside);
        Files.createSymbolicLink(path("upward.json"), Path.of("../../" + outside.getFileName()));
        Files.createSymbolicLink(path("loop.json"), Path.of("loop.json"));
        Files.createSymbolicLink(path("dangling.json"), Path.of("nothing.json"));
        for (String name : Arrays.asList(
                "directory.json", "fifo.json", "outside.json", "upward.json", "loop.json", "dangling.json")) {
            expected.put(name, Failure.NOT_FOUND);
        }
        Files.writeString(path("unreadable.json"), "{\"token\":\"" + CANARY + "\"}");
        Files.setPosixFilePermissions(path("unreadable.json"), PosixFilePermissions.fromString("---------"));
        expected.put("unreadable.json", Failure.STORAGE_UNREADABLE);
    }

    private Path path(String filename) {
        return root.resolve(PROJECT).resolve(filename);
    }

    /** What a get of each bad file must say. */
    Map<String, Failure> expected() {
        return expected;
    }

    /** What stands on the disk: type, size, time and inode of everything, but for the lock that writers leave behind. */
    Map<String, String> picture() throws IOException {
        Map<String, String> picture = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root.getParent())) {
            for (Path path : all.toList()) {
                String name = root.getParent().relativize(path).toString();
                if (path.equals(outside) || (name.startsWith("accounts/") && !name.endsWith(".token-cache.lock"))) {
                    Map<String, Object> attributes =
                            Files.readAttributes(path, "unix:mode,size,ino", LinkOption.NOFOLLOW_LINKS);
                    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                    picture.put(name, directory ? "directory" : attributes + " " + lastModified(path));
                }
            }
        }
        return picture;
    }

    private static String lastModified(Path path) throws IOException {
        return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toString();
    }
}
