package dev.tokencache.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.RunningTime;
import dev.tokencache.WholeLines;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AuditLogTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();
    private Path file;
    private AuditLog log;

    @BeforeEach
    void start() throws Exception {
        file = dir.resolve("audit.log");
        log = open(new AuditOptions(file));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private AuditLog open(AuditOptions options) throws Exception {
        return await(AuditLog.open(vertx, options, Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static AuditEvent event(String subject, String filename) {
        return new AuditEvent(
                NOW, "r-1", subject, "id-1", "192.0.2.1", "tokens/get", "demo", filename, AuditEvent.OK, 1, null);
    }

    private List<JsonObject> lines() throws IOException {
        return WholeLines.of(file).stream().map(JsonObject::new).toList();
    }

    @Test
    void note_event_isALineOfJson() throws Exception {
        log.note(event("alice", "a.json"));
        await(log.close());

        assertThat(file)
                .hasContent("{\"time\":\"2026-01-31T12:00:00.123Z\",\"requestId\":\"r-1\",\"subject\":\"alice\","
                        + "\"tokenId\":\"id-1\",\"address\":\"192.0.2.1\",\"action\":\"tokens/get\",\"project\":\"demo\","
                        + "\"filename\":\"a.json\",\"result\":\"ok\"}\n");
    }

    @Test
    void note_hostileSubject_staysOnItsLineInPrintableAscii() throws Exception {
        String hostile = "x\r\n{\"time\":\"forged\"}\n\u001b[2J\u2028\u202e\u0085\u0000\u007f\ud83d\"\\";
        log.note(event(hostile, "a.json"));
        log.note(event("y".repeat(5_000), "a.json"));
        await(log.close());

        assertThat(Files.readAllBytes(file)).doesNotContain((byte) '\r', (byte) 0, (byte) 0x1b, (byte) 0x7f);
        assertThat(Files.readString(file)).matches("[ -~\\n]*");
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0).getString("subject")).startsWith("x\r\n{\"time\":\"forged\"}\n\u001b[2J");
        assertThat(lines().get(1).getString("subject")).hasSize(AuditLine.MAX_TEXT + 3);
    }

    @Test
    void count_manyOfAKind_isOneLineWithTheirNumber() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int t = 0; t < 4; t++) {
            threads.execute(() -> IntStream.range(0, 10_000).forEach(i -> {
                log.countRead("k", () -> event("alice", "a.json"));
                if (i % 1_000 == 0) {
                    log.tell();
                }
            }));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        log.countRead("other", () -> event("bob", "a.json"));
        await(log.close());

        assertThat(lines().stream()
                        .filter(line -> line.getString("subject").equals("alice"))
                        .mapToLong(line -> line.getLong("count", 1L))
                        .sum())
                .isEqualTo(40_000);
        assertThat(lines().stream().filter(line -> line.containsKey("count")))
                .allMatch(line ->
                        line.getString("since").equals("2026-01-31T12:00:00.123Z") && !line.containsKey("requestId"));
        assertThat(lines().stream().filter(line -> line.getString("subject").equals("bob")))
                .hasSize(1)
                .allMatch(line -> !line.containsKey("count"));
    }

    /** In 5.0.10 the context's queue of ordered work ends for good if the next in it is for a pool that was closed. */
    @Test
    void close_whileTheContextsOrderedWorkWaits_writesAllAndLeavesItsQueueWhole() throws Exception {
        Context context = vertx.getOrCreateContext();
        CountDownLatch held = new CountDownLatch(1);
        Future<Void> before = context.executeBlocking(() -> {
            held.await();
            return null;
        });
        context.runOnContext(none -> log.note(event("alice", "a.json")));
        awaitTurnOf(context);

        await(log.close());
        assertThat(lines()).hasSize(1);
        held.countDown();
        await(before);
        assertThat(await(context.executeBlocking(() -> "done"))).isEqualTo("done");
    }

    @Test
    void close_diskHangs_isNotWaitedForLong() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        // Its pool has the one thread that writes.
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("token-cache-audit", 1);
        Future<Void> hung = worker.executeBlocking(
                () -> {
                    held.await();
                    return null;
                },
                false);
        log.note(event("alice", "a.json"));

        assertThatThrownBy(() -> await(log.close())).hasMessageContaining("3000");

        held.countDown();
        await(hung);
        Poll.untilTrue(() -> lines().size() == 1);
    }

    private static void awaitTurnOf(Context context) throws Exception {
        Promise<Void> turn = Promise.promise();
        context.runOnContext(none -> turn.complete());
        await(turn.future());
    }

    @Test
    void count_withSingles_tellsTheFirstOnesAndCountsTheRest() throws Exception {
        for (int i = 0; i < 25; i++) {
            log.countRefusal("k", () -> event("alice", "a.json"), 20);
        }
        await(log.close());

        assertThat(lines()).hasSize(21);
        assertThat(lines().get(20).getLong("count")).isEqualTo(5);
        assertThat(lines().subList(0, 20)).allMatch(line -> !line.containsKey("count"));
    }

    @Test
    void countRead_asManyFilesAsFit_areOneLineEachHoweverOften() throws Exception {
        int files = AuditLog.MAX_READS;
        for (int i = 0; i < 3 * files; i++) {
            String name = "f" + i % files + ".json";
            log.countRead(name, () -> event("alice", name));
        }
        await(log.close());

        assertThat(lines().stream().map(line -> line.getLong("count") + line.getString("filename")))
                .hasSize(files)
                .doesNotHaveDuplicates()
                .allMatch(line -> line.startsWith("3"));
    }

    @Test
    void countRead_fromElsewhereInTheNextMinute_saysSo() throws Exception {
        AuditEvent first = event("alice", "a.json").ended(NOW, AuditEvent.OK);
        AuditEvent later = new AuditEvent(
                NOW.plusSeconds(70), null, "alice", "id-2", "192.0.2.9", "tokens/get", "demo", "a.json", "ok", 1, null);
        log.countRead("k", () -> first);
        tellUntilLines(1);
        log.countRead("k", () -> later);
        log.countRead("k", () -> first);
        await(log.close());

        assertThat(lines().get(1).getString("address")).isEqualTo("192.0.2.9");
        assertThat(lines().get(1).getString("tokenId")).isEqualTo("id-2");
        assertThat(lines().get(1).getString("since")).isEqualTo("2026-01-31T12:01:10.123Z");
        assertThat(lines().get(1).getLong("count")).isEqualTo(2);
    }

    @Test
    void countRefusal_nextMinute_tellsTheFirstOnesAgain() throws Exception {
        for (int minute = 1; minute <= 2; minute++) {
            for (int i = 0; i < 25; i++) {
                log.countRefusal("k", () -> event("alice", "a.json"), 20);
            }
            tellUntilLines(21 * minute);
        }
        await(log.close());

        assertThat(lines()).hasSize(42);
        assertThat(lines().get(41).getLong("count")).isEqualTo(5);
    }

    /** Again, since a call does nothing while counts are still being written. */
    private void tellUntilLines(int count) throws IOException {
        long start = RunningTime.nanoTime();
        while (lines().size() < count) {
            log.tell();
            assertThat(RunningTime.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
        }
    }

    @Test
    void count_moreKindsThanFit_losesNone() throws Exception {
        int kinds = 2 * AuditLog.MAX_REFUSALS;
        for (int i = 0; i < kinds; i++) {
            String name = "f" + i + ".json";
            log.countRefusal(name, () -> event("alice", name), 0);
        }
        await(log.close());

        assertThat(lines().stream().map(line -> line.getString("filename")).distinct())
                .hasSize(kinds);
    }

    @Test
    void write_whileTheFileCantBeWritten_failsAndTheLogSaysHowManyAreMissing() throws Exception {
        await(log.write(List.of(event("alice", "a.json"))));
        assertThat(log.isWritable()).isTrue();
        Files.delete(file);
        Files.createDirectory(file);

        assertThatThrownBy(() -> await(log.write(List.of(event("alice", "b.json")))))
                .hasMessage(Failure.AUDIT_UNWRITABLE.machineName());
        assertThatThrownBy(() -> await(log.write(List.of(event("alice", "c.json")))))
                .hasMessage(Failure.AUDIT_UNWRITABLE.machineName());
        assertThat(log.isWritable()).isFalse();
        Files.delete(file);

        long start = RunningTime.nanoTime();
        while (!log.isWritable()) {
            assertThat(RunningTime.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
        }
        await(log.write(List.of(event("alice", "d.json"))));
        assertThat(lines().get(0).getString("action")).isEqualTo("audit");
        assertThat(lines().get(0).getString("result")).isEqualTo("lost");
        assertThat(lines().stream()
                        .filter(line -> line.getString("result").equals("lost"))
                        .mapToLong(line -> line.getLong("count", 1L))
                        .sum())
                .isEqualTo(2);
        assertThat(log.lost()).isEqualTo(2);
        assertThat(lines().get(lines().size() - 1).getString("filename")).isEqualTo("d.json");
    }

    @Test
    void note_fasterThanTheDisk_isBoundedAndWhatIsMissingIsCounted() throws Exception {
        var worker = vertx.createSharedWorkerExecutor("token-cache-audit");
        var release = new CountDownLatch(1);
        worker.executeBlocking(() -> {
            release.await();
            return null;
        });
        int more = 100;
        List<Future<Void>> refused = new ArrayList<>();
        for (int i = 0; i < AuditLog.MAX_WAITING; i++) {
            log.note(event("alice", "a.json"));
        }
        for (int i = 0; i < more; i++) {
            refused.add(log.write(List.of(event("alice", "b.json"))));
        }
        for (Future<Void> one : refused) {
            assertThatThrownBy(() -> await(one)).hasMessage(Failure.AUDIT_UNWRITABLE.machineName());
        }
        release.countDown();
        await(log.close());

        assertThat(lines()).hasSize(AuditLog.MAX_WAITING + 1);
        assertThat(lines().stream().mapToLong(line -> line.getLong("count", 1L)).sum())
                .isEqualTo(AuditLog.MAX_WAITING + more);
    }

    @Test
    void note_whileItIsBeingClosed_isWritten() throws Exception {
        var release = new CountDownLatch(1);
        vertx.createSharedWorkerExecutor("token-cache-audit").executeBlocking(() -> {
            release.await();
            return null;
        });
        Future<Void> closed = log.close();
        log.note(event("alice", "late.json"));
        release.countDown();
        await(closed);

        assertThat(lines().stream().map(line -> line.getString("filename"))).containsExactly("late.json");
    }

    @Test
    void open_whereNothingCanBeWritten_fails() {
        assertThatThrownBy(() -> open(new AuditOptions(dir.resolve("none/audit.log"))))
                .isInstanceOf(IOException.class);
    }
}
