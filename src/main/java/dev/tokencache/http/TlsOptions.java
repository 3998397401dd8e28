package dev.tokencache.http;

import java.nio.file.Path;

/** Where the files for TLS are (PEM), and whether clients show certificates too. */
public final class TlsOptions {
    private Path cert;
    private Path key;
    private ClientAuth clientAuth = ClientAuth.NONE;
    private Path clientCa;

    /** What is asked of clients. */
    public enum ClientAuth {
        /** Nothing. */
        NONE,
        /** A certificate, if they have one; one that the CA did not sign is refused. */
        OPTIONAL,
        /** A certificate that the CA signed. */
        REQUIRED
    }

    public TlsOptions() {}

    /** A copy that shares nothing with the original. */
    public TlsOptions(TlsOptions other) {
        cert = other.cert;
        key = other.key;
        clientAuth = other.clientAuth;
        clientCa = other.clientCa;
    }

    public Path getCert() {
        return cert;
    }

    /** The server's certificate, followed by those between it and its CA. */
    public TlsOptions setCert(Path cert) {
        this.cert = cert;
        return this;
    }

    public Path getKey() {
        return key;
    }

    /** The private key of the certificate, RSA or EC: PKCS#8, PKCS#1 or SEC 1, not encrypted. */
    public TlsOptions setKey(Path key) {
        this.key = key;
        return this;
    }

    public ClientAuth getClientAuth() {
        return clientAuth;
    }

    public TlsOptions setClientAuth(ClientAuth clientAuth) {
        this.clientAuth = clientAuth;
        return this;
    }

    public Path getClientCa() {
        return clientCa;
    }

    /** The certificates of the CAs that sign those of clients; null when clients show none. */
    public TlsOptions setClientCa(Path clientCa) {
        this.clientCa = clientCa;
        return this;
    }
}
