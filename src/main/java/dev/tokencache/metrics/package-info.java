/** Figures for Prometheus: what {@link dev.tokencache.Telemetry} hears, what the cache has counted, the JVM; through Micrometer. */
package dev.tokencache.metrics;
