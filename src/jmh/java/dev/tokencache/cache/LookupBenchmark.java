package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The lookups that each get does, with keys in demand by Zipf's law, as new texts: so they come from a request. */
@State(Scope.Thread)
public class LookupBenchmark {
    private static final int KEYS = 100_000;
    private static final int REQUESTS = 1 << 16;
    private static final double EXPONENT = 0.9;
    private static final String PROJECT = "project-01";

    private final TokenStore store = new TokenStore(Long.MAX_VALUE, System::nanoTime);
    private final FileIndex index = new FileIndex(FileIndex.MAX_FILES);
    private final String[] requests = new String[REQUESTS];
    private int next;

    @Setup
    public void fill() {
        String[] filenames = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            filenames[i] = "user-" + i + ".token.json";
            TokenKey key = new TokenKey(PROJECT, filenames[i]);
            Fingerprint fingerprint = new Fingerprint(i, 300, 1, 1);
            TokenFile file = TokenFile.read(
                    key, new byte[300], "not-a-secret-tag-" + i, fingerprint, 0, TokenFile.NO_EXPIRY, null, false);
            FileRecord record = index.ensure(PROJECT, filenames[i]);
            store.put(key.toString(), file, record, Long.MAX_VALUE);
        }
        Zipf zipf = new Zipf(KEYS, EXPONENT, new Random(1));
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = filenames[zipf.next()];
        }
    }

    private String filename() {
        return requests[next++ & REQUESTS - 1];
    }

    @Benchmark
    public Object key() {
        return PROJECT + '/' + filename();
    }

    @Benchmark
    public Object keyAndStore() {
        return store.get(PROJECT + '/' + filename());
    }

    @Benchmark
    public Object keyAndRecord() {
        return index.record(PROJECT + '/' + filename());
    }

    @Benchmark
    public Object keyParsed() {
        return TokenKey.parse(PROJECT + '/' + filename());
    }
}
