package dev.tokencache.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What {@code check} has found, for people and for programs. Holds names of files, never content. */
final class CheckReport {
    private final List<Finding> findings = new ArrayList<>();
    private final List<InvalidFile> invalid = new ArrayList<>();
    private final Set<String> unreadable = new LinkedHashSet<>();

    /** How bad a finding is; only errors fail the check. */
    enum Status {
        OK,
        WARNING,
        ERROR
    }

    /**
     * One line of the report.
     *
     * @param name what was looked at
     */
    record Finding(String name, Status status, String message) {}

    /**
     * A file that the server would answer with 422.
     *
     * @param reason machine name of the reason
     * @param line from 1, or 0 when the fault has no place
     */
    record InvalidFile(String project, String filename, String reason, int line, int column) {
        @Override
        public String toString() {
            String place = line == 0 ? "" : ", line " + line + ", column " + column;
            return project + "/" + filename + ": " + reason + place;
        }
    }

    void add(String name, Status status, String message) {
        findings.add(new Finding(name, status, message));
    }

    /**
     * Adds that a directory is not there. A link that leads nowhere is in its way.
     *
     * @param possible what it means when the server can make the directory at its start; an error otherwise
     */
    void addAbsent(String name, Path directory, Status possible) {
        Path parent = directory.toAbsolutePath().normalize().getParent();
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            add(name, Status.ERROR, "something that is no directory has its name");
        } else if (parent != null && Files.isDirectory(parent)) {
            add(name, possible, "absent; the server makes it at the start");
        } else {
            add(name, Status.ERROR, "absent, and its parent too");
        }
    }

    void add(InvalidFile file) {
        invalid.add(file);
    }

    /** Adds what can't be read: the name of a project, or {@code project/file}. */
    void addUnreadable(String name) {
        unreadable.add(name);
    }

    int unreadableCount() {
        return unreadable.size();
    }

    int invalidCount() {
        return invalid.size();
    }

    boolean isOk() {
        return findings.stream().noneMatch(finding -> finding.status() == Status.ERROR);
    }

    void print(PrintWriter out) {
        for (Finding finding : findings) {
            out.printf("%-8s %s: %s%n", word(finding.status()), finding.name(), finding.message());
        }
        invalid.forEach(file -> out.println("         " + file));
        unreadable.forEach(name -> out.println("         " + name + ": unreadable"));
    }

    JsonObject toJson() {
        JsonArray checks = new JsonArray();
        findings.forEach(finding -> checks.add(new JsonObject()
                .put("name", finding.name())
                .put("status", word(finding.status()))
                .put("message", finding.message())));
        JsonArray files = new JsonArray();
        invalid.forEach(file -> files.add(new JsonObject()
                .put("project", file.project())
                .put("filename", file.filename())
                .put("reason", file.reason())
                .put("line", file.line())
                .put("column", file.column())));
        return new JsonObject()
                .put("ok", isOk())
                .put("checks", checks)
                .put("invalid", files)
                .put("unreadable", new JsonArray(List.copyOf(unreadable)));
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
