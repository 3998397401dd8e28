package dev.tokencache.content;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What each load does with a file's bytes: the check, which finds the expiry, and the entity tag. */
@State(Scope.Thread)
public class ContentBenchmark {
    private final byte[] small = token(300);
    private final byte[] large = token(4_096);
    private final EtagKey key = EtagKey.of("not-a-secret-key-of-a-benchmark".getBytes(StandardCharsets.US_ASCII));

    private static byte[] token(int size) {
        StringBuilder json = new StringBuilder("{\"type\":\"fake\",\"expires_at\":1800000000");
        for (int i = 0; json.length() < size - 150; i++) {
            json.append(",\"member_")
                    .append(i)
                    .append("\":\"not-a-secret-")
                    .append("v".repeat(60))
                    .append('"');
        }
        json.append(",\"access_token\":\"not-a-secret-");
        return json.append("a".repeat(size - json.length() - 2))
                .append("\"}")
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Benchmark
    public Object check300() throws MalformedContentException {
        return TokenContent.check(small);
    }

    @Benchmark
    public Object check4096() throws MalformedContentException {
        return TokenContent.check(large);
    }

    @Benchmark
    public Object etag300() {
        return key.etag(small);
    }

    @Benchmark
    public Object etag4096() {
        return key.etag(large);
    }
}
