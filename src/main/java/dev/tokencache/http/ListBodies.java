package dev.tokencache.http;

import dev.tokencache.TokenNames;
import io.vertx.core.buffer.Buffer;

/**
 * The bodies of lists of names. The last long one is kept: to make one of a hundred thousand names anew for each reply takes as
 * long as to send it. One event loop.
 */
final class ListBodies {
    /** From this many bytes on a body is kept. */
    static final int LONG = 64 << 10;

    private static final int ENVELOPE_SIZE = 160;

    private TokenNames last;
    private Buffer body;

    /** The body of a reply; not to be changed. */
    Buffer of(TokenNames names) {
        if (names.renderedSize() < LONG) {
            return render(names);
        }
        if (last == null || !names.isSameRead(last)) {
            last = names;
            body = render(names);
        }
        return body;
    }

    private static Buffer render(TokenNames names) {
        Buffer body = Buffer.buffer(names.renderedSize() + ENVELOPE_SIZE)
                .appendString("{\"success\":true,\"project\":\"")
                .appendString(names.project())
                .appendString("\",\"count\":")
                .appendString(Integer.toString(names.count()))
                .appendString(",\"tokens\":");
        return names.appendTo(body).appendString("}");
    }
}
