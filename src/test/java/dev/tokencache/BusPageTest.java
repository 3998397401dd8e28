package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page on the event bus names every address and every failure. */
class BusPageTest {
    /** What only REST says, and what a client says when nobody answers. */
    private static final Set<Failure> NEVER_REPLIED = EnumSet.of(
            Failure.UNAUTHORIZED,
            Failure.FORBIDDEN,
            Failure.NOT_FOUND,
            Failure.METHOD_NOT_ALLOWED,
            Failure.REQUEST_TIMEOUT,
            Failure.BODY_TOO_LARGE,
            Failure.URI_TOO_LONG,
            Failure.UNSUPPORTED_MEDIA_TYPE,
            Failure.AUDIT_UNWRITABLE,
            Failure.THROTTLED,
            Failure.HEADERS_TOO_LARGE,
            Failure.CACHE_UNREACHABLE);

    private List<String> lines;

    @BeforeEach
    void read() throws IOException {
        lines = Files.readAllLines(Path.of("src", "docs", "bus.md"));
    }

    private List<String> rows(String prefix) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line ->
                        line.substring(0, line.indexOf('|', prefix.length())).strip())
                .toList();
    }

    @Test
    void addresses_areThoseOfTheOperations() {
        assertThat(rows("| `."))
                .containsExactlyElementsOf(Arrays.stream(Operation.values())
                        .map(operation -> "| `" + operation.address("") + "`")
                        .toList());
    }

    @Test
    void failures_areThoseThatTheCacheReplies() {
        List<String> rows = lines.stream()
                .filter(line -> line.matches("\\| \\d{3} \\|.*"))
                .map(line -> line.substring(0, line.lastIndexOf(" | ")))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.copyOf(NEVER_REPLIED)).stream()
                        .map(failure -> "| " + failure.code() + " | `" + failure.machineName() + "`")
                        .toList());
    }
}
