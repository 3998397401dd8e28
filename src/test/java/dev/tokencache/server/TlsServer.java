package dev.tokencache.server;

import dev.tokencache.http.Pems;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A running server with TLS, one token in it, and ways to ask for it. */
final class TlsServer implements AutoCloseable {
    private static final int SOCKET_MILLIS = 20_000;

    private final Path directory;
    private final X509Bundle authority;
    private final X509Bundle first;
    private final ServerProcess server;
    private final String request;

    private TlsServer(Path directory, String... sets) throws Exception {
        this.directory = directory;
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), "{\"token\":\"made-up\"}");
        authority = Pems.authority("tests");
        first = Pems.issue(authority);
        Pems.write(cert(), key(), first);
        List<String> all = new ArrayList<>(List.of("http.tls.cert=cert.pem", "http.tls.key=key.pem"));
        all.addAll(List.of(sets));
        server = ServerProcess.start(directory, all.toArray(new String[0]));
        request = "GET " + Api.BASE + "tokens/get?project=demo&filename=a.json HTTP/1.1\r\nHost: localhost\r\n"
                + server.admin().credentials() + "Connection: close\r\n\r\n";
    }

    /** Starts one in a directory of its own. */
    static TlsServer start(Path directory, String... sets) throws Exception {
        return new TlsServer(directory, sets);
    }

    X509Bundle authority() {
        return authority;
    }

    X509Bundle first() {
        return first;
    }

    Path cert() {
        return directory.resolve("cert.pem");
    }

    Path key() {
        return directory.resolve("key.pem");
    }

    ServerProcess process() {
        return server;
    }

    /** A connection whose handshake is over. */
    SSLSocket connect(SSLContext client, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(SOCKET_MILLIS);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    /** The whole answer to a get of the token, over a connection of its own. */
    String get(SSLContext client, String... protocols) throws IOException {
        try (SSLSocket socket = connect(client, protocols)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The number of the certificate that a new connection gets to see. */
    BigInteger serial(SSLContext client) throws IOException {
        try (SSLSocket socket = connect(client)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
