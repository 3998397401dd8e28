package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.http.Pems;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsIT {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @TempDir
    Path directory;

    @Test
    void server_withCertificate_speaksModernTlsOnly() throws Exception {
        try (TlsServer server = TlsServer.start(directory)) {
            SSLContext client = Pems.client(server.authority(), null);

            assertThat(server.process().stdout())
                    .isEqualTo("ready on https://127.0.0.1:" + server.process().port());
            assertThat(server.get(client, "TLSv1.3")).startsWith(OK).endsWith("{\"token\":\"made-up\"}}");
            assertThat(server.get(client, "TLSv1.2")).startsWith(OK);
            assertThat(server.process().admin().raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .doesNotContain("HTTP/");
            SSLContext stranger = Pems.client(Pems.authority("others"), null);
            assertThatThrownBy(() -> server.get(stranger)).isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> withoutAuthenticatedEncryption(server, client))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void client_thatAsksForAnotherHandshake_isCutOff() throws Exception {
        try (TlsServer server = TlsServer.start(directory);
                SSLSocket socket = server.connect(Pems.client(server.authority(), null), "TLSv1.2")) {
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void withoutAuthenticatedEncryption(TlsServer server, SSLContext client) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket("127.0.0.1", server.process().port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            socket.startHandshake();
        }
    }

    @Test
    void client_thatOffersHttp2_getsHttp11() throws Exception {
        try (TlsServer server = TlsServer.start(directory, "http.tls.hsts=1h")) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .sslContext(Pems.client(server.authority(), null))
                    .build();
            URI uri = URI.create("https://127.0.0.1:" + server.process().port() + "/health/live");

            HttpResponse<Void> response =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.headers().firstValue("strict-transport-security"))
                    .contains("max-age=3600");
        }
    }

    @Test
    void clientCertificate_required_isDemandedFromTheRightCa() throws Exception {
        X509Bundle clients = Pems.authority("clients");
        Pems.write(directory.resolve("clients.pem"), clients.getCertificatePEM());
        try (TlsServer server =
                TlsServer.start(directory, "http.tls.clientAuth=required", "http.tls.clientCa=clients.pem")) {
            assertThat(server.get(Pems.client(server.authority(), Pems.issue(clients))))
                    .startsWith(OK);
            assertRefused(server, null);
            assertRefused(server, Pems.issue(Pems.authority("clients")));
        }
    }

    @Test
    void clientCertificate_optional_isCheckedWhenThere() throws Exception {
        X509Bundle clients = Pems.authority("clients");
        Pems.write(directory.resolve("clients.pem"), clients.getCertificatePEM());
        try (TlsServer server =
                TlsServer.start(directory, "http.tls.clientAuth=optional", "http.tls.clientCa=clients.pem")) {
            assertThat(server.get(Pems.client(server.authority(), Pems.issue(clients))))
                    .startsWith(OK);
            assertThat(server.get(Pems.client(server.authority(), null))).startsWith(OK);
            // By the name of the other CA, so that the client believes its certificate is asked for.
            assertRefused(server, Pems.issue(Pems.authority("clients")));
        }
    }

    /** With TLS 1.3 a client hears of its refusal only when it reads. */
    private static void assertRefused(TlsServer server, X509Bundle own) throws Exception {
        SSLContext client = Pems.client(server.authority(), own);
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            assertThatThrownBy(() -> server.get(client, protocol)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void start_unusableFiles_isRefusedWithTheReason_andCheckSaysTheSame() throws Exception {
        X509Bundle authority = Pems.authority("tests");
        Path key = directory.resolve("key.pem");
        Pems.write(directory.resolve("cert.pem"), key, Pems.issue(authority));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertStartRefused("http.tls.key: all users can read it; it must have mode 0600, or 0640");

        Pems.write(key, Pems.issue(authority).getPrivateKeyPEM());
        assertStartRefused("http.tls.key: is not the key of the first certificate in http.tls.cert");

        Files.delete(key);
        assertStartRefused("http.tls.key: no such file");
        assertThat(directory.resolve("state")).doesNotExist();
    }

    private void assertStartRefused(String reason) throws Exception {
        String[] sets = {"--set", "http.tls.cert=cert.pem", "--set", "http.tls.key=key.pem", "--set", "http.port=0"};

        ServerProcess.Ended start = ServerProcess.run(directory, sets);
        assertThat(start.stderr()).isEqualTo("token-cache: " + reason + "\n");
        assertThat(start.code()).isEqualTo(1);

        String[] check = {"check", sets[0], sets[1], sets[2], sets[3]};
        ServerProcess.Ended checked = ServerProcess.run(directory, check);
        assertThat(checked.stdout()).contains("error    tls: " + reason + "\n");
        assertThat(checked.code()).isEqualTo(1);
    }

    @Test
    void start_clearTextForOtherMachines_isRefusedUnlessAllowed() throws Exception {
        for (String host : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
            ServerProcess.Ended start =
                    ServerProcess.run(directory, "--set", "http.host=" + host, "--set", "http.port=0");
            assertThat(start.code()).isEqualTo(1);
            assertThat(start.stderr())
                    .startsWith("token-cache: http.host: " + host + " is reached from other machines and TLS is not")
                    .contains("http.tls.cert", "http.insecure");
            assertThat(ServerProcess.run(directory, "check", "--set", "http.host=" + host)
                            .stdout())
                    .contains("error    http: http.host: " + host);
        }
        assertThat(ServerProcess.run(directory, "check", "--set", "http.host=0.0.0.0", "--set", "http.insecure=true")
                        .stdout())
                .doesNotContain("http.host");
    }
}
