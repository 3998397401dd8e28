package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Who decides what stays in memory: each takes the same trace under the same bound of bytes. */
enum EvictionPolicy {
    /** The product's own store. */
    PRODUCT {
        @Override
        boolean[] hits(Trace trace, long maxBytes) {
            TokenStore store = new TokenStore(maxBytes, () -> 0);
            TokenFile[] files = files(trace);
            FileRecord[] records = records(files);
            boolean[] hits = new boolean[trace.length()];
            for (int i = 0; i < hits.length; i++) {
                int key = trace.request(i);
                String name = files[key].key();
                hits[i] = store.get(name) != null;
                if (!hits[i]) {
                    store.put(name, files[key], records[key], Long.MAX_VALUE);
                }
            }
            if (store.bytes() > maxBytes) {
                throw new IllegalStateException("over its bound");
            }
            return hits;
        }
    },

    /** What was used longest ago goes first. */
    LRU {
        @Override
        boolean[] hits(Trace trace, long maxBytes) {
            Map<Integer, Integer> weights = new LinkedHashMap<>(16, 0.75f, true);
            long bytes = 0;
            boolean[] hits = new boolean[trace.length()];
            for (int i = 0; i < hits.length; i++) {
                int key = trace.request(i);
                hits[i] = weights.get(key) != null;
                if (hits[i]) {
                    continue;
                }
                weights.put(key, trace.weight(key));
                bytes += trace.weight(key);
                Iterator<Integer> oldestFirst = weights.values().iterator();
                while (bytes > maxBytes) {
                    bytes -= oldestFirst.next();
                    oldestFirst.remove();
                }
            }
            return hits;
        }
    },

    /**
     * Bélády's: what is needed last of all goes first, the new value itself if that is it. Nobody can know that. The optimum
     * where values are of one size; where they aren't it is close to it, which nothing can compute.
     */
    OPTIMUM {
        @Override
        boolean[] hits(Trace trace, long maxBytes) {
            int[] next = nextUses(trace);
            TreeSet<Long> byNextUse = new TreeSet<>();
            boolean[] cached = new boolean[trace.keys()];
            long bytes = 0;
            boolean[] hits = new boolean[next.length];
            for (int i = 0; i < hits.length; i++) {
                int key = trace.request(i);
                hits[i] = cached[key];
                if (hits[i]) {
                    byNextUse.remove(use(i, key));
                    bytes -= trace.weight(key);
                }
                cached[key] = true;
                byNextUse.add(use(next[i], key));
                bytes += trace.weight(key);
                while (bytes > maxBytes) {
                    int last = (int) (long) byNextUse.pollLast();
                    cached[last] = false;
                    bytes -= trace.weight(last);
                }
            }
            return hits;
        }
    };

    /** Which gets of the trace find their value. */
    abstract boolean[] hits(Trace trace, long maxBytes);

    /** The share of the gets, from one on, that find their value, in percent. */
    static double hitRate(boolean[] hits, int from) {
        int found = 0;
        for (int i = from; i < hits.length; i++) {
            found += hits[i] ? 1 : 0;
        }
        return 100.0 * found / (hits.length - from);
    }

    private static long use(int at, int key) {
        return (long) at << Integer.SIZE | key;
    }

    /** For each get, when its key is next asked for. */
    private static int[] nextUses(Trace trace) {
        int[] next = new int[trace.length()];
        int[] last = new int[trace.keys()];
        Arrays.fill(last, Integer.MAX_VALUE);
        for (int i = next.length - 1; i >= 0; i--) {
            next[i] = last[trace.request(i)];
            last[trace.request(i)] = i;
        }
        return next;
    }

    private static TokenFile[] files(Trace trace) {
        TokenFile[] files = new TokenFile[trace.keys()];
        Fingerprint fingerprint = new Fingerprint(1, 1, 1, 1);
        Arrays.setAll(
                files,
                key -> TokenFile.read(
                        new TokenKey("p", key + ".json"),
                        new byte[trace.size(key)],
                        "tag",
                        fingerprint,
                        0,
                        TokenFile.NO_EXPIRY,
                        null,
                        false));
        return files;
    }

    private static FileRecord[] records(TokenFile[] files) {
        ProjectState project = new ProjectState("p");
        return Arrays.stream(files)
                .map(file -> new FileRecord(project, file.filename()))
                .toArray(FileRecord[]::new);
    }
}
