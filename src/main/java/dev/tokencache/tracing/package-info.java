/** Traces of requests, from HTTP over the bus and the cache to the file, for a collector; through OpenTelemetry. */
package dev.tokencache.tracing;
