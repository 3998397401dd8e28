package dev.tokencache.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.http.TlsOptions.ClientAuth;
import dev.tokencache.tls.TlsException;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFilesTest {
    private static X509Bundle authority;

    @TempDir
    Path directory;

    private Path cert;
    private Path key;
    private X509Bundle pair;
    private TlsOptions options;

    @BeforeAll
    static void makeAuthority() throws Exception {
        authority = Pems.authority("tests");
    }

    @BeforeEach
    void writePair() throws Exception {
        cert = directory.resolve("cert.pem");
        key = directory.resolve("key.pem");
        pair = Pems.issue(authority);
        Pems.write(cert, key, pair);
        options = new TlsOptions().setCert(cert).setKey(key);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> TlsFiles.load(options))
                .isInstanceOf(TlsException.class)
                .hasMessage(message);
    }

    private static void mode(Path file, String permissions) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @EnumSource(names = {"ecp256", "ecp384", "rsa2048", "rsa3072"})
    void load_pairOfAnyUsualKind_isUsable(Algorithm algorithm) throws Exception {
        Pems.write(cert, key, Pems.issue(authority, algorithm));

        assertThat(TlsFiles.load(options).warnings()).isEmpty();
    }

    @Test
    void load_keyOfAnotherCertificate_isRefused() throws Exception {
        Pems.write(key, Pems.issue(authority).getPrivateKeyPEM());
        assertRefused("http.tls.key: is not the key of the first certificate in http.tls.cert");
        Pems.write(key, Pems.issue(authority, Algorithm.rsa2048).getPrivateKeyPEM());
        assertRefused("http.tls.key: holds no usable private key (PEM, RSA or EC) for http.tls.cert");
    }

    @Test
    void load_missingFiles_areNamed() throws Exception {
        Files.delete(cert);
        assertRefused("http.tls.cert: no such file");
        Files.delete(key);
        assertRefused("http.tls.key: no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "made-up", "-----BEGIN PRIVATE KEY-----\nbWFkZS11cA==\n-----END PRIVATE KEY-----\n"})
    void load_somethingElse_isNamed(String content) throws Exception {
        Pems.write(key, content);
        assertRefused("http.tls.key: holds no usable private key (PEM, RSA or EC) for http.tls.cert");
        Pems.write(cert, content);
        assertRefused("http.tls.cert: holds no certificate (PEM)");
    }

    @Test
    void load_brokenCertificate_isRefused() throws Exception {
        Pems.write(cert, "-----BEGIN CERTIFICATE-----\nbWFkZS11cA==\n-----END CERTIFICATE-----\n");

        assertRefused("http.tls.cert: a certificate in it is broken");
    }

    @Test
    void load_ed25519_whichTheServerCannotServe_isRefused() throws Exception {
        Pems.write(cert, key, Pems.issue(authority, Algorithm.ed25519));

        assertRefused("http.tls.key: holds no usable private key (PEM, RSA or EC) for http.tls.cert");
    }

    @Test
    void load_encryptedKey_isRefused() throws Exception {
        Pems.write(key, pair.getPrivateKeyPEM().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));

        assertRefused("http.tls.key: is encrypted; it must be a plain private key (PEM) in a file of its own");
    }

    @Test
    void load_weakRsaKey_isRefused() throws Exception {
        Pems.write(
                cert, new String(getClass().getResourceAsStream("rsa-1024.pem").readAllBytes(), US_ASCII));

        assertRefused("http.tls.cert: its RSA key has less than 2048 bits");
    }

    @Test
    void load_keyOthersCanReach_isRefused() throws Exception {
        mode(key, "rw----r--");
        assertRefused("http.tls.key: all users can read it; it must have mode 0600, or 0640");
        mode(key, "rw--w----");
        assertRefused("http.tls.key: group or others can write it; it must have mode 0600, or 0640");
        mode(key, "rw-----w-");
        assertRefused("http.tls.key: group or others can write it; it must have mode 0600, or 0640");
    }

    @Test
    void load_whatIsNotGoodButAllowed_isWarnedOf() throws Exception {
        mode(key, "rw-r-----");
        mode(cert, "rw-rw-r--");

        assertThat(TlsFiles.load(options).warnings())
                .containsExactly("http.tls.key: its group can read it", "http.tls.cert: group or others can write it");
    }

    @Test
    void load_outsideItsTime_isWarnedOf() throws Exception {
        Instant now = Instant.now();
        CertificateBuilder builder =
                new CertificateBuilder().ecp256().subject("CN=localhost").setIsCertificateAuthority(true);
        Pems.write(
                cert,
                key,
                builder.notBefore(now.minus(Duration.ofDays(9)))
                        .notAfter(now.minus(Duration.ofDays(1)))
                        .buildSelfSigned());
        assertThat(TlsFiles.load(options).warnings()).containsExactly("http.tls.cert: has expired");
        Pems.write(
                cert,
                key,
                builder.notBefore(now.plus(Duration.ofDays(1)))
                        .notAfter(now.plus(Duration.ofDays(9)))
                        .buildSelfSigned());
        assertThat(TlsFiles.load(options).warnings()).containsExactly("http.tls.cert: is not valid yet");
    }

    @Test
    void load_clientCa_mustHoldCertificates() throws Exception {
        Path ca = Pems.write(directory.resolve("ca.pem"), "made-up");
        options.setClientAuth(ClientAuth.REQUIRED).setClientCa(ca);

        assertRefused("http.tls.clientCa: holds no certificate (PEM)");
    }

    @Test
    void refresh_sameContent_changesNothing() throws Exception {
        TlsFiles files = TlsFiles.load(options);

        assertThat(files.refresh()).isFalse();
        Pems.write(cert, key, pair);
        assertThat(files.refresh()).isFalse();
    }

    @Test
    void refresh_otherPair_isTaken_brokenOneNot() throws Exception {
        TlsFiles files = TlsFiles.load(options);
        ServerSSLOptions first = files.sslOptions();
        X509Bundle next = Pems.issue(authority);

        Pems.write(cert, next.getCertificatePathPEM());
        assertThat(files.refresh()).isFalse();
        assertThat(files.sslOptions()).isEqualTo(first);
        mode(key, "rw-r--r--");
        assertThat(files.refresh()).isFalse();
        Files.delete(key);
        assertThat(files.refresh()).isFalse();
        assertThat(files.sslOptions()).isEqualTo(first);

        Pems.write(key, next.getPrivateKeyPEM());
        assertThat(files.refresh()).isTrue();
        assertThat(files.sslOptions()).isNotEqualTo(first);
        assertThat(files.refresh()).isFalse();
    }
}
