package dev.tokencache.file;

import dev.tokencache.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** All projects a watcher knows, and what is to be reported of them. Lives on the watcher's event loop. */
final class ProjectWatches {
    private final Map<String, ProjectWatch> watches = new TreeMap<>();
    private final BiConsumer<String, List<String>> again;
    private boolean baselined;

    /** @param again is told of files whose scanned state was overtaken by hints, to look at them once more */
    ProjectWatches(BiConsumer<String, List<String>> again) {
        this.again = again;
    }

    /** Whether the root has been listed once: projects found later are new. */
    boolean isBaselined() {
        return baselined;
    }

    /** Takes in a listing of the root. Projects it lacks stay: their own scan finds out whether they are gone. */
    void listed(List<String> names) {
        names.forEach(this::obtain);
        baselined = true;
    }

    /** The project of a name, made when it is not known. */
    ProjectWatch obtain(String name) {
        SnapshotDiff.Kind first = baselined ? SnapshotDiff.Kind.ADDED : SnapshotDiff.Kind.PRESENT;
        return watches.computeIfAbsent(name, fresh -> new ProjectWatch(fresh, first));
    }

    /** The project of a name, or null. */
    ProjectWatch get(String name) {
        return watches.get(name);
    }

    List<ProjectWatch> all() {
        return List.copyOf(watches.values());
    }

    /** Notes that nothing can be said of any project. */
    void failed(Failure failure) {
        watches.values().forEach(watch -> watch.failed(failure));
    }

    /** Another cache is there, which knows nothing of what was acknowledged. */
    void forgetAll() {
        watches.values().forEach(ProjectWatch::forget);
    }

    /** How every project fares, with what scans found of some. */
    List<Report> reports(List<ScanCalls.Scanned> results) {
        Map<String, Report> reports = new TreeMap<>();
        for (ScanCalls.Scanned result : results) {
            Report report = report(result);
            if (report != null) {
                reports.put(report.project(), report);
            }
        }
        for (ProjectWatch watch : watches.values()) {
            if (watch.isLookedAt()) {
                reports.computeIfAbsent(
                        watch.name(), name -> new Report(name, List.of(), watch.status(), watch::announce));
            }
        }
        return new ArrayList<>(reports.values());
    }

    /** Whether something can be said of each project. */
    boolean areLookedAt() {
        return watches.values().stream().allMatch(ProjectWatch::isLookedAt);
    }

    /** What a scan found, or null when there is nothing to say. */
    Report report(ScanCalls.Scanned result) {
        ProjectWatch watch = result.watch();
        String name = watch.name();
        ProjectScan scan = result.scan();
        if (scan == null) {
            return new Report(name, List.of(), watch.status(), watch::announce);
        }
        List<String> overtaken = watch.newerThan(result.beganAt());
        if (!scan.isGone()) {
            return new Report(name, watch.since(scan, result.beganAt()), watch.statusAfter(scan), () -> {
                watch.accept(scan, result.beganAt());
                if (!overtaken.isEmpty()) {
                    again.accept(name, overtaken);
                }
            });
        }
        if (!overtaken.isEmpty()) {
            // It was back before this could be told; the next scan knows better.
            return null;
        }
        if (!watch.isAnnounced()) {
            watches.remove(name, watch);
            return null;
        }
        return new Report(name, scan.changes(), watch.status().put("gone", true), () -> watches.remove(name, watch));
    }
}
