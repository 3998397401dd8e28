package dev.tokencache.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** One JSON object a line, with what a plain line says; of a throwable the classes, and never its message. */
final class JsonLines extends Formatter {
    private final boolean frames;

    /** @param frames whether frames of throwables are shown */
    JsonLines(boolean frames) {
        this.frames = frames;
    }

    /** On the thread that logs, whose name is in the line. */
    @Override
    public String format(LogRecord record) {
        JsonObject line = new JsonObject()
                .put("time", ServerLog.TIME.format(Instant.ofEpochMilli(record.getMillis())))
                .put("level", ServerLog.name(record.getLevel()))
                .put("logger", record.getLoggerName())
                .put("thread", Thread.currentThread().getName())
                .put("message", String.valueOf(formatMessage(record)));
        if (record.getThrown() != null) {
            line.put("thrown", classes(record.getThrown()));
            if (frames) {
                line.put("frames", frames(record.getThrown()));
            }
        }
        return line.encode() + '\n';
    }

    private static JsonArray classes(Throwable thrown) {
        JsonArray classes = new JsonArray();
        for (Throwable t = thrown; t != null && classes.size() < ServerLog.MAX_CAUSES; t = t.getCause()) {
            classes.add(t.getClass().getName());
        }
        return classes;
    }

    private static JsonArray frames(Throwable thrown) {
        JsonArray frames = new JsonArray();
        int causes = 0;
        for (Throwable t = thrown; t != null && causes++ < ServerLog.MAX_CAUSES; t = t.getCause()) {
            frames.add(t.getClass().getName());
            for (StackTraceElement frame : t.getStackTrace()) {
                frames.add("at " + frame);
            }
        }
        return frames;
    }
}
