package dev.tokencache.redis;

import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What goes to Redis, and what comes from there: a token of 300 bytes. */
@State(Scope.Thread)
public class SealBenchmark {
    private static final String HEADER = "not-a-secret-etag-";
    private static final String KEY = "project-01/user-0012345.token.json";

    private final Seal seal = new Seal(SealKey.of(new byte[SealKey.BYTES]));
    private final byte[] text = new byte[300];
    private final byte[] box = seal.seal("value", KEY, HEADER, text);

    @Benchmark
    public Object sealed() {
        return seal.seal("value", KEY, HEADER, text);
    }

    @Benchmark
    public Object opened() {
        return Objects.requireNonNull(seal.open("value", KEY, HEADER.length(), box));
    }
}
