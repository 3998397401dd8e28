package dev.tokencache.cluster;

import dev.tokencache.tls.PemPair;
import dev.tokencache.tls.TlsException;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 with mutual authentication out of PEM files, for the membership and for the event bus. Blocking. */
final class ClusterTls {
    static final String PROTOCOL = "TLSv1.3";

    private static final String CERT = "cluster.tls.cert";
    private static final String KEY = "cluster.tls.key";
    private static final String CA = "cluster.tls.ca";

    private ClusterTls() {}

    /** Throws {@link ClusterException} when a file can't be used; says which. */
    static SSLContext context(ClusterOptions options) throws ClusterException {
        byte[] cert = read(CERT, options.getCert());
        byte[] key = read(KEY, options.getKey());
        byte[] ca = read(CA, options.getCa());
        try {
            PemPair own = PemPair.of(CERT, cert, KEY, key);
            TrustManagerFactory trust = trust(PemPair.certificates(CA, ca));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.options().getKeyManagerFactory(null).getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (TlsException e) {
            throw new ClusterException(e.getMessage(), e);
        } catch (Exception e) { // the loader declares no narrower one
            throw new ClusterException("cluster.tls: can't be used", e);
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

    private static TrustManagerFactory trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private static byte[] read(String what, Path file) throws ClusterException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ClusterException(what + ": the file is absent or can't be read", e);
        }
    }
}
