package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.CLAIMS;
import static dev.tokencache.auth.GateFixture.HEADER;
import static dev.tokencache.auth.GateFixture.NOW;
import static dev.tokencache.auth.GateFixture.SIGNER;
import static dev.tokencache.auth.GateFixture.assertRefused;
import static dev.tokencache.auth.GateFixture.await;
import static dev.tokencache.auth.GateFixture.gate;
import static dev.tokencache.auth.GateFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.auth.GateFixture.MovableClock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JwtGateReloadTest {
    private static final byte[] NEXT = TestKeys.secret(31);
    private static final String OLD_TOKEN = "Bearer " + TestKeys.token(HEADER, CLAIMS, SIGNER);
    private static final String NEW_TOKEN = "Bearer " + TestKeys.token(HEADER, CLAIMS, TestKeys.hmac("HS256", NEXT));

    @TempDir
    Path dir;

    private final Logger logger = Logger.getLogger(JwtGate.class.getName());
    private final Warnings warnings = new Warnings();
    private Vertx vertx;

    private static final class Warnings extends Handler {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                lines.add(new SimpleFormatter().formatMessage(record));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        logger.addHandler(warnings);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(warnings);
        await(vertx.close());
    }

    private JwtGate newGate(AuthOptions options) {
        return gate(vertx, options, new MovableClock());
    }

    @Test
    void refresh_nothingChanged_keepsTheMemo() {
        JwtGate gate = newGate(options(dir));
        await(gate.authenticate(OLD_TOKEN));
        TestKeys.writeSecret(dir.resolve("main.key"), GateFixture.SECRET);

        assertThat(gate.refresh()).isFalse();

        assertThat(gate.remembered(OLD_TOKEN)).isNotNull();
    }

    @Test
    void refresh_rotatedSecret_oldTokensAreOutAndNewOnesIn() {
        JwtGate gate = newGate(options(dir));
        await(gate.authenticate(OLD_TOKEN));
        assertRefused(gate, NEW_TOKEN);
        TestKeys.writeSecret(dir.resolve("main.key"), NEXT);

        assertThat(gate.refresh()).isTrue();

        assertThat(gate.remembered(OLD_TOKEN)).isNull();
        assertRefused(gate, OLD_TOKEN);
        assertThat(await(gate.authenticate(NEW_TOKEN))).isNotNull();
        assertThat(gate.refresh()).isFalse();
    }

    @Test
    void notBefore_whileAKeyIsBeingRead_isInForceAtOnce() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(GateFixture.SECRET);
        AtomicInteger reads = new AtomicInteger();
        UnaryOperator<String> environment = name -> {
            if (reads.incrementAndGet() > 1) {
                reached.countDown();
                awaitQuietly(held);
            }
            return secret;
        };
        AuthOptions options =
                new AuthOptions().addKey(new KeyOptions().setId("main").setSecretEnv("MADE_UP"));
        JwtGate gate = await(JwtGate.create(vertx, options, new MovableClock(), environment));
        Thread reader = new Thread(gate::refresh);
        reader.start();
        reached.await();

        CompletableFuture.runAsync(() -> gate.notBefore(Instant.ofEpochSecond(NOW)))
                .get(20, TimeUnit.SECONDS);

        assertRefused(gate, OLD_TOKEN);
        held.countDown();
        reader.join();
        assertRefused(gate, OLD_TOKEN);
        gate.notBefore(null);
        assertThat(await(gate.authenticate(OLD_TOKEN))).isNotNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void refresh_brokenOrMissingFile_keepsTheOldKeyAndWarnsOnceForEachChange() throws IOException {
        JwtGate gate = newGate(options(dir));
        await(gate.authenticate(OLD_TOKEN));
        Path file = dir.resolve("main.key");

        for (String broken : List.of("too-short-and-secret", "")) {
            TestKeys.write(file, broken);
            assertThat(gate.refresh()).isFalse();
            assertThat(gate.refresh()).isFalse();
        }
        Files.delete(file);
        assertThat(gate.refresh()).isFalse();
        assertThat(gate.refresh()).isFalse();

        assertThat(gate.remembered(OLD_TOKEN)).isNotNull();
        assertThat(warnings.lines)
                .containsExactly(
                        "auth_source_broken kept=old reason=key main: shorter than 32 bytes",
                        "auth_source_broken kept=old reason=key main: empty",
                        "auth_source_broken kept=old reason=key main: the file is missing");
        TestKeys.writeSecret(file, NEXT);
        assertThat(gate.refresh()).isTrue();
        assertThat(await(gate.authenticate(NEW_TOKEN))).isNotNull();
    }

    @Test
    void refresh_oneFileBroken_othersAreStillRotated() {
        Path pem = TestKeys.write(dir.resolve("idp"), TestKeys.pem(TestKeys.RSA.getPublic()));
        JwtGate gate = newGate(options(dir)
                .addKey(new KeyOptions().setId("idp").setAlgorithm("RS256").setPublicKeyFile(pem)));
        TestKeys.write(pem, "broken");
        TestKeys.writeSecret(dir.resolve("main.key"), NEXT);

        assertThat(gate.refresh()).isTrue();

        assertThat(await(gate.authenticate(NEW_TOKEN))).isNotNull();
        String idp =
                TestKeys.token("{\"alg\":\"RS256\",\"kid\":\"idp\"}", CLAIMS, TestKeys.signer("RS256", TestKeys.RSA));
        assertThat(await(gate.authenticate("Bearer " + idp))).isNotNull();
    }

    @Test
    void refresh_emptiedKeySet_keepsTheOldOne() {
        String set = "{\"keys\":[{\"kid\":\"k\"," + TestKeys.jwkMembers(TestKeys.RSA.getPublic()) + "}]}";
        Path file = TestKeys.write(dir.resolve("jwks"), set);
        JwtGate gate = newGate(new AuthOptions().setJwksFile(file));
        String token =
                TestKeys.token("{\"alg\":\"RS256\",\"kid\":\"k\"}", CLAIMS, TestKeys.signer("RS256", TestKeys.RSA));
        String unsigned = TestKeys.part("{\"alg\":\"none\"}") + "." + TestKeys.part(CLAIMS);

        TestKeys.write(file, "{\"keys\":[]}");
        assertThat(gate.refresh()).isFalse();

        assertThat(await(gate.authenticate("Bearer " + token))).isNotNull();
        assertRefused(gate, "Bearer " + unsigned);
        assertRefused(gate, "Bearer " + unsigned + ".");
        TestKeys.write(
                file,
                set.replace(
                        TestKeys.jwkMembers(TestKeys.RSA.getPublic()), TestKeys.jwkMembers(TestKeys.P256.getPublic())));
        assertThat(gate.refresh()).isTrue();
        assertRefused(gate, "Bearer " + token);
    }

    @Test
    void refresh_revokedToken_isOutThoughItWasRemembered() throws IOException {
        Path file = TestKeys.write(dir.resolve("revoked"), "");
        JwtGate gate = newGate(options(dir).setRevokedFile(file));
        await(gate.authenticate(OLD_TOKEN));
        TestKeys.write(file, "other\nid-1\n");

        assertThat(gate.refresh()).isTrue();

        assertRefused(gate, OLD_TOKEN);
        Files.delete(file);
        assertThat(gate.refresh()).isFalse();
        assertRefused(gate, OLD_TOKEN);
    }

    @Test
    void notBefore_tokensIssuedEarlierOrNobodyKnowsWhen_areRefused() {
        JwtGate gate = newGate(options(dir));
        String undated = "Bearer " + TestKeys.token(HEADER, "{\"exp\":1800000600}", SIGNER);
        await(gate.authenticate(OLD_TOKEN));
        await(gate.authenticate(undated));

        gate.notBefore(Instant.ofEpochSecond(NOW - 10));
        assertThat(await(gate.authenticate(OLD_TOKEN))).isNotNull();
        assertRefused(gate, undated);
        gate.notBefore(Instant.ofEpochSecond(NOW - 10, 1));
        assertRefused(gate, OLD_TOKEN);
        gate.notBefore(null);

        assertThat(await(gate.authenticate(OLD_TOKEN))).isNotNull();
        assertThat(await(gate.authenticate(undated))).isNotNull();
    }

    @Test
    void create_notBeforeInTheOptions_holdsFromTheStart() {
        assertRefused(newGate(options(dir).setNotBefore(Instant.ofEpochSecond(NOW))), OLD_TOKEN);
    }
}
