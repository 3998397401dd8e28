package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Lists projects and the tokens in them. Blocking; for any number of worker threads. */
final class TokenLister {
    private static final int ATTEMPTS = 3;

    private final Path root;
    private final LongSupplier nanoTime;
    private final StorageErrors errors;

    TokenLister(FileSourceOptions options, StorageErrors errors) {
        root = options.getRoot();
        nanoTime = options.getNanoTime();
        this.errors = errors;
    }

    /**
     * The names in a project's directory that pass the rule and lead to a regular file; an absent project has none.
     *
     * @return with the time at which the listing began
     * @throws dev.tokencache.TokenCacheException {@link Failure#STORAGE_UNREADABLE} when the root is absent or a name can't
     *     be looked at, {@link Failure#STORAGE_BUSY} when the directory is exchanged all the time: a list is whole or it is
     *     a failure
     */
    TokenNames list(String project) {
        return inProject(
                project,
                // One that is renamed meanwhile may be met twice.
                (directory, readNanos) -> TokenNames.read(
                        project,
                        names(directory, name -> isToken(directory, name))
                                .sorted()
                                .distinct()
                                .toList(),
                        readNanos),
                readNanos -> TokenNames.read(project, List.of(), readNanos));
    }

    /** The names in a project's directory that pass the rule, each once; else as {@link #list}. Looks at none of the files. */
    List<String> candidates(String project) {
        return inProject(
                project,
                (directory, readNanos) ->
                        names(directory, name -> true).distinct().toList(),
                readNanos -> List.of());
    }

    private <T> T inProject(String project, Listing<T> listing, LongFunction<T> absent) {
        TokenKey.requireProject(project);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long readNanos = nanoTime.getAsLong();
            try (ProjectDirectory directory = ProjectDirectory.open(root, project)) {
                T listed = listing.of(directory, readNanos);
                if (directory.isInPlace()) {
                    return listed;
                }
            } catch (ProjectAbsentException e) {
                return absent.apply(readNanos);
            } catch (PathMovedException e) {
                // listed again
            } catch (DirectoryIteratorException e) {
                throw errors.failure(e.getCause());
            } catch (IOException e) {
                throw errors.failure(e);
            }
        }
        throw Failure.STORAGE_BUSY.exception();
    }

    private static Stream<String> names(ProjectDirectory directory, Rule rule) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path entry : directory.stream()) {
            Path name = entry.getFileName();
            String text = name.toString();
            if (TokenKey.isFilename(text) && rule.passes(name)) {
                names.add(text);
            }
        }
        return names.stream();
    }

    private static boolean isToken(ProjectDirectory directory, Path name) throws IOException {
        try (Located file = directory.locateFile(name)) {
            return file != null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * The names of all projects, sorted: real directories below the root whose names pass the rule.
     *
     * @throws dev.tokencache.TokenCacheException {@link dev.tokencache.Failure#STORAGE_UNREADABLE}
     */
    List<String> projects() {
        List<String> projects = new ArrayList<>();
        try (SecureDirectoryStream<Path> top = ProjectDirectory.openRoot(root)) {
            for (Path entry : top) {
                Path name = entry.getFileName();
                if (TokenKey.isProject(name.toString()) && isDirectory(top, name)) {
                    projects.add(name.toString());
                }
            }
        } catch (DirectoryIteratorException e) {
            throw errors.failure(e.getCause());
        } catch (IOException e) {
            throw errors.failure(e);
        }
        return projects.stream().sorted().distinct().toList();
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> top, Path name) throws IOException {
        try {
            return top.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Listing<T> {
        T of(ProjectDirectory directory, long readNanos) throws IOException;
    }

    @FunctionalInterface
    private interface Rule {
        boolean passes(Path name) throws IOException;
    }
}
