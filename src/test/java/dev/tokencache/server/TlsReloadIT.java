package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.http.Pems;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificate and key are replaced under a running server. */
@Timeout(120)
class TlsReloadIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int CALLERS = 3;

    @TempDir
    Path directory;

    @Test
    void newPair_whileRequestsRun_isServedAndNoRequestFails() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2 * CALLERS);
        AtomicBoolean over = new AtomicBoolean();
        try (TlsServer server = TlsServer.start(directory, "http.instances=2")) {
            SSLContext client = Pems.client(server.authority(), null);
            List<Future<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(pool.submit(repeat(over, () -> server.get(client).startsWith("HTTP/1.1 200 OK\r\n"))));
                callers.add(pool.submit(repeat(over, keptAlive(server))));
            }

            for (int round = 0; round < 4; round++) {
                X509Bundle next = Pems.issue(server.authority(), round % 2 == 0 ? Algorithm.rsa2048 : Algorithm.ecp256);
                Pems.write(server.cert(), server.key(), next);
                Poll.until(
                        SOON,
                        () -> server.serial(client),
                        serial -> serial.equals(next.getCertificate().getSerialNumber()));
            }

            over.set(true);
            for (Future<Integer> caller : callers) {
                assertThat(caller.get(30, TimeUnit.SECONDS)).isGreaterThan(10);
            }
            assertThat(server.process().stderr()).doesNotContain("ERROR");
        } finally {
            over.set(true);
            pool.shutdownNow();
        }
    }

    /** Asks over one connection that outlives its certificate. */
    private static Callable<Boolean> keptAlive(TlsServer server) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(Pems.client(server.authority(), null))
                .build();
        URI uri = URI.create("https://127.0.0.1:" + server.process().port() + "/health/live");
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return () -> client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }

    /** How many were right; fails with the first that is not. */
    private static Callable<Integer> repeat(AtomicBoolean over, Callable<Boolean> request) {
        return () -> {
            int count = 0;
            while (!over.get()) {
                assertThat(request.call()).as("request " + count).isTrue();
                count++;
            }
            return count;
        };
    }

    @Test
    void brokenPair_isToldAndTheOldOneServes_untilItIsWhole() throws Exception {
        try (TlsServer server = TlsServer.start(directory)) {
            SSLContext client = Pems.client(server.authority(), null);
            X509Bundle next = Pems.issue(server.authority());

            Pems.write(server.key(), next.getPrivateKeyPEM());

            Poll.until(
                    SOON,
                    () -> server.process().stderr(),
                    log -> log.contains("WARN  TlsFiles: tls_files_broken kept=old"
                            + " reason=http.tls.key: is not the key of the first certificate in http.tls.cert\n"));
            assertThat(server.serial(client))
                    .isEqualTo(server.first().getCertificate().getSerialNumber());

            Pems.write(server.cert(), next.getCertificatePathPEM());

            Poll.until(
                    SOON,
                    () -> server.serial(client),
                    serial -> serial.equals(next.getCertificate().getSerialNumber()));
            assertThat(server.process().stderr())
                    .contains("INFO  TlsFiles: tls_reloaded\n")
                    .doesNotContain("PRIVATE KEY", directory.toString())
                    .containsOnlyOnce("tls_files_broken");
        }
    }
}
