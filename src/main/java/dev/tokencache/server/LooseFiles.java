package dev.tokencache.server;

import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds files whose permissions give away what they protect. Says keys of the configuration, never paths. Blocking. */
final class LooseFiles {
    private final List<String> found = new ArrayList<>();

    private LooseFiles() {}

    /**
     * The faults of the files that the configuration names, one line each; absent ones are others' business.
     *
     * @param file the configuration's own
     */
    static List<String> named(ServerConfig config, Path file) {
        LooseFiles files = new LooseFiles();
        files.writable("the configuration file", file);
        for (ServerConfig.AuthKey key : config.auth().keys()) {
            files.secret("auth.keys, secretFile of " + RawValue.printable(key.id()), key.secretFile());
            files.writable("auth.keys, publicKeyFile of " + RawValue.printable(key.id()), key.publicKeyFile());
        }
        files.writable("auth.jwks.file", config.auth().jwks().file().orElse(null));
        files.writable("auth.jwks.caFile", config.auth().jwks().caFile().orElse(null));
        files.writable("auth.revokedFile", config.auth().revokedFile().orElse(null));
        files.secret("cache.etagKeyFile", config.cache().etagKeyFile().orElse(null));
        config.redis().ifPresent(redis -> {
            files.secret("redis.keyFile", redis.keyFile());
            files.secret("redis.passwordFile", redis.passwordFile().orElse(null));
            files.writable("redis.caFile", redis.caFile().orElse(null));
        });
        files.writable("stateDir", config.stateDir());
        for (String name : List.of(StateDir.SIGNING_KEY, StateDir.ADMIN_TOKEN, StateDir.ETAG_KEY, StateDir.AUDIT_LOG)) {
            files.secret("stateDir, " + name, config.stateDir().resolve(name));
        }
        return files.found;
    }

    private void secret(String name, Path file) {
        if (has(file, Set.of(PosixFilePermission.OTHERS_READ))) {
            found.add(name + ": all users can read it");
        }
        writable(name, file);
    }

    private void writable(String name, Path file) {
        if (has(file, Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE))) {
            found.add(name + ": group or others can write it");
        }
    }

    /** Whether any of the permissions is given; links are followed, since a mounted secret is often behind one. */
    private static boolean has(Path file, Set<PosixFilePermission> any) {
        try {
            return file != null && Files.getPosixFilePermissions(file).stream().anyMatch(any::contains);
        } catch (IOException e) {
            return false;
        }
    }

    /** How many projects and token files, the root among them, group or others can write. Reads attributes alone. */
    static int countBelow(Path root) {
        int count = isLoose(root) ? 1 : 0;
        try (DirectoryStream<Path> projects = Files.newDirectoryStream(root)) {
            for (Path project : projects) {
                if (TokenKey.isProject(project.getFileName().toString())
                        && Files.isDirectory(project, LinkOption.NOFOLLOW_LINKS)) {
                    count += isLoose(project) ? 1 : 0;
                    count += countIn(project);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return count; // the watcher tells of a root that can't be read
        }
        return count;
    }

    private static int countIn(Path project) {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(project)) {
            for (Path file : files) {
                count += TokenKey.isFilename(file.getFileName().toString()) && isLoose(file) ? 1 : 0;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return count;
        }
        return count;
    }

    /** A link has no permissions of its own. */
    private static boolean isLoose(Path path) {
        try {
            return !Files.isSymbolicLink(path) && PrivateFiles.othersCanWrite(path);
        } catch (IOException e) {
            return false;
        }
    }
}
