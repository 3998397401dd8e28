package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.http.Pems;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may join. */
@Timeout(120)
class ClusterNodeIT {
    /** Whom the others refuse waits in vain, however long. */
    private static final long COMPANY_MILLIS = 1_000;

    @TempDir
    Path directory;

    @Test
    void aStranger_withAnotherSecretOrCa_doesNotJoin() throws Exception {
        ClusterOptions good = TestNode.secured(directory, Pems.authority("cluster"));
        ClusterOptions foreign =
                TestNode.secured(Files.createDirectory(directory.resolve("foreign")), Pems.authority("another"));
        try (ClusterNode node = ClusterNode.open(good)) {
            List<InetSocketAddress> hosts = List.of(node.address());
            ClusterOptions otherSecret = new ClusterOptions(good)
                    .setHosts(hosts)
                    .setSecretFile(TestNode.secret(directory.resolve("other"), 2));

            assertThatThrownBy(
                            () -> ClusterNode.open(otherSecret, COMPANY_MILLIS).close())
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("secret");
            assertThatThrownBy(() -> ClusterNode.open(foreign.setHosts(hosts), COMPANY_MILLIS)
                            .close())
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("does not let this node in");
            assertThat(node.members()).isEqualTo(1);
        }
    }

    @Test
    void unprotected_isRefused() {
        assertThatThrownBy(() -> ClusterNode.verify(new ClusterOptions())).hasMessageContaining("cluster.insecure");
        assertThatThrownBy(() -> ClusterNode.verify(
                        new ClusterOptions().setInsecure(true).setHost("192.0.2.1")))
                .hasMessageContaining("not loopback");
        assertThatThrownBy(() -> ClusterNode.verify(new ClusterOptions()
                        .setInsecure(true)
                        .setHosts(List.of(new InetSocketAddress("192.0.2.1", 7800)))))
                .hasMessageContaining("not loopback");
    }
}
