package dev.tokencache.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of one scrape, put together. Names begin with {@code tokencache_}, those of counters get {@code _total}. */
final class Figures {
    private static final String PREFIX = "tokencache_";

    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();

    /** @param labels name, value, name, value … */
    Figures gauge(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(
                        name,
                        first -> GaugeSnapshot.builder().name(PREFIX + name).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(labels))
                        .value(value)
                        .build());
        return this;
    }

    /** @param value not negative, and never smaller than before */
    Figures counter(String name, String help, double value, String... labels) {
        counters.computeIfAbsent(
                        name,
                        first -> CounterSnapshot.builder().name(PREFIX + name).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(Labels.of(labels))
                        .value(value)
                        .build());
        return this;
    }

    List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> all = new ArrayList<>();
        gauges.values().forEach(gauge -> all.add(gauge.build()));
        counters.values().forEach(counter -> all.add(counter.build()));
        return all;
    }
}
