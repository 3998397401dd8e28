package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.http.Pems;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for TLS that no node can join with are refused before it tries, by the name of the setting. */
class ClusterTlsTest {
    @TempDir
    Path directory;

    private X509Bundle authority;
    private ClusterOptions options;

    @BeforeEach
    void write() throws Exception {
        authority = Pems.authority("cluster");
        options = TestNode.secured(directory, authority);
        ClusterNode.verify(options);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> ClusterNode.verify(options))
                .isInstanceOf(ClusterException.class)
                .hasMessage(message);
    }

    @Test
    void keyOfAnotherCertificate_isRefused() throws Exception {
        Pems.write(options.getKey(), Pems.issue(authority).getPrivateKeyPEM());

        assertRefused("cluster.tls.key: is not the key of the first certificate in cluster.tls.cert");
    }

    @Test
    void filesThatHoldSomethingElse_areRefused() throws Exception {
        Pems.write(options.getCa(), "made-up");
        assertRefused("cluster.tls.ca: holds no certificate (PEM)");

        Pems.write(options.getKey(), "made-up");
        assertRefused("cluster.tls.key: holds no usable private key (PEM, RSA or EC) for cluster.tls.cert");

        Pems.write(options.getCert(), "made-up");
        assertRefused("cluster.tls.cert: holds no certificate (PEM)");
    }

    @Test
    void absentFile_isRefused() throws Exception {
        Files.delete(options.getCa());

        assertRefused("cluster.tls.ca: the file is absent or can't be read");
    }
}
