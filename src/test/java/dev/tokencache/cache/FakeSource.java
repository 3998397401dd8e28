package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.Precondition;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A disk in memory. What a read returns is fixed when it starts, which is the worst case for staleness; a test can hold
 * reads back and let them end in any order. Guarded by its own monitor.
 */
class FakeSource implements TokenSource {
    /** Content of a file that nobody may read. */
    static final String LOCKED = "locked";

    private record Version(String text, Fingerprint fingerprint) {
        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final FakeClock clock;
    private final TreeMap<String, Version> files = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, Version>> away = new TreeMap<>();
    private final TreeSet<String> directories = new TreeSet<>();
    private final Map<String, Version> tier = new HashMap<>();
    private boolean tiered;
    private int tierReads;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean holding;
    private boolean holdingUnlooked;
    private boolean holdingWrites;
    private long stamp;
    private int reads;
    private int fingerprints;
    private int lists;
    private Failure broken;
    private RuntimeException brokenWrites;

    FakeSource(FakeClock clock) {
        this.clock = clock;
    }

    /** From now on reads end only when {@link #release} lets them. */
    synchronized void hold() {
        holding = true;
    }

    /** From now on reads look at the disk, and end, only when {@link #release} lets them. */
    synchronized void holdUnlooked() {
        holdingUnlooked = true;
    }

    /** From now on writes are done at once and answered only when {@link #release} lets them. */
    synchronized void holdWrites() {
        holdingWrites = true;
    }

    /** Lets the call that has waited longest end; false when none waits. */
    boolean release() {
        Runnable oldest;
        synchronized (this) {
            oldest = held.poll();
        }
        if (oldest != null) {
            oldest.run();
        }
        return oldest != null;
    }

    /** Lets any call that waits end; false when none waits. */
    boolean releaseAny(Random random) {
        synchronized (this) {
            int turns = held.isEmpty() ? 0 : random.nextInt(held.size());
            for (int i = 0; i < turns; i++) {
                held.add(held.poll());
            }
        }
        return release();
    }

    synchronized void stopHolding() {
        holding = false;
        holdingUnlooked = false;
        holdingWrites = false;
    }

    /**
     * From now on it has every version of every file at hand, like a tier that nobody has ever taken anything out of, and
     * answers with the very version the cache says there is, whatever the disk holds.
     */
    synchronized void keepEverything() {
        tiered = true;
    }

    /** How many reads were answered like that. */
    synchronized int tierReads() {
        return tierReads;
    }

    @Override
    public synchronized Future<TokenFile> read(TokenKey key, Sighting sighting) {
        Version version = sighting == null ? null : tier.get(key.toString() + ' ' + sighting.fingerprint());
        if (!tiered || version == null || !version.text().startsWith("{")) {
            return read(key);
        }
        tierReads++;
        return Future.succeededFuture(token(key, version, sighting.seenNanos()));
    }

    /** Every write fails with this from now on, having done nothing; null mends it. */
    synchronized void breakWritesWith(RuntimeException failure) {
        brokenWrites = failure;
    }

    /** Every call fails with this from now on; null mends it. */
    synchronized void breakWith(Failure failure) {
        broken = failure;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized int fingerprintCalls() {
        return fingerprints;
    }

    synchronized int listCalls() {
        return lists;
    }

    /** An edit from outside, past the cache. */
    synchronized Fingerprint edit(String key, String content) {
        stamp++;
        Version version = new Version(content, new Fingerprint(stamp, content.length(), stamp, stamp));
        files.put(key, version);
        tier.put(key + ' ' + version.fingerprint(), version);
        directories.add(key.substring(0, key.indexOf('/')));
        return version.fingerprint();
    }

    /** Moves a project's directory out of the root; false when there is none or one was moved before. */
    synchronized boolean moveAway(String project) {
        if (away.containsKey(project) || !directories.remove(project)) {
            return false;
        }
        Map<String, Version> inside = files.subMap(project + "/", project + "0");
        away.put(project, new TreeMap<>(inside));
        inside.clear();
        return true;
    }

    /** Moves it back unless its name is taken: its files are the same versions under the same fingerprints. */
    synchronized boolean moveBack(String project) {
        if (!away.containsKey(project) || !directories.add(project)) {
            return false;
        }
        files.putAll(away.remove(project));
        return true;
    }

    synchronized boolean hasDirectory(String project) {
        return directories.contains(project);
    }

    /** Puts an older version back, fingerprint and all, as a link does that points to it again. */
    synchronized void restore(String key, String content, Fingerprint fingerprint) {
        files.put(key, new Version(content, fingerprint));
    }

    synchronized boolean remove(String key) {
        return files.remove(key) != null;
    }

    synchronized Map<String, Fingerprint> picture() {
        TreeMap<String, Fingerprint> picture = new TreeMap<>();
        files.forEach((key, version) -> picture.put(key, version.fingerprint()));
        return picture;
    }

    synchronized String content(String key) {
        Version version = files.get(key);
        return version == null ? null : version.text();
    }

    static String etag(byte[] bytes) {
        return Integer.toHexString(Arrays.hashCode(bytes)) + "-" + bytes.length;
    }

    private synchronized <T> Future<T> answer(Supplier<Future<T>> now) {
        if (holdingUnlooked) {
            Promise<T> promise = Promise.promise();
            held.add(() -> look(now).onComplete(promise));
            return promise.future();
        }
        Future<T> result = broken == null ? now.get() : Future.failedFuture(broken.exception());
        if (!holding) {
            return result;
        }
        Promise<T> promise = Promise.promise();
        held.add(() -> result.onComplete(promise));
        return promise.future();
    }

    private synchronized <T> Future<T> look(Supplier<Future<T>> now) {
        return now.get();
    }

    @Override
    public synchronized Future<TokenFile> read(TokenKey key) {
        reads++;
        return answer(() -> {
            Version version = files.get(key.toString());
            if (version == null) {
                return Future.succeededFuture();
            }
            String text = version.text();
            if (text.equals(LOCKED)) {
                return Future.failedFuture(Failure.STORAGE_UNREADABLE.exception());
            }
            if (!text.startsWith("{")) {
                return Future.failedFuture(new InvalidTokenException("not_json", 1, 1, version.fingerprint()));
            }
            return Future.succeededFuture(token(key, version, clock.nanoTime()));
        });
    }

    private static TokenFile token(TokenKey key, Version version, long readNanos) {
        String text = version.text();
        long expires = text.contains("expires") ? Long.parseLong(text.replaceAll("[^0-9]", "")) : TokenFile.NO_EXPIRY;
        return TokenFile.read(
                key, version.bytes(), etag(version.bytes()), version.fingerprint(), readNanos, expires, null, false);
    }

    @Override
    public synchronized Future<Fingerprint> fingerprint(TokenKey key) {
        fingerprints++;
        return answer(() -> {
            Version version = files.get(key.toString());
            return Future.succeededFuture(version == null ? null : version.fingerprint());
        });
    }

    @Override
    public synchronized Future<TokenNames> list(String project) {
        lists++;
        return answer(() -> {
            TreeSet<String> names = new TreeSet<>();
            files.keySet().forEach(key -> {
                if (key.startsWith(project + "/")) {
                    names.add(key.substring(project.length() + 1));
                }
            });
            return Future.succeededFuture(TokenNames.read(project, names, clock.nanoTime()));
        });
    }

    @Override
    public synchronized Future<List<String>> projects() {
        TreeSet<String> projects = new TreeSet<>();
        files.keySet().forEach(key -> projects.add(key.substring(0, key.indexOf('/'))));
        return Future.succeededFuture(List.copyOf(projects));
    }

    @Override
    public synchronized Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        if (brokenWrites != null) {
            return Future.failedFuture(brokenWrites);
        }
        if (broken != null) {
            return Future.failedFuture(broken.exception());
        }
        Version old = files.get(key.toString());
        if (!precondition.holds(old == null ? null : etag(old.bytes()))) {
            return Future.failedFuture(Failure.PRECONDITION_FAILED.exception());
        }
        Fingerprint fingerprint = edit(key.toString(), bytes.toString());
        return written(new WriteResult(etag(bytes.getBytes()), old == null, fingerprint));
    }

    @Override
    public synchronized Future<Boolean> delete(TokenKey key, Precondition precondition) {
        if (broken != null) {
            return Future.failedFuture(broken.exception());
        }
        Version old = files.get(key.toString());
        if (precondition.isConditional() && !precondition.holds(old == null ? null : etag(old.bytes()))) {
            return Future.failedFuture(Failure.PRECONDITION_FAILED.exception());
        }
        return written(remove(key.toString()));
    }

    private <T> Future<T> written(T result) {
        if (!holdingWrites) {
            return Future.succeededFuture(result);
        }
        Promise<T> promise = Promise.promise();
        held.add(() -> promise.complete(result));
        return promise.future();
    }
}
