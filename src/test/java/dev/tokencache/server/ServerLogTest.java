package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ServerLogTest {
    private static LogRecord record(Level level, String message, Throwable thrown) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("dev.tokencache.cache.Thing");
        record.setInstant(Instant.parse("2026-01-31T12:00:00.120Z"));
        record.setThrown(thrown);
        return record;
    }

    @Test
    void format_message_isOnePlainLine() {
        String line =
                new ServerLog.LineFormatter(false).format(record(Level.WARNING, "event 5\nforged\u001b[0m", null));

        assertThat(line).isEqualTo("2026-01-31T12:00:00.120Z WARN  Thing: event 5\\u000aforged\\u001b[0m\n");
    }

    @Test
    void format_throwable_showsClassesAndNeverMessages() {
        Throwable thrown = new IllegalStateException("CANARY", new NoSuchFileException("/CANARY"));

        String line = new ServerLog.LineFormatter(false).format(record(Level.SEVERE, "scan failed", thrown));
        String frames = new ServerLog.LineFormatter(true).format(record(Level.SEVERE, "scan failed", thrown));

        assertThat(line)
                .isEqualTo("2026-01-31T12:00:00.120Z ERROR Thing: scan failed"
                        + " [java.lang.IllegalStateException <- java.nio.file.NoSuchFileException]\n");
        assertThat(frames).contains("at dev.tokencache.server.ServerLogTest").doesNotContain("CANARY");
    }

    @Test
    void json_message_isOneObjectALine() {
        String line = new JsonLines(false).format(record(Level.WARNING, "event 5\nforged \"x\"\u001b[0m", null));

        assertThat(line).endsWith("}\n").matches("[^\\p{Cntrl}]+\n");
        assertThat(new JsonObject(line))
                .isEqualTo(new JsonObject()
                        .put("time", "2026-01-31T12:00:00.120Z")
                        .put("level", "WARN")
                        .put("logger", "dev.tokencache.cache.Thing")
                        .put("thread", Thread.currentThread().getName())
                        .put("message", "event 5\nforged \"x\"\u001b[0m"));
    }

    @Test
    void json_throwable_showsClassesAndNeverMessages() {
        Throwable thrown = new IllegalStateException("CANARY", new NoSuchFileException("/CANARY"));

        String line = new JsonLines(false).format(record(Level.SEVERE, "scan failed", thrown));
        String frames = new JsonLines(true).format(record(Level.SEVERE, "scan failed", thrown));

        assertThat(new JsonObject(line).getJsonArray("thrown"))
                .containsExactly("java.lang.IllegalStateException", "java.nio.file.NoSuchFileException");
        assertThat(line).doesNotContain("CANARY").doesNotContain("frames");
        assertThat(new JsonObject(frames).getJsonArray("frames").encode())
                .contains("at dev.tokencache.server.ServerLogTest")
                .doesNotContain("CANARY");
    }

    @Test
    void stopping_connectionNobodyTakes_isNotReported() {
        Logger root = Logger.getLogger("");
        List<Handler> before = List.of(root.getHandlers());
        Level level = root.getLevel();
        Logger accepted = Logger.getLogger("io.netty.bootstrap.ServerBootstrap");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (String state : List.of("runs", "runs again")) {
                ServerLog.configure(LogLevel.WARN, LogFormat.PLAIN, new PrintStream(out, true, UTF_8));
                accepted.warning(state);
                ServerLog.stopping();
                accepted.warning("stops");
                accepted.severe("broken");
                root.warning("other");
            }

            assertThat(out.toString(UTF_8).lines().map(line -> line.replaceAll(".*: ", "")))
                    .containsExactly("runs", "broken", "other", "runs again", "broken", "other");
        } finally {
            ServerLog.configure(LogLevel.INFO, LogFormat.PLAIN, System.err);
            List.of(root.getHandlers()).forEach(root::removeHandler);
            before.forEach(root::addHandler);
            root.setLevel(level);
        }
    }

    @Test
    void level_ofSystemLogger_hasItsName() {
        assertThat(name(Level.FINER)).isEqualTo("TRACE");
        assertThat(name(Level.FINE)).isEqualTo("DEBUG");
        assertThat(name(Level.INFO)).isEqualTo("INFO ");
    }

    private static String name(Level level) {
        return new ServerLog.LineFormatter(false)
                .format(record(level, "x", null))
                .substring(25, 30);
    }
}
