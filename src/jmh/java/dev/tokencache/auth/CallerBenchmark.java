package dev.tokencache.auth;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The recognition of a caller whose bearer token was accepted before. Each request brings its header as a new text. */
@State(Scope.Thread)
public class CallerBenchmark {
    private static final int CALLERS = 16;

    private final RecentCallers recent = new RecentCallers();
    private final byte[][] headers = new byte[CALLERS][];
    private int next;

    @Setup
    public void fill() {
        for (int i = 0; i < CALLERS; i++) {
            String header = "Bearer not-a-secret-" + "x".repeat(280) + (char) ('A' + i);
            headers[i] = header.getBytes(StandardCharsets.ISO_8859_1);
            recent.put(header, new Caller("user-" + i, Set.of(), Set.of(), true, Long.MAX_VALUE, null));
        }
    }

    @Benchmark
    public Object recognised() {
        Caller caller = recent.get(new String(headers[next++ & CALLERS - 1], StandardCharsets.ISO_8859_1));
        if (caller == null) {
            throw new IllegalStateException("not recognised");
        }
        return caller;
    }
}
