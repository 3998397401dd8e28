package dev.tokencache.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running server among bad files, for tests that ask it for things it must refuse. */
@Timeout(60)
abstract class BadInputServer {
    @TempDir
    static Path directory;

    static BadInput input;

    @BeforeAll
    static void start() throws Exception {
        input = BadInput.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        input.close();
    }
}
