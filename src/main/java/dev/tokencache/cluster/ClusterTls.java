package dev.tokencache.cluster;

import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 with mutual authentication out of PEM files, for the membership and for the event bus. Blocking. */
final class ClusterTls {
    static final String PROTOCOL = "TLSv1.3";

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    private ClusterTls() {}

    /** Throws {@link ClusterException} when a file can't be used; says which. */
    static SSLContext context(ClusterOptions options) throws ClusterException {
        Collection<? extends Certificate> chain = certificates("cluster.tls.cert", options.getCert());
        Collection<? extends Certificate> authorities = certificates("cluster.tls.ca", options.getCa());
        PrivateKey key = privateKey(options.getKey());
        try {
            KeyStore own = empty();
            own.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            KeyStore trusted = empty();
            int i = 0;
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("ca-" + i++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ClusterException("cluster.tls: certificate and key can't be used together", e);
        }
    }

    /** Makes the bus speak nothing else. */
    static void secure(EventBusOptions bus, ClusterOptions options) {
        bus.setSsl(true)
                .setTrustAll(false)
                .setClientAuth(ClientAuth.REQUIRED)
                .setEnabledSecureTransportProtocols(Set.of(PROTOCOL))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(options.getCert().toAbsolutePath().toString())
                        .setKeyPath(options.getKey().toAbsolutePath().toString()))
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(options.getCa().toAbsolutePath().toString()));
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String what, Path file) throws ClusterException {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(what, file)));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException e) {
            throw new ClusterException(what + ": no PEM certificate", e);
        }
        throw new ClusterException(what + ": no PEM certificate");
    }

    private static PrivateKey privateKey(Path file) throws ClusterException {
        Matcher pem = KEY.matcher(new String(read("cluster.tls.key", file), StandardCharsets.ISO_8859_1));
        if (pem.find()) {
            PKCS8EncodedKeySpec spec =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
            for (String algorithm : List.of("EC", "RSA")) {
                PrivateKey key = privateKey(algorithm, spec);
                if (key != null) {
                    return key;
                }
            }
        }
        throw new ClusterException("cluster.tls.key: no PEM private key, EC or RSA, in PKCS#8 and not encrypted");
    }

    /** Null when it is a key of another algorithm. */
    private static PrivateKey privateKey(String algorithm, PKCS8EncodedKeySpec spec) throws ClusterException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new ClusterException("cluster.tls.key: can't be used", e);
        }
    }

    private static byte[] read(String what, Path file) throws ClusterException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ClusterException(what + ": the file is absent or can't be read", e);
        }
    }
}
