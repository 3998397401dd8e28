package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Takes fingerprints from the file system. Blocking. */
final class Fingerprints {
    private static final String ATTRIBUTES = "unix:ino,size,lastModifiedTime,ctime,isRegularFile";
    private static final String WITH_KEY = ATTRIBUTES + ",fileKey";

    private Fingerprints() {}

    /**
     * The fingerprint of the regular file at a path, links not followed, or null when something else is there.
     *
     * @throws java.nio.file.NoSuchFileException when nothing is there
     */
    static Fingerprint ofRegularFile(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return Boolean.TRUE.equals(attributes.get("isRegularFile")) ? of(attributes) : null;
    }

    /**
     * The fingerprint of a located regular file, or null when it is none any more, or what is at its path now is another
     * file than what its open directory holds: then somebody is renaming, and the caller tries again. An open directory gives no change time, so
     * that one comes by path, and the inode must agree.
     */
    static Fingerprint of(Located file) throws IOException {
        return of(file.path(), file.currentAttributes());
    }

    /** Like {@link #of(Located)}, for a file of an open directory and its path. */
    static Fingerprint of(SecureDirectoryStream<Path> directory, Path path) throws IOException {
        return of(path, ProjectDirectory.attributes(directory, path.getFileName()));
    }

    /** Like {@link #of(Located)}, for a file that was located a moment ago: what it was then is compared with its path now. */
    static Fingerprint ofJustLocated(Located file) throws IOException {
        return of(file.path(), file.attributes());
    }

    private static Fingerprint of(Path path, BasicFileAttributes now) throws IOException {
        if (!now.isRegularFile()) { // to open a FIFO would block for ever
            return null;
        }
        Map<String, Object> attributes = Files.readAttributes(path, WITH_KEY, LinkOption.NOFOLLOW_LINKS);
        boolean same = Objects.equals(now.fileKey(), attributes.get("fileKey"))
                && Boolean.TRUE.equals(attributes.get("isRegularFile")); // the number of a removed file is used again
        return same ? of(attributes) : null;
    }

    /** Like {@link #of(Located)}, and null too when nothing is there any more. */
    static Fingerprint orNull(Located file) throws IOException {
        try {
            return of(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static Fingerprint of(Map<String, Object> attributes) {
        return new Fingerprint(
                (Long) attributes.get("ino"),
                (Long) attributes.get("size"),
                nanos(attributes.get("lastModifiedTime")),
                nanos(attributes.get("ctime")));
    }

    private static long nanos(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }
}
