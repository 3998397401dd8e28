package dev.tokencache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Walks a name of a project to what it stands for, through links that stay inside the project's directory: one component at
 * a time, no-follow, links read as text and walked the same way. A check of the real path beforehand is not enough: against
 * a link that is toggled meanwhile it lets outside files through. Blocking; for one worker thread.
 */
final class LinkWalk {
    private static final int MAX_HOPS = 8;
    private static final int MAX_WALKS = 3;

    private final SecureDirectoryStream<Path> top;
    private final Deque<Path> rest = new ArrayDeque<>();
    private SecureDirectoryStream<Path> directory;
    private Path directoryPath;
    private int hops;

    private LinkWalk(ProjectDirectory project, Path name) {
        top = project.stream();
        directory = top;
        directoryPath = project.path();
        rest.push(name);
    }

    /**
     * Walks. A link that leads nowhere is walked again before it counts as such: its target may just be exchanged, as
     * Kubernetes does. See {@link ProjectDirectory#locate}.
     */
    static Located locate(ProjectDirectory project, Path name) throws IOException {
        for (int walk = 1; ; walk++) {
            try {
                return new LinkWalk(project, name).end();
            } catch (LinkBrokenException | PathMovedException e) {
                if (walk == MAX_WALKS) {
                    throw e;
                }
            }
        }
    }

    private Located end() throws IOException {
        try {
            while (true) {
                Path name = rest.pop();
                BasicFileAttributes attributes = ProjectDirectory.attributes(directory, name);
                if (attributes.isSymbolicLink()) {
                    if (++hops > MAX_HOPS) {
                        throw new LinkRefusedException();
                    }
                    pushTarget(target(name, attributes));
                } else if (rest.isEmpty()) {
                    Located found = new Located(directory, directoryPath, name, attributes, hops > 0, directory != top);
                    directory = top;
                    return found;
                } else {
                    if (!attributes.isDirectory()) {
                        throw new LinkBrokenException();
                    }
                    enter(name);
                }
            }
        } catch (LinkRefusedException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw hops == 0 ? e : new LinkBrokenException();
        } catch (NotDirectoryException e) {
            throw new LinkBrokenException();
        } finally {
            leave();
        }
    }

    private void enter(Path name) throws IOException {
        SecureDirectoryStream<Path> next = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        leave();
        directory = next;
        directoryPath = directoryPath.resolve(name);
    }

    private void leave() throws IOException {
        if (directory != top) {
            directory.close();
        }
    }

    /**
     * A link's text comes by path. It counts only if the link there is the one in the open directory: a path that leads
     * elsewhere for a moment would make it look broken, or be another link.
     */
    private Path target(Path name, BasicFileAttributes link) throws IOException {
        Path path = directoryPath.resolve(name);
        try {
            Path target = Files.readSymbolicLink(path);
            BasicFileAttributes there =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (Objects.equals(link.fileKey(), there.fileKey())) {
                return target;
            }
        } catch (NoSuchFileException | NotLinkException e) {
            // exchanged, or not to be reached by that path now
        }
        throw new PathMovedException();
    }

    private void pushTarget(Path target) throws LinkRefusedException {
        if (target.isAbsolute()) {
            throw new LinkRefusedException();
        }
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
            String component = target.getName(i).toString();
            if (component.equals("..") || component.isEmpty()) {
                throw new LinkRefusedException();
            }
            if (!component.equals(".")) {
                rest.push(target.getName(i));
            }
        }
        if (rest.isEmpty()) {
            throw new LinkRefusedException();
        }
    }
}
