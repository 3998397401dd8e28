package dev.tokencache.file;

import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.content.MalformedContentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reads tokens of one project one after another through one open directory, the plain ones with fewer looks than by themselves. What
 * is anything but a plain valid token at once is read as by itself. Blocking; for any number of worker threads.
 */
final class SliceReader implements BulkRead.Slice {
    private final Path root;
    private final int maxTokenBytes;
    private final LongSupplier nanoTime;
    private final TokenReader alone;

    /** @param alone reads what isn't plain */
    SliceReader(FileSourceOptions options, TokenReader alone) {
        this.root = options.getRoot();
        this.maxTokenBytes = options.getMaxTokenBytes();
        this.nanoTime = options.getNanoTime();
        this.alone = alone;
    }

    /** No token claims to be younger than the directory's opening: what happened to the directory before would not be seen. */
    @Override
    public void read(
            String project, long sliceNanos, Supplier<TokenKey> next, BiConsumer<TokenKey, Callable<TokenFile>> each) {
        long opened = nanoTime.getAsLong();
        try (ProjectDirectory directory = ProjectDirectory.open(root, project)) {
            TokenKey key = next.get();
            while (key != null) {
                TokenKey one = key;
                each.accept(one, () -> readIn(directory, one, opened));
                key = nanoTime.getAsLong() - opened < sliceNanos ? next.get() : null;
            }
        } catch (IOException e) {
            // Who opens it anew for each of the others is told why.
        }
    }

    private TokenFile readIn(ProjectDirectory directory, TokenKey key, long opened) throws IOException {
        TokenFile plain = plain(directory, key, opened);
        if (plain != null) {
            return plain;
        }
        try {
            return alone.read(directory, key, () -> opened);
        } catch (IOException | TokenCacheException e) {
            return alone.read(key); // through a directory of its own, which tells what to make of it
        }
    }

    private TokenFile plain(ProjectDirectory directory, TokenKey key, long opened) {
        try {
            Path path = directory.path().resolve(key.filename());
            FileVersion version = FileVersion.readPlain(directory.stream(), path, maxTokenBytes);
            return version == null ? null : alone.token(key, version, opened);
        } catch (IOException | MalformedContentException e) {
            return null; // whoever reads it by itself knows what to make of it
        }
    }
}
