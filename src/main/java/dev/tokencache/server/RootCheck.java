package dev.tokencache.server;

import dev.tokencache.TokenKey;
import dev.tokencache.content.MalformedContentException;
import dev.tokencache.content.TokenContent;
import dev.tokencache.server.CheckReport.InvalidFile;
import dev.tokencache.server.CheckReport.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Looks at the root as the server would: its permissions, and every file that it would serve. Blocking. */
final class RootCheck {
    private final CheckReport report;
    private final int maxTokenBytes;
    private int files;
    private int openToOthers;

    RootCheck(CheckReport report, int maxTokenBytes) {
        this.report = report;
        this.maxTokenBytes = maxTokenBytes;
    }

    void run(Path root) {
        if (!Files.exists(root)) {
            report.addAbsent("root", root, Status.WARNING);
            return;
        }
        if (!Files.isDirectory(root)) {
            report.add("root", Status.ERROR, "no directory");
            return;
        }
        try {
            List<Path> projects = entries(root);
            boolean writable = Files.isWritable(root);
            report.add("root", writable ? Status.OK : Status.WARNING, writable ? "readable, writable" : "read-only");
            count(root, "root");
            projects.stream()
                    .filter(path -> TokenKey.isProject(path.getFileName().toString()))
                    .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(this::project);
            summarize();
        } catch (IOException e) {
            report.add("root", Status.ERROR, "can't be read");
        }
    }

    private void summarize() {
        report.add(
                "permissions",
                openToOthers == 0 ? Status.OK : Status.WARNING,
                openToOthers == 0
                        ? "only the owner can write"
                        : "group or others can write " + openToOthers + " files or directories");
        int invalid = report.invalidCount();
        int unreadable = report.unreadableCount();
        String summary = files + " files, " + invalid + " invalid, " + unreadable + " unreadable";
        report.add("tokens", invalid + unreadable == 0 ? Status.OK : Status.ERROR, summary);
    }

    private void project(Path project) {
        String name = project.getFileName().toString();
        count(project, name);
        try {
            Path real = project.toRealPath();
            for (Path file : entries(project)) {
                if (TokenKey.isFilename(file.getFileName().toString())
                        && Files.isRegularFile(file)
                        && file.toRealPath().startsWith(real)) {
                    token(name, file);
                }
            }
        } catch (IOException e) {
            report.addUnreadable(name);
        }
    }

    private void token(String project, Path file) {
        files++;
        String name = file.getFileName().toString();
        count(file, project + "/" + name);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxTokenBytes + 1);
            if (bytes.length > maxTokenBytes) {
                report.add(new InvalidFile(project, name, "too_large", 0, 0));
            } else {
                TokenContent.check(bytes);
            }
        } catch (MalformedContentException e) {
            report.add(new InvalidFile(project, name, e.reason(), e.line(), e.column()));
        } catch (IOException e) {
            report.addUnreadable(project + "/" + name);
        }
    }

    private void count(Path path, String name) {
        try {
            if (!Files.isSymbolicLink(path) && PrivateFiles.othersCanWrite(path)) {
                openToOthers++;
            }
        } catch (IOException e) {
            report.addUnreadable(name);
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(paths::add);
        }
        Collections.sort(paths);
        return paths;
    }
}
