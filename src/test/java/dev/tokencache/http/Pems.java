package dev.tokencache.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyManagementException;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Made-up certificates, as the files of a server and as the SSL context of a client. */
public final class Pems {
    private Pems() {}

    /** A CA of the tests' own. */
    public static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** A certificate for this machine as server or client. */
    public static X509Bundle issue(X509Bundle authority, Algorithm algorithm) throws Exception {
        return new CertificateBuilder()
                .algorithm(algorithm)
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    public static X509Bundle issue(X509Bundle authority) throws Exception {
        return issue(authority, Algorithm.ecp256);
    }

    /** Replaces a file with one rename; 0600. */
    public static Path write(Path file, String content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, content);
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
        return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes certificate and key, one after the other, as they are replaced on a server. */
    public static void write(Path cert, Path key, X509Bundle bundle) throws IOException {
        write(cert, bundle.getCertificatePathPEM());
        write(key, bundle.getPrivateKeyPEM());
    }

    /**
     * A client that trusts the CA.
     *
     * @param own its own certificate, or null
     */
    public static SSLContext client(X509Bundle authority, X509Bundle own)
            throws NoSuchAlgorithmException, KeyStoreException, UnrecoverableKeyException, KeyManagementException {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[] {authority.toTrustManager()}, null);
        return context;
    }
}
