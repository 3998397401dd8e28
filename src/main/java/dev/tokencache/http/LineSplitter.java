package dev.tokencache.http;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Cuts chunks into lines, each of at most so many bytes. A longer one is dropped, and told of as null, but what follows it is
 * not lost: a parser of records would end there.
 */
final class LineSplitter {
    private final int maxBytes;
    private final Consumer<Buffer> onLine;
    private Buffer line = Buffer.buffer();
    private boolean tooLong;

    /**
     * A splitter that has seen nothing.
     *
     * @param onLine gets each line without its line feed, also an empty one; null for one that is too long
     */
    LineSplitter(int maxBytes, Consumer<Buffer> onLine) {
        this.maxBytes = maxBytes;
        this.onLine = onLine;
    }

    void take(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, start, i);
                emit();
                start = i + 1;
            }
        }
        append(bytes, start, bytes.length);
    }

    /** No more comes: what has no line feed is a line all the same. */
    void end() {
        if (line.length() > 0 || tooLong) {
            emit();
        }
    }

    private void append(byte[] bytes, int start, int end) {
        if (tooLong || line.length() + (end - start) > maxBytes) {
            tooLong = true;
            line = Buffer.buffer();
        } else {
            line.appendBytes(bytes, start, end - start);
        }
    }

    private void emit() {
        Buffer whole = tooLong ? null : line;
        line = Buffer.buffer();
        tooLong = false;
        onLine.accept(whole);
    }
}
