package dev.tokencache.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tokencache.bench.LoadGenerator.Load;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** That the benchmarks' figures are what they say. */
class LoadFiguresTest {
    private static ByteBuffer received(String text) {
        return ByteBuffer.allocate(1_000).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void micros_ofOneToTenThousand_areTheQuantiles() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 10_000; micros++) {
            latencies.record(micros * 1_000L);
        }
        latencies.record(Long.MAX_VALUE);

        assertThat(latencies.count()).isEqualTo(10_001);
        assertThat(latencies.micros(0.5)).isCloseTo(5_000, Percentage.withPercentage(1.6));
        assertThat(latencies.micros(0.99)).isCloseTo(9_900, Percentage.withPercentage(1.6));
        assertThat(latencies.micros(0.0001)).isCloseTo(2, Percentage.withPercentage(1.6));
    }

    @Test
    void parse_outputOfWrk_givesItsFigures() throws IOException {
        Load load = Wrk.parse("""
                Running 2s test @ http://127.0.0.1:1/x
                  1 threads and 64 connections
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency   545.41us  300.27us  12.46ms   97.40%
                    Req/Sec   115.65k     6.35k  122.18k    85.00%
                  Latency Distribution
                     50%  513.00us
                     75%  560.00us
                     90%  700.00us
                     99%    1.50ms
                  230154 requests in 2.00s, 105.79MB read
                Requests/sec: 114987.65
                Transfer/sec:     52.86MB
                """);

        assertThat(load).isEqualTo(new Load(114_987.65, 513, 1_500, 230_154));
    }

    @Test
    void parse_outputOfWrkWithFailures_isRefused() {
        assertThatThrownBy(() -> Wrk.parse("10 requests in 1s\n  Non-2xx or 3xx responses: 1\nRequests/sec: 10\n"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void lengthOf_partsOfAReply_isKnownWithTheWholeHead() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nage: 1\r\nContent-Length: 12\r\nx: y\r\n\r\n";
        for (int i = 0; i < head.length(); i++) {
            assertThat(NioLoad.lengthOf(received(head.substring(0, i)))).isZero();
        }
        assertThat(NioLoad.lengthOf(received(head))).isEqualTo(head.length() + 12);
        assertThat(NioLoad.lengthOf(received(head + "{"))).isEqualTo(head.length() + 12);
    }

    @Test
    void lengthOf_replyWithoutBody_isItsHead() throws IOException {
        String head = "HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n";

        assertThat(NioLoad.lengthOf(received(head))).isEqualTo(head.length());
        assertThat(NioLoad.lengthOf(received(head.substring(0, head.length() - 1))))
                .isZero();
    }

    @Test
    void ratio_ofPairs_isTheMedianOfThoseThatCount() {
        Comparison comparison = new Comparison("a", "b", new Comparison.Column("x", 0));
        comparison.add(List.of(100.0), List.of(10.0), false);
        assertThat(comparison.ratio(0)).isCloseTo(0.1, within(1e-9));
        comparison.add(List.of(100.0), List.of(50.0));
        comparison.add(List.of(50.0), List.of(40.0));
        comparison.add(List.of(200.0), List.of(120.0));

        assertThat(comparison.ratio(0)).isCloseTo(0.6, within(1e-9));
        assertThat(comparison.table()).contains("3 of them").contains("a 4", "b 4");
    }

    @Test
    void table_ofBars_tellsWhichAreMissed() {
        Outcomes outcomes = new Outcomes();
        outcomes.atLeast("rate", "of x", 0.85, 0.85);
        outcomes.atMost("wait", "of x", 1.5, 1.51);

        assertThat(outcomes.table().lines())
                .satisfiesExactly(
                        head -> assertThat(head).contains("reached"),
                        rate -> assertThat(rate).startsWith("rate").endsWith("yes"),
                        wait -> assertThat(wait).startsWith("wait").endsWith("NO"));
    }

    @Test
    void lengthOf_failure_isRefused() {
        assertThatThrownBy(() -> NioLoad.lengthOf(received("HTTP/1.1 401 Unauthorized\r\n")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void median_ofEvenAndOddCounts_isTheMiddle() {
        Round low = Round.of(new Load(100, 1, 2, 1_000), Duration.ofMillis(5), Duration.ofMillis(10));
        Round high = Round.of(new Load(300, 3, 4, 1_000), Duration.ofMillis(7), Duration.ofMillis(10));

        assertThat(low.cpuMicros()).isCloseTo(5, within(1e-9));
        assertThat(low.cores()).isCloseTo(0.5, within(1e-9));
        assertThat(Comparison.median(List.of(high.perSecond(), low.perSecond())))
                .isEqualTo(200);
        assertThat(Comparison.median(List.of(high.perSecond(), low.perSecond(), low.perSecond())))
                .isEqualTo(100);
    }
}
