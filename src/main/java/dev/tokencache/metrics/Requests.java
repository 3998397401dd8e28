package dev.tokencache.metrics;

import dev.tokencache.Telemetry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The answers to HTTP requests by route, method and status. The routes are those of the server's table, methods that HTTP does
 * not know are one, and so are impossible statuses: how many series there are is no client's choice. For any thread.
 */
final class Requests {
    private static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"};
    private static final int STATUSES = 600;

    private final Map<String, AtomicReferenceArray<Durations>> routes = new ConcurrentHashMap<>();

    void answered(String route, String method, int status, long nanos) {
        AtomicReferenceArray<Durations> cells = routes.get(route);
        if (cells == null) {
            cells = routes.computeIfAbsent(route, unknown -> new AtomicReferenceArray<>(METHODS.length * STATUSES));
        }
        int place = method(method) * STATUSES + (status > 0 && status < STATUSES ? status : Telemetry.ABORTED);
        Durations cell = cells.get(place);
        if (cell == null) {
            cells.compareAndSet(place, null, Durations.ofCalls());
            cell = cells.get(place);
        }
        cell.record(nanos);
    }

    private static int method(String name) {
        return switch (name == null ? "" : name) {
            case "GET" -> 0;
            case "HEAD" -> 1;
            case "POST" -> 2;
            case "PUT" -> 3;
            case "PATCH" -> 4;
            case "DELETE" -> 5;
            case "OPTIONS" -> 6;
            default -> 7;
        };
    }

    MetricSnapshot snapshot() {
        HistogramSnapshot.Builder all = HistogramSnapshot.builder()
                .name("tokencache_http_request_duration_seconds")
                .unit(Unit.SECONDS)
                .help("Time from the head of a request to the end of its answer.");
        routes.forEach((route, cells) -> {
            for (int place = 0; place < cells.length(); place++) {
                Durations cell = cells.get(place);
                if (cell != null) {
                    all.dataPoint(cell.snapshot(labels(route, METHODS[place / STATUSES], place % STATUSES)));
                }
            }
        });
        return all.build();
    }

    private static Labels labels(String route, String method, int status) {
        return Labels.of(
                "route",
                route,
                "method",
                method,
                "status",
                status == Telemetry.ABORTED ? "aborted" : Integer.toString(status));
    }
}
