package dev.tokencache.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * What the files for TLS hold, checked by the code that will serve it: certificate and key are a pair. TLS 1.2 and 1.3, only
 * with forward secrecy and authenticated encryption.
 */
final class TlsMaterial {
    static final String CERT = "http.tls.cert";
    static final String KEY = "http.tls.key";
    static final String CLIENT_CA = "http.tls.clientCa";

    private static final int MIN_RSA_BITS = 2048;
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");
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
        List<X509Certificate> chain = certificates(CERT, cert);
        requireStrong(chain.get(0).getPublicKey());
        requirePair(
                privateKey(cert, key, chain.get(0).getPublicKey()), chain.get(0).getPublicKey());
        warnOfTime(chain.get(0));
        sslOptions
                .setKeyCertOptions(pair(cert, key))
                .setClientAuth(
                        switch (options.getClientAuth()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.REQUEST;
                            case REQUIRED -> ClientAuth.REQUIRED;
                        });
        if (options.getClientAuth() != TlsOptions.ClientAuth.NONE) {
            certificates(CLIENT_CA, clientCa);
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

    private static PemKeyCertOptions pair(byte[] cert, byte[] key) {
        return new PemKeyCertOptions().addCertValue(Buffer.buffer(cert)).addKeyValue(Buffer.buffer(key));
    }

    /** In the order of the file; what else is in it is skipped. */
    private static List<X509Certificate> certificates(String name, byte[] pem) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Matcher blocks = CERTIFICATE.matcher(new String(pem, StandardCharsets.ISO_8859_1));
            while (blocks.find()) {
                byte[] block = blocks.group().getBytes(StandardCharsets.ISO_8859_1);
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
            }
        } catch (CertificateException e) {
            // The parser's message may quote what it read.
            throw new TlsException(name + ": a certificate in it is broken");
        }
        if (certificates.isEmpty()) {
            throw new TlsException(name + ": holds no certificate (PEM)");
        }
        return certificates;
    }

    private static PrivateKey privateKey(byte[] cert, byte[] key, PublicKey published) throws TlsException {
        if (new String(key, StandardCharsets.ISO_8859_1).contains("ENCRYPTED")) {
            throw new TlsException(KEY + ": is encrypted; it must be a plain private key (PEM) in a file of its own");
        }
        try {
            for (KeyManager manager : pair(cert, key).getKeyManagerFactory(null).getKeyManagers()) {
                if (manager instanceof X509KeyManager keys) {
                    String[] aliases = keys.getServerAliases(published.getAlgorithm(), null);
                    if (aliases != null && aliases.length > 0) {
                        return keys.getPrivateKey(aliases[0]);
                    }
                }
            }
        } catch (Exception e) {
            throw new TlsException(KEY + ": holds no usable private key (PEM, RSA or EC) for " + CERT);
        }
        throw notAPair();
    }

    private static void requireStrong(PublicKey key) throws TlsException {
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new TlsException(CERT + ": its RSA key has less than " + MIN_RSA_BITS + " bits");
        }
    }

    /** The loader takes any two: what one signs the other must verify. */
    private static void requirePair(PrivateKey secret, PublicKey published) throws TlsException {
        byte[] text = "pair".getBytes(StandardCharsets.US_ASCII);
        String algorithm = secret.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(secret);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(published);
            verifier.update(text);
            if (verifier.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw notAPair();
        }
        throw notAPair();
    }

    private static TlsException notAPair() {
        return new TlsException(KEY + ": is not the key of the first certificate in " + CERT);
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
