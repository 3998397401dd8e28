package dev.tokencache.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Sends nothing but {@linkplain PlainSpan plain spans}, and says now and then when they don't arrive. For the one thread that
 * exports, and those that its sender answers on.
 */
final class CarefulExporter implements SpanExporter {
    private static final Logger LOG = System.getLogger(CarefulExporter.class.getName());
    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final SpanExporter exporter;
    private final LongSupplier nanoTime;
    private boolean failing;
    private long saidNanos;
    private long lost;

    /** @param nanoTime monotonic, nanoseconds */
    CarefulExporter(SpanExporter exporter, LongSupplier nanoTime) {
        this.exporter = exporter;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = tryExport(spans);
        return result.whenComplete(() -> note(result.isSuccess(), spans.size()));
    }

    private CompletableResultCode tryExport(Collection<SpanData> spans) {
        try {
            return exporter.export(spans.stream().<SpanData>map(PlainSpan::new).toList());
        } catch (RuntimeException e) {
            return CompletableResultCode.ofExceptionalFailure(e); // whose caller says nothing of it
        }
    }

    private synchronized void note(boolean success, int spans) {
        if (success) {
            if (failing) {
                LOG.log(Level.INFO, "tracing.export.works lost={0}", lost);
            }
            failing = false;
            lost = 0;
            return;
        }
        lost += spans;
        long now = nanoTime.getAsLong();
        if (!failing || now - saidNanos >= SILENCE_NANOS) {
            LOG.log(
                    Level.WARNING,
                    "tracing.export.failed lost={0} remedy=look at tracing.endpoint and at the collector there",
                    lost);
            saidNanos = now;
        }
        failing = true;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
