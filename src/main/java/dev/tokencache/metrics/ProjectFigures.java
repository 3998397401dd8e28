package dev.tokencache.metrics;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The figures of each project, as far as the caller may see it: of the first {@link #MAX_PROJECTS} by name, the rest, and what
 * the caller may not see, as one sum.
 */
final class ProjectFigures {
    /** How many projects have figures of their own in a scrape. */
    static final int MAX_PROJECTS = 200;

    /** Stands for the rest. No project has such a name: one begins with a letter or digit. */
    static final String REST = "_rest";

    private final Figures figures;

    ProjectFigures(Figures figures) {
        this.figures = figures;
    }

    /**
     * Adds them.
     *
     * @param projects by name
     * @param visible whether the caller may see the project of a name
     */
    void add(JsonObject projects, Predicate<String> visible) {
        Set<String> shown = projects.fieldNames().stream()
                .filter(visible)
                .sorted()
                .limit(MAX_PROJECTS)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<JsonObject> rest = new ArrayList<>();
        for (String name : projects.fieldNames()) {
            if (!shown.contains(name)) {
                rest.add(projects.getJsonObject(name));
            }
        }
        for (String name : shown) {
            add(name, List.of(projects.getJsonObject(name)));
        }
        if (!rest.isEmpty()) {
            add(REST, rest);
        }
        figures.gauge("projects", "Projects that something is known of.", projects.size());
    }

    private void add(String name, List<JsonObject> projects) {
        gauge("project_tokens", "Token files of a project.", name, projects, member("fileListSize"));
        gauge("project_cached_tokens", "Tokens of a project in memory.", name, projects, member("cachedTokens"));
        gauge("project_invalid_files", "Files that are known to be invalid.", name, projects, member("invalidFiles"));
        gauge("project_ignored_files", "Files whose names are no token's.", name, projects, member("ignoredFiles"));
        gauge(
                "project_expired_tokens",
                "Tokens whose own expiry has passed, of those that were read.",
                name,
                projects,
                member("expiredTokens"));
        gauge(
                "project_expiring_tokens",
                "Tokens that expire within an hour, of those that were read.",
                name,
                projects,
                member("expiringTokens"));
        gauge(
                "project_scan_errors",
                "What the last scan of a project could not look at.",
                name,
                projects,
                member("scanErrors"));
        gauge(
                "project_unreadable",
                "1 while a project can't be scanned.",
                name,
                projects,
                project -> project.getString("error") == null ? 0 : 1);
    }

    private static ToIntFunction<JsonObject> member(String name) {
        return project -> project.getInteger(name);
    }

    private void gauge(
            String metric, String help, String name, List<JsonObject> projects, ToIntFunction<JsonObject> value) {
        figures.gauge(
                metric, help, projects.stream().mapToDouble(value::applyAsInt).sum(), "project", name);
    }
}
