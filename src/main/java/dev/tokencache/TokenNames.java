package dev.tokencache;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;

/**
 * The names of a project's tokens at one moment, sorted in byte order, immutable, with their JSON rendered once. The
 * names are ASCII without quotes or back slashes ({@link TokenKey#isFilename}), so rendering is concatenation.
 */
public final class TokenNames {
    static final TokenNames MALFORMED = new TokenNames("", new int[0], new byte[0], "", 0, CacheStatus.MISS);

    private final String project;

    /** Where in {@link #rendered} each name ends: a text for each would take three times the memory. */
    private final int[] ends;

    private final byte[] rendered;
    private final String etag;
    private final long readNanos;
    private final CacheStatus status;

    private TokenNames(String project, int[] ends, byte[] rendered, String etag, long readNanos, CacheStatus status) {
        this.project = project;
        this.ends = ends;
        this.rendered = rendered;
        this.etag = etag;
        this.readNanos = readNanos;
        this.status = status;
    }

    /**
     * A list as a source has just read it, status {@link CacheStatus#MISS}.
     *
     * @param project whose list it is
     * @param filenames valid file names in any order
     * @param readNanos when it was read, on the process's monotonic clock
     */
    public static TokenNames read(String project, Collection<String> filenames, long readNanos) {
        String[] names = filenames.toArray(new String[0]);
        Arrays.sort(names);
        return restored(project, names, readNanos, CacheStatus.MISS);
    }

    static TokenNames restored(String project, String[] sorted, long readNanos, CacheStatus status) {
        int[] ends = new int[sorted.length];
        byte[] rendered = render(sorted, ends);
        return new TokenNames(project, ends, rendered, etagOf(rendered), readNanos, status);
    }

    /** Whether these are names of a project's tokens in byte order, each once. */
    static boolean areNames(String project, String[] names) {
        for (int i = 0; i < names.length; i++) {
            if (!TokenKey.isFilename(names[i]) || (i > 0 && names[i - 1].compareTo(names[i]) >= 0)) {
                return false;
            }
        }
        return TokenKey.isProject(project);
    }

    /** A byte for each letter, whatever it is, so that what is no valid name can't shift those behind it. */
    private static byte[] render(String[] names, int[] ends) {
        int length = 1 + Math.max(1, names.length);
        for (String name : names) {
            length = Math.addExact(length, name.length() + 2);
        }
        byte[] json = new byte[length];
        int at = 0;
        json[at++] = '[';
        for (int i = 0; i < names.length; i++) {
            if (i > 0) {
                json[at++] = ',';
            }
            json[at++] = '"';
            for (int j = 0; j < names[i].length(); j++) {
                char letter = names[i].charAt(j);
                json[at++] = (byte) (letter < 0x80 ? letter : '?');
            }
            ends[i] = at;
            json[at++] = '"';
        }
        json[at] = ']';
        return json;
    }

    /** FNV-1a over the rendered names: names are no secret, so the tag needs no key. */
    private static String etagOf(byte[] rendered) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : rendered) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return Long.toHexString(hash);
    }

    /** The same list with another status; shares the names. */
    public TokenNames withStatus(CacheStatus other) {
        return other == status ? this : new TokenNames(project, ends, rendered, etag, readNanos, other);
    }

    public String project() {
        return project;
    }

    /** How many names there are. */
    public int count() {
        return ends.length;
    }

    /** The names as an unmodifiable list in byte order; each is made anew when it is asked for. */
    public List<String> names() {
        return new View();
    }

    /** Whether the name is in the list. */
    public boolean contains(String filename) {
        return Collections.binarySearch(names(), filename) >= 0;
    }

    /** Behind the bracket and a quote, or behind a quote, a comma and a quote. */
    private int start(int index) {
        return index == 0 ? 2 : ends[index - 1] + 3;
    }

    /** Appends the names as a JSON array; returns the buffer. */
    public Buffer appendTo(Buffer buffer) {
        return buffer.appendBytes(rendered);
    }

    /** Whether another list came of the same read of the same project, so that it says the same; quick. */
    public boolean isSameRead(TokenNames other) {
        return rendered == other.rendered && project.equals(other.project);
    }

    /** Length of what {@link #appendTo} appends, in bytes. */
    public int renderedSize() {
        return rendered.length;
    }

    /** Entity tag over the names, without quotes; to be sent as a weak one. */
    public String etag() {
        return etag;
    }

    /** When the list was read, on this process's monotonic clock, in nanoseconds. */
    public long readNanos() {
        return readNanos;
    }

    /** Whole seconds since {@link #readNanos()}; at least 0. */
    public long ageSeconds(long nowNanos) {
        return Math.max(0, nowNanos - readNanos) / 1_000_000_000L;
    }

    public CacheStatus status() {
        return status;
    }

    @Override
    public String toString() {
        return "TokenNames[" + count() + " names, " + status + "]";
    }

    private final class View extends AbstractList<String> implements RandomAccess {
        @Override
        public String get(int index) {
            int start = start(index);
            return new String(rendered, start, ends[index] - start, StandardCharsets.US_ASCII);
        }

        @Override
        public int size() {
            return ends.length;
        }
    }
}
