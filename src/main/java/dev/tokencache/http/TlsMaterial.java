package dev.tokencache.http;

import dev.tokencache.tls.PemPair;
import dev.tokencache.tls.TlsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What the files for TLS hold, checked: certificate and key are a pair. TLS 1.2 and 1.3, only
 * with forward secrecy and authenticated encryption.
 */
final class TlsMaterial {
    static final String CERT = "http.tls.cert";
    static final String KEY = "http.tls.key";
    static final String CLIENT_CA = "http.tls.clientCa";

    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

    private final ServerSSLOptions sslOptions = new ServerSSLOptions();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Checks the files' content.
     *
     * @param clientCa empty when none is configured
     * @throws TlsException when it can't serve
     */
    TlsMaterial(TlsOptions options, byte[] cert, byte[] key, byte[] clientCa) throws TlsException {
        PemPair pair = PemPair.of(CERT, cert, KEY, key);
        warnOfTime(pair.certificate());
        sslOptions
                .setKeyCertOptions(pair.options())
                .setClientAuth(
                        switch (options.getClientAuth()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.REQUEST;
                            case REQUIRED -> ClientAuth.REQUIRED;
                        });
        if (options.getClientAuth() != TlsOptions.ClientAuth.NONE) {
            PemPair.certificates(CLIENT_CA, clientCa);
            sslOptions.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(clientCa)));
        }
        sslOptions.setEnabledSecureTransportProtocols(new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2")));
        CIPHER_SUITES.forEach(sslOptions::addEnabledCipherSuite);
    }

    ServerSSLOptions sslOptions() {
        return sslOptions;
    }

    List<String> warnings() {
        return warnings;
    }

    private void warnOfTime(X509Certificate certificate) {
        Instant now = Instant.now();
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            warnings.add(CERT + ": has expired");
        } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
            warnings.add(CERT + ": is not valid yet");
        }
    }
}
