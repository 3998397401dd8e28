package dev.tokencache.server;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log: one line an event on standard error, plain or as JSON, through {@code java.util.logging}, to which {@link System.Logger}
 * and Vert.x lead. A throwable shows as the names of its classes, with its frames below at debug level; never as its
 * message, which may hold a path or what a file says.
 */
final class ServerLog {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    static final int MAX_CAUSES = 8;

    private static final String OURS = "dev.tokencache";

    /** Levels are held weakly with their loggers. */
    private static final Logger OUR_LOGGER = Logger.getLogger(OURS);

    /** Warns of a connection that was accepted and that no HTTP instance takes. */
    private static final Logger ACCEPTED = Logger.getLogger("io.netty.bootstrap.ServerBootstrap");

    private ServerLog() {}

    /**
     * Sends everything logged in this JVM to a stream. Of others' loggers nothing below info gets through, whatever levels
     * they are given: at debug level they show addresses, requests and payloads.
     */
    static void configure(LogLevel level, LogFormat format, PrintStream out) {
        Logger root = root();
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        boolean frames = level.level().intValue() <= Level.FINE.intValue();
        Formatter lines = format == LogFormat.JSON ? new JsonLines(frames) : new LineFormatter(frames);
        root.addHandler(new LineHandler(out, lines));
        level(level);
        ACCEPTED.setLevel(null);
    }

    /**
     * From now on, until it is configured again, a connection that no HTTP instance takes is not reported: Vert.x closes
     * the socket that listens only after the last instance has left, and closes what is accepted between the two.
     */
    static void stopping() {
        ACCEPTED.setLevel(Level.SEVERE);
    }

    /** Another least level from now on. Whether lines show frames stays as it was configured. */
    static void level(LogLevel level) {
        root().setLevel(level.level().intValue() < Level.INFO.intValue() ? Level.INFO : level.level());
        OUR_LOGGER.setLevel(level.level());
    }

    private static Logger root() {
        return Logger.getLogger("");
    }

    /** What the operator calls it. */
    static String name(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (value >= Level.INFO.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static final class LineHandler extends Handler {
        private final PrintStream out;

        LineHandler(PrintStream out, Formatter formatter) {
            this.out = out;
            setFormatter(formatter);
            setLevel(Level.ALL);
            setFilter(
                    record -> record.getLevel().intValue() >= Level.INFO.intValue() || isOurs(record.getLoggerName()));
        }

        private static boolean isOurs(String logger) {
            return logger != null && logger.startsWith(OURS + ".");
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                out.print(getFormatter().format(record));
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }

    /** {@code 2026-01-31T12:00:00.000Z INFO  StateDir: message}. */
    static final class LineFormatter extends Formatter {
        private static final int LEVEL_WIDTH = 5;

        private final boolean frames;

        LineFormatter(boolean frames) {
            this.frames = frames;
        }

        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder(128);
            TIME.formatTo(Instant.ofEpochMilli(record.getMillis()), line);
            String level = name(record.getLevel());
            line.append(' ').append(level).append(" ".repeat(LEVEL_WIDTH - level.length()));
            line.append(' ').append(shortName(record.getLoggerName()));
            line.append(": ").append(oneLine(formatMessage(record)));
            int causes = 0;
            for (Throwable t = record.getThrown(); t != null && causes < MAX_CAUSES; t = t.getCause()) {
                line.append(causes++ == 0 ? " [" : " <- ").append(t.getClass().getName());
            }
            line.append(causes == 0 ? "" : "]").append('\n');
            if (frames) {
                appendFrames(line, record.getThrown());
            }
            return line.toString();
        }

        private static void appendFrames(StringBuilder lines, Throwable thrown) {
            int causes = 0;
            for (Throwable t = thrown; t != null && causes++ < MAX_CAUSES; t = t.getCause()) {
                lines.append("    ").append(t.getClass().getName()).append('\n');
                for (StackTraceElement frame : t.getStackTrace()) {
                    lines.append("        at ").append(frame).append('\n');
                }
            }
        }

        private static String shortName(String logger) {
            return logger == null || logger.isEmpty() ? "-" : logger.substring(logger.lastIndexOf('.') + 1);
        }

        private static String oneLine(String message) {
            if (message == null || message.chars().noneMatch(Character::isISOControl)) {
                return String.valueOf(message);
            }
            StringBuilder clean = new StringBuilder(message.length() + 8);
            message.chars()
                    .forEach(c -> clean.append(Character.isISOControl(c) ? String.format("\\u%04x", c) : (char) c));
            return clean.toString();
        }
    }
}
