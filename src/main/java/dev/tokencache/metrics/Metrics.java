package dev.tokencache.metrics;

import dev.tokencache.Telemetry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * The figures of a process for Prometheus: one for a process. It is the telemetry that the parts of a server are given; what
 * they count themselves is read when it is scraped. For any thread.
 */
public final class Metrics implements Telemetry {

    private final String version;
    private final LoopLag lag;
    private final Requests requests = new Requests();
    private final Durations loads = Durations.ofCalls();
    private final LongAdder streams = new LongAdder();
    private final List<Consumer<Figures>> readings = new CopyOnWriteArrayList<>();
    private JvmMeters jvm;
    private boolean closed;

    /**
     * Nothing has happened yet.
     *
     * @param vertx whose event loops are watched until {@link #close}
     * @param version of this build
     */
    public Metrics(Vertx vertx, String version) {
        lag = new LoopLag(vertx);
        this.version = version;
        gauge("http_event_streams", "Streams of events that are open.", streams::sum);
    }

    @Override
    public void answered(String route, String method, int status, long nanos) {
        requests.answered(route, method, status, nanos);
    }

    @Override
    public void loaded(long nanos) {
        loads.record(nanos);
    }

    @Override
    public void streaming(int change) {
        streams.add(change);
    }

    /**
     * Adds a figure that goes up and down.
     *
     * @param name behind {@code tokencache_}; with its unit at the end, if it has one
     * @param value read at each scrape, on a worker thread
     * @param labels name, value, name, value …; the values are constants
     */
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        readings.add(figures -> figures.gauge(name, help, value.getAsDouble(), labels));
    }

    /** Adds a figure that only grows; otherwise like {@link #gauge}, and {@code _total} comes behind its name. */
    public void counter(String name, String help, DoubleSupplier value, String... labels) {
        readings.add(figures -> figures.counter(name, help, value.getAsDouble(), labels));
    }

    /**
     * All figures in Prometheus's text format, version 0.0.4. Blocking: the system is asked for some of them.
     *
     * @param stats what the cache says of itself; null when it doesn't answer: then its figures are missing
     * @param visible whether the figures of a project, by its name, may be shown
     */
    public byte[] scrape(JsonObject stats, Predicate<String> visible) {
        Figures figures = new Figures();
        figures.gauge("cache_reachable", "1 while the cache answers.", stats == null ? 0 : 1);
        readings.forEach(reading -> reading.accept(figures));
        if (stats != null) {
            new CacheFigures(figures).add(stats, System.currentTimeMillis());
            new ProjectFigures(figures).add(stats.getJsonObject("stats"), visible);
        }
        List<MetricSnapshot> all = new ArrayList<>(figures.snapshots());
        all.add(build());
        all.add(lag.snapshot());
        all.add(requests.snapshot());
        all.add(HistogramSnapshot.builder()
                .name("tokencache_load_duration_seconds")
                .unit(Unit.SECONDS)
                .help("Time that loads of tokens from the source took.")
                .dataPoint(loads.snapshot(Labels.EMPTY))
                .build());
        jvm().forEach(all::add);
        return render(new MetricSnapshots(all));
    }

    private MetricSnapshot build() {
        return InfoSnapshot.builder()
                .name("tokencache_build")
                .help("The version of the server and of Java.")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version",
                                version,
                                "java",
                                Integer.toString(Runtime.version().feature())))
                        .build())
                .build();
    }

    private synchronized MetricSnapshots jvm() {
        if (closed) {
            return new MetricSnapshots();
        }
        if (jvm == null) {
            jvm = new JvmMeters();
        }
        return jvm.snapshots();
    }

    private static byte[] render(MetricSnapshots snapshots) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(64 << 10);
        try {
            PrometheusTextFormatWriter.create().write(text, snapshots);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
    }

    /** Watches nothing any more. */
    public synchronized void close() {
        closed = true;
        lag.close();
        if (jvm != null) {
            jvm.close();
            jvm = null;
        }
    }
}
