package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenKey;
import dev.tokencache.http.Pems;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in, and who is believed to be the server. Whoever is not costs the tier and nothing else. */
@Timeout(60)
class RedisAccessIT {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");
    private static final String PASSWORD = "made-up-canary-of-a-password";

    private final Vertx vertx = Vertx.vertx();
    private final FakeDisk disk = new FakeDisk();
    private RealRedis redis;

    @BeforeEach
    void start() throws Exception {
        redis = new RealRedis();
        disk.edit(KEY, "first");
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
        redis.close();
    }

    private void assertUsed(RedisSourceOptions options) throws Exception {
        RedisTokenSource source = Nodes.connected(vertx, options, disk);
        assertThat(Nodes.text(source.read(KEY))).isEqualTo("first");
        await(() -> source.counters().stored() == 1);
        source.invalidated(KEY.toString());
        await(() -> redis.names("v").isEmpty());
        await(source.close());
    }

    /** Two connections fail, and the files are read meanwhile. */
    private void assertPassedOver(RedisSourceOptions options) throws Exception {
        RedisTokenSource source = new RedisTokenSource(vertx, options, disk);
        await(() -> source.counters().failedConnects() >= 2);
        assertThat(Nodes.text(source.read(KEY))).isEqualTo("first");
        assertThat(source.isUsable()).isFalse();
        assertThat(source.counters().connects()).isZero();
        await(source.close());
    }

    @Test
    void user_withTheRightsThatAreDocumented_isEnough() throws Exception {
        addUser();

        assertUsed(Nodes.options(redis.url()).setUsername("cache").setPassword(PASSWORD));
    }

    private void addUser() {
        String[] words = shown();
        redis.tell(client -> client.aclSetUser("cache", words));
    }

    /** What redis.md gives the user, with the test's password. */
    private static String[] shown() {
        try {
            String page = Files.readString(Path.of("src/docs/redis.md"));
            int start = page.indexOf("ACL SETUSER token-cache ") + "ACL SETUSER token-cache ".length();
            return page.substring(start, page.indexOf('\n', start))
                    .replace(">PASSWORD", ">" + PASSWORD)
                    .split(" ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void password_ofAnotherUser_isRefusedAndInNoLog() throws Exception {
        addUser();
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Handler handler = new Lines(lines);
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.addHandler(handler);
        root.setLevel(Level.ALL);
        try {
            assertPassedOver(Nodes.options(redis.url()).setUsername("nobody").setPassword(PASSWORD));
        } finally {
            root.setLevel(before);
            root.removeHandler(handler);
        }
        assertThat(lines).anyMatch(line -> line.contains("redis.lost"));
        assertThat(lines).noneMatch(line -> line.contains(PASSWORD));
    }

    private FlakyProxy tls(X509Bundle certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        ServerSocket socket =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return new FlakyProxy(socket, redis.port());
    }

    private static RedisSourceOptions options(FlakyProxy server, X509Bundle trusted) {
        return Nodes.options(server.url().replace("redis:", "rediss:"))
                .setTrust(new PemTrustOptions().addCertValue(Buffer.buffer(trusted.getCertificatePEM())));
    }

    @Test
    void tls_ofTheServerThatIsMeant_isUsed() throws Exception {
        X509Bundle authority = Pems.authority("tier");
        try (FlakyProxy server = tls(Pems.issue(authority))) {
            assertUsed(options(server, authority));
        }
    }

    @Test
    void tls_ofAForeignAuthority_isRefused() throws Exception {
        try (FlakyProxy server = tls(Pems.issue(Pems.authority("foreign")))) {
            assertPassedOver(options(server, Pems.authority("tier")));
        }
    }

    @Test
    void tls_ofAnotherHost_isRefused() throws Exception {
        X509Bundle authority = Pems.authority("tier");
        X509Bundle other = new CertificateBuilder()
                .ecp256()
                .subject("CN=other.example")
                .addSanDnsName("other.example")
                .buildIssuedBy(authority);
        try (FlakyProxy server = tls(other)) {
            assertPassedOver(options(server, authority));
        }
    }

    private static final class Lines extends Handler {
        private final Queue<String> lines;

        Lines(Queue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord entry) {
            StringWriter text = new StringWriter();
            text.append(entry.getMessage());
            for (Object parameter : entry.getParameters() == null ? new Object[0] : entry.getParameters()) {
                text.append(' ').append(String.valueOf(parameter));
            }
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(text));
            }
            lines.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
