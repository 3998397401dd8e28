package dev.tokencache;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How our message types look between JVMs: a version byte, then the fields in order, big-endian, texts and bytes with
 * their length first. Times on the monotonic clock travel as ages, since each process has its own clock. Readers throw
 * on anything unexpected; {@link WireCodecs} catches it.
 */
final class WireFormat {
    private static final byte VERSION = 1;
    private static final byte ABSENT = 0;
    private static final byte FILE = 1;
    private static final byte FAILED = 2;
    private static final byte UNCACHED = 3;

    private WireFormat() {}

    static void writeFile(Writer out, TokenFile file) {
        out.version();
        out.text(file.key()).bytes(file.rawBytes()).text(file.etag());
        out.text(file.fingerprint().toString());
        out.number(System.nanoTime() - file.readNanos()).number(file.expiresAtMillis());
        out.text(file.expirySource() == null ? "" : file.expirySource());
        out.small(file.hasRefreshToken() ? 1 : 0).text(file.status().name());
    }

    static TokenFile readFile(Reader in) {
        in.version();
        String key = TokenKey.parse(in.text()).toString();
        byte[] bytes = in.bytes();
        String etag = in.text();
        Fingerprint fingerprint = Fingerprint.parse(in.text());
        long readNanos = System.nanoTime() - in.number();
        long expiresAt = in.number();
        String expirySource = in.text();
        boolean refreshable = in.small() == 1;
        return TokenFile.restored(
                key,
                bytes,
                etag,
                fingerprint,
                readNanos,
                expiresAt,
                expirySource.isEmpty() ? null : expirySource,
                refreshable,
                CacheStatus.valueOf(in.text()));
    }

    static void writeNames(Writer out, TokenNames names) {
        out.version();
        out.text(names.project()).number(System.nanoTime() - names.readNanos());
        out.text(names.status().name()).number(names.count());
        names.names().forEach(out::text);
    }

    static TokenNames readNames(Reader in) {
        in.version();
        String project = in.text();
        long readNanos = System.nanoTime() - in.number();
        CacheStatus status = CacheStatus.valueOf(in.text());
        String[] names = new String[in.count()];
        for (int i = 0; i < names.length; i++) {
            names[i] = in.text();
        }
        if (!TokenNames.areNames(project, names)) {
            throw new IllegalArgumentException();
        }
        return TokenNames.restored(project, names, readNanos, status);
    }

    static void writeKeys(Writer out, TokenKeys keys) {
        out.version();
        out.small(keys.isCachedOnly() ? 1 : 0).number(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            out.text(keys.get(i));
        }
    }

    static TokenKeys readKeys(Reader in) {
        in.version();
        boolean cachedOnly = in.small() == 1;
        String[] keys = new String[in.count()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = in.text();
        }
        return cachedOnly ? TokenKeys.cachedOnly(List.of(keys)) : TokenKeys.of(List.of(keys));
    }

    static void writeFiles(Writer out, TokenFiles files) {
        out.version();
        out.number(files.size());
        for (int i = 0; i < files.size(); i++) {
            Failure failure = files.failure(i);
            TokenFile file = files.file(i);
            if (failure != null) {
                out.small(FAILED).text(failure.name());
            } else if (files.isUncached(i)) {
                out.small(UNCACHED);
            } else if (file == null) {
                out.small(ABSENT);
            } else {
                out.small(FILE);
                writeFile(out, file);
            }
        }
    }

    static TokenFiles readFiles(Reader in) {
        in.version();
        TokenFiles files = new TokenFiles(in.count());
        for (int i = 0; i < files.size(); i++) {
            switch (in.small()) {
                case ABSENT -> files.set(i, null);
                case FILE -> files.set(i, readFile(in));
                case UNCACHED -> files.uncached(i);
                case FAILED -> files.fail(i, Failure.valueOf(in.text()));
                default -> throw new IllegalArgumentException();
            }
        }
        return files;
    }

    /** Appends fields to a buffer of its own. */
    static final class Writer {
        private final Buffer buffer = Buffer.buffer();

        void version() {
            buffer.appendByte(VERSION);
        }

        Writer small(int value) {
            buffer.appendByte((byte) value);
            return this;
        }

        Writer number(long value) {
            buffer.appendLong(value);
            return this;
        }

        Writer text(String value) {
            return bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Writer bytes(byte[] value) {
            buffer.appendInt(value.length).appendBytes(value);
            return this;
        }

        Buffer buffer() {
            return buffer;
        }
    }

    /** Takes fields from a range of a buffer and throws beyond its end. */
    static final class Reader {
        private final Buffer buffer;
        private final int end;
        private int position;

        Reader(Buffer buffer, int start, int end) {
            if (start < 0 || end < start || end > buffer.length()) {
                throw new IndexOutOfBoundsException();
            }
            this.buffer = buffer;
            this.position = start;
            this.end = end;
        }

        private int advance(int length) {
            if (length < 0 || length > end - position) {
                throw new IndexOutOfBoundsException();
            }
            int from = position;
            position += length;
            return from;
        }

        void version() {
            if (small() != VERSION) {
                throw new IllegalArgumentException();
            }
        }

        int small() {
            return buffer.getByte(advance(1));
        }

        long number() {
            return buffer.getLong(advance(8));
        }

        /** A number of elements, each of which takes at least a byte: never more than there are bytes left. */
        int count() {
            long count = number();
            if (count < 0 || count > end - position) {
                throw new IndexOutOfBoundsException();
            }
            return (int) count;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        byte[] bytes() {
            int length = buffer.getInt(advance(4));
            int from = advance(length);
            return buffer.getBytes(from, from + length);
        }
    }
}
