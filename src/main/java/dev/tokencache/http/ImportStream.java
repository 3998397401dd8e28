package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes the tokens that arrive one a line, several at once, and answers each with a line in the same order. It reads on only
 * as fast as the tokens are written and the answers taken, so that neither side is ever in memory as a whole. Each write is
 * done or not done; those that were done before a connection breaks stay.
 */
final class ImportStream {
    /** How many are being written at once. */
    private static final int WIDTH = 32;

    /** How many answers may wait for one before them. */
    private static final int MAX_ANSWERS = 256;

    /** How many bytes of lines may wait to be written, or be being written, before no more are read. */
    private static final int MAX_HELD_BYTES = 1 << 20;

    /** How many bytes of answers may wait to be taken: some clients read none before they have sent all. */
    private static final int MAX_ANSWER_BYTES = 4 << 20;

    private static final int USUAL_ANSWER_BYTES = 64 << 10;

    private final TokenCache cache;
    private final Access access;
    private final String project;
    private final RequestAudit audit;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final LineSplitter lines;
    private final Promise<Void> done = Promise.promise();
    private final Deque<Line> waiting = new ArrayDeque<>();
    private final Deque<Future<Buffer>> answers = new ArrayDeque<>();
    private long lineNumber;
    private int heldBytes;
    private int writing;
    private boolean ended;

    /** Whether the caller's token is no longer accepted: what has begun is answered, and no more is taken. */
    private boolean refused;

    private ImportStream(
            TokenCache cache, Access access, Exchange exchange, HttpServerResponse response, int maxLineBytes) {
        this.cache = cache;
        this.access = access;
        this.project = exchange.required("project");
        this.audit = exchange.audit();
        this.request = exchange.request();
        this.response = response;
        this.lines = new LineSplitter(maxLineBytes, this::arrived);
    }

    /** A line that waits; its bytes are null when there were too many. */
    private record Line(long number, Buffer bytes) {
        int size() {
            return bytes == null ? 0 : bytes.length();
        }
    }

    /**
     * Reads the request's body to its end and answers it.
     *
     * @param maxLineBytes how long a line may be; a longer one is answered so, and passed over
     * @return completes when all is written and answered, fails when the connection breaks or the caller's token is no longer
     *     accepted
     */
    static Future<Void> run(
            TokenCache cache, Access access, Exchange exchange, HttpServerResponse response, int maxLineBytes) {
        ImportStream stream = new ImportStream(cache, access, exchange, response, maxLineBytes);
        stream.start();
        return stream.done.future().onComplete(done -> response.setWriteQueueMaxSize(USUAL_ANSWER_BYTES));
    }

    private void start() {
        response.setWriteQueueMaxSize(MAX_ANSWER_BYTES);
        response.drainHandler(drained -> goOn());
        response.exceptionHandler(this::broke);
        request.exceptionHandler(this::broke);
        request.handler(chunk -> {
            if (!refused) {
                lines.take(chunk);
            }
            goOn();
        });
        request.endHandler(end -> {
            ended = true;
            lines.end();
            goOn();
        });
        request.resume();
    }

    private void broke(Throwable cause) {
        waiting.clear();
        done.tryFail(cause);
    }

    private void arrived(Buffer line) {
        lineNumber++;
        if (line == null || !isBlank(line)) {
            Line arrived = new Line(lineNumber, line);
            waiting.add(arrived);
            heldBytes += arrived.size();
        }
    }

    private static boolean isBlank(Buffer line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.getByte(i) != ' ' && line.getByte(i) != '\t' && line.getByte(i) != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Writes and answers what can be, then reads on or waits. */
    private void goOn() {
        if (done.future().isComplete()) {
            return;
        }
        do {
            while (writing < WIDTH && answers.size() < MAX_ANSWERS && !waiting.isEmpty()) {
                begin(waiting.poll());
            }
        } while (answer() && !waiting.isEmpty() && !response.writeQueueFull());
        if (refused) {
            if (answers.isEmpty()) {
                done.tryFail(Failure.UNAUTHORIZED.exception());
            }
        } else if (!ended && (response.writeQueueFull() || heldBytes > MAX_HELD_BYTES || waiting.size() > WIDTH)) {
            request.pause();
        } else if (!ended) {
            request.resume();
        } else if (waiting.isEmpty() && answers.isEmpty()) {
            done.tryComplete();
        }
    }

    /** A line that is refused at once comes not back here: many of them would nest. */
    private void begin(Line line) {
        Future<Buffer> answer = write(line);
        answers.add(answer);
        if (answer.isComplete()) {
            heldBytes -= line.size();
        } else {
            writing++;
            answer.onComplete(written -> {
                writing--;
                heldBytes -= line.size();
                goOn();
            });
        }
    }

    /** Sends the answers that are due, those of all lines before theirs having gone; whether there were any. */
    private boolean answer() {
        Buffer due = Buffer.buffer();
        while (!answers.isEmpty() && answers.peek().isComplete()) {
            due.appendBuffer(answers.poll().result());
        }
        if (due.length() > 0) {
            response.write(due);
        }
        return due.length() > 0;
    }

    /** Never fails: a failure is an answer. */
    private Future<Buffer> write(Line line) {
        TokenKey key;
        String data;
        try {
            if (line.bytes() == null) {
                throw Failure.BODY_TOO_LARGE.exception();
            }
            ImportLine item = ImportLine.parse(line.bytes());
            key = new TokenKey(project, item.filename());
            data = item.data();
        } catch (RuntimeException e) {
            return Future.succeededFuture(refused(line, null, e));
        }
        return access.stillAccepts(request)
                .onFailure(cause -> refuseTheRest())
                .compose(accepted -> audit.performOn(key, () -> cache.put(key, data, Precondition.NONE)))
                .map(written -> written(line, key, written))
                .otherwise(cause -> refused(line, key, cause));
    }

    private void refuseTheRest() {
        refused = true;
        waiting.clear();
    }

    private static Buffer written(Line line, TokenKey key, WriteResult result) {
        return line(new JsonObject()
                .put("line", line.number())
                .put("filename", key.filename())
                .put("status", result.created() ? 201 : 200)
                .put("etag", result.etag()));
    }

    private static Buffer refused(Line line, TokenKey key, Throwable cause) {
        Failure failure = Failure.of(cause);
        return line(new JsonObject()
                .put("line", line.number())
                .put("filename", key == null ? null : key.filename())
                .put("status", failure.code())
                .put("error", failure.machineName()));
    }

    private static Buffer line(JsonObject answer) {
        return answer.toBuffer().appendByte((byte) '\n');
    }
}
