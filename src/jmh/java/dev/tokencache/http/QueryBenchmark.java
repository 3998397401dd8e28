package dev.tokencache.http;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The query of a get. */
@State(Scope.Thread)
public class QueryBenchmark {
    private String plain = "project=project-01&filename=user-0012345.token.json";
    private String escaped = "project=project-01&filename=user%40example.com%2B0012345.json";

    @Benchmark
    public Object plain() {
        return QueryParameters.parse(plain).get("filename");
    }

    @Benchmark
    public Object escaped() {
        return QueryParameters.parse(escaped).get("filename");
    }
}
