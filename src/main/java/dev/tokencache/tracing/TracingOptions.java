package dev.tokencache.tracing;

import java.net.URI;

/** Which requests are traced, and where the traces go. */
public final class TracingOptions {
    /** A collector on this machine, at the port that OTLP over HTTP has. */
    public static final URI DEFAULT_ENDPOINT = URI.create("http://127.0.0.1:4318/v1/traces");

    /** All requests. */
    public static final double DEFAULT_SAMPLE_RATIO = 1;

    /** What the server is called. */
    public static final String DEFAULT_SERVICE_NAME = "token-cache";

    private URI endpoint = DEFAULT_ENDPOINT;
    private double sampleRatio = DEFAULT_SAMPLE_RATIO;
    private String serviceName = DEFAULT_SERVICE_NAME;
    private String version = "unknown";

    public TracingOptions() {}

    /** A copy that shares nothing with the original. */
    public TracingOptions(TracingOptions other) {
        endpoint = other.endpoint;
        sampleRatio = other.sampleRatio;
        serviceName = other.serviceName;
        version = other.version;
    }

    public URI getEndpoint() {
        return endpoint;
    }

    /** The whole URL that spans are posted to; http or https. */
    public TracingOptions setEndpoint(URI endpoint) {
        this.endpoint = endpoint;
        return this;
    }

    public double getSampleRatio() {
        return sampleRatio;
    }

    /** The share of requests that are traced, from 0 to 1, of those whose caller has not decided it. */
    public TracingOptions setSampleRatio(double sampleRatio) {
        this.sampleRatio = sampleRatio;
        return this;
    }

    public String getServiceName() {
        return serviceName;
    }

    public TracingOptions setServiceName(String serviceName) {
        this.serviceName = serviceName;
        return this;
    }

    public String getVersion() {
        return version;
    }

    /** The version of this build, which the spans say. */
    public TracingOptions setVersion(String version) {
        this.version = version;
        return this;
    }
}
