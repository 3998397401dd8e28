package dev.tokencache.server;

import java.util.List;
import java.util.Optional;

/** The blocks that no test runs as they stand, each with the reason. Their syntax is looked at all the same. */
final class DocNotRun {
    private static final String SYSTEMD = "a running systemd, root and the package installed for good are needed";

    static final List<Row> TABLE = List.of(
            new Row("README.md", "./mvnw -q compile exec:java", "it is the build that runs the tests, and never ends"),
            new Row(
                    "README.md",
                    "java -jar target/token-cache-server.jar --set root=/srv/",
                    "never ends, on a fixed port"),
            new Row("operating.md", "sudo apt install ./target/token-cache_", SYSTEMD),
            new Row("operating.md", "sudo token-cache check && sudo systemctl restart", SYSTEMD),
            new Row(
                    "operating.md",
                    "sudo apt remove token-cache",
                    "PackageLifecycleIT does it with dpkg, in its own order"),
            new Row("operating.md", "sudo adduser bot token-cache", "makes a user that would stay"),
            new Row("operating.md", "podman build", "podman and a base image are needed; ContainerIT does it without"),
            new Row("operating.md", "livenessProbe:", "part of a manifest for Kubernetes; a test asks both routes"),
            new Row("operating.md", "sudo systemctl stop token-cache", SYSTEMD),
            new Row("performance.md", "./mvnw -Pbench verify", "takes minutes and a machine to itself"));

    private DocNotRun() {}

    /**
     * A block and why it is not run.
     *
     * @param page the file's name
     * @param start how the block's first line begins
     */
    record Row(String page, String start, String reason) {
        boolean isOf(DocPage.Block block) {
            return block.page().endsWith(page) && block.text().startsWith(start);
        }
    }

    /** Why a block isn't run, if it is in the table. */
    static Optional<String> reason(DocPage.Block block) {
        return TABLE.stream().filter(row -> row.isOf(block)).map(Row::reason).findFirst();
    }
}
