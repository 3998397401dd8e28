package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in the middle of writes: what was acknowledged is there, the rest is done or not done, and nothing is left over. */
@Timeout(120)
class TerminateIT {
    private static final Duration END = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @RepeatedTest(3)
    void sigterm_inAWriteStorm_keepsEveryAcknowledgedWriteAndEndsClean() throws Exception {
        Path root = directory.resolve("accounts");
        try (Storm storm = new Storm(root, Storm.seed("terminate.seed"));
                ServerProcess server = ServerProcess.start(directory)) {
            StormCheck check = new StormCheck(root, storm.writers());
            storm.start(server);
            storm.awaitMoment();
            long start = System.nanoTime();

            server.terminate();

            assertThat(server.awaitEnd(END)).isZero();
            long millis = (System.nanoTime() - start) / 1_000_000;
            storm.awaitEnd();
            assertThat(StormCheck.temps(root)).isEmpty();
            int shown = check.disk();
            assertThat(server.stderr()).contains("stopped in ").doesNotContain("ERROR", "WARN");
            System.out.printf(
                    "terminate: ended after %d ms, %d writes acknowledged, %d refused, %d there without their reply%n",
                    millis, storm.acknowledged(), storm.refused(), shown);

            try (ServerProcess again = ServerProcess.start(directory)) {
                check.served(again.admin());
            }
        }
    }
}
