package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.CLAIMS;
import static dev.tokencache.auth.GateFixture.HEADER;
import static dev.tokencache.auth.GateFixture.SIGNER;
import static dev.tokencache.auth.GateFixture.assertRefused;
import static dev.tokencache.auth.GateFixture.await;
import static dev.tokencache.auth.GateFixture.failure;
import static dev.tokencache.auth.GateFixture.gate;
import static dev.tokencache.auth.GateFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.auth.GateFixture.MovableClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtGateMemoTest {
    private static final String GOOD = "Bearer " + TestKeys.token(HEADER, CLAIMS, SIGNER);
    private static final String FORGED =
            "Bearer " + TestKeys.token(HEADER, CLAIMS, TestKeys.hmac("HS256", TestKeys.secret(5)));

    @TempDir
    Path dir;

    private final MovableClock clock = new MovableClock();
    private final AtomicInteger checks = new AtomicInteger();
    private Vertx vertx;
    private JwtGate gate;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        Path pem = TestKeys.write(dir.resolve("es"), TestKeys.pem(TestKeys.P256.getPublic()));
        gate = gate(
                vertx,
                options(dir)
                        .addKey(new KeyOptions()
                                .setId("es")
                                .setAlgorithm("ES256")
                                .setPublicKeyFile(pem)),
                clock);
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private Future<Caller> counted(String header) {
        return gate.authenticate(header, () -> checks.incrementAndGet() > 0);
    }

    private static String es(String jti) {
        return "Bearer "
                + TestKeys.token(
                        "{\"alg\":\"ES256\",\"kid\":\"es\"}",
                        CLAIMS.replace("id-1", jti),
                        TestKeys.signer("ES256", TestKeys.P256));
    }

    /** Keeps all workers of the gate busy until the latch is counted down. */
    private CountDownLatch holdWorkers() {
        WorkerExecutor same = vertx.createSharedWorkerExecutor("token-cache-auth");
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 16; i++) {
            same.executeBlocking(
                    () -> {
                        release.await();
                        return null;
                    },
                    false);
        }
        return release;
    }

    @Test
    void remembered_onlyAfterItWasAccepted_givesTheCaller() {
        assertThat(gate.remembered(GOOD)).isNull();

        Caller caller = await(gate.authenticate(GOOD));

        assertThat(gate.remembered(GOOD)).isSameAs(caller);
        assertThat(gate.remembered(GOOD + "A")).isNull();
        assertThat(gate.remembered(null)).isNull();
    }

    @Test
    void remembered_atTheSecondOfExp_isOver() {
        await(gate.authenticate(GOOD));

        clock.advance(Duration.ofSeconds(599));
        assertThat(gate.remembered(GOOD)).isNotNull();

        clock.advance(Duration.ofSeconds(1));
        assertThat(gate.remembered(GOOD)).isNull();
        assertRefused(gate, GOOD);
    }

    @Test
    void authenticate_acceptedBefore_checksTheSignatureOnce() {
        await(counted(GOOD));
        await(counted(GOOD));
        String es = es("a");
        await(counted(es));
        await(counted(es));

        assertThat(checks).hasValue(2);
    }

    @Test
    void authenticate_wrongSignatureBefore_isNotCheckedAgain() {
        assertRefused(gate, FORGED);

        assertThat(counted(FORGED).failed()).isTrue();
        assertThat(checks).hasValue(0);
    }

    @Test
    void authenticate_refusedForTime_isAcceptedWhenItsTimeHasCome() {
        String early = "Bearer " + TestKeys.token(HEADER, "{\"exp\":1800000600,\"nbf\":1800000100}", SIGNER);
        assertRefused(gate, early);

        clock.advance(Duration.ofSeconds(70));

        assertThat(await(gate.authenticate(early))).isNotNull();
    }

    @Test
    void authenticate_noLeaveToCheck_isThrottledButKnownAndMalformedOnesAreAnswered() {
        await(gate.authenticate(GOOD));
        assertRefused(gate, FORGED);

        assertThat(gate.authenticate(GOOD, () -> false).succeeded()).isTrue();
        assertThat(Failure.of(gate.authenticate(FORGED, () -> false).cause())).isEqualTo(Failure.UNAUTHORIZED);
        assertThat(Failure.of(gate.authenticate("Bearer a.b.c", () -> false).cause()))
                .isEqualTo(Failure.UNAUTHORIZED);
        assertThat(Failure.of(gate.authenticate(es("b"), () -> false).cause())).isEqualTo(Failure.THROTTLED);
    }

    @Test
    void authenticate_eventLoop_publicKeysAreCheckedElsewhereAndAnsweredThere() {
        Context context = vertx.getOrCreateContext();
        String header = es("c");
        List<Future<Caller>> answers = new ArrayList<>();
        List<Context> seen = new ArrayList<>();
        Promise<Void> asked = Promise.promise();
        context.runOnContext(none -> {
            for (int i = 0; i < 3; i++) {
                answers.add(counted(header).onComplete(done -> seen.add(Vertx.currentContext())));
            }
            asked.complete();
        });
        await(asked.future());

        await(Future.all(answers));

        assertThat(seen).containsOnly(context).hasSize(3);
        assertThat(checks).hasValue(1);
    }

    @Test
    void authenticate_sameHeaderFromTwoLoops_eachIsAnsweredOnItsOwn() {
        CountDownLatch release = holdWorkers();
        String header = es("f");
        List<Context> contexts = List.of(vertx.getOrCreateContext(), vertx.getOrCreateContext());
        List<Future<Context>> answeredOn = new ArrayList<>();
        for (Context context : contexts) {
            Promise<Context> answered = Promise.promise();
            Promise<Void> asked = Promise.promise();
            context.runOnContext(none -> {
                counted(header).onSuccess(caller -> answered.complete(Vertx.currentContext()));
                asked.complete();
            });
            await(asked.future());
            answeredOn.add(answered.future());
        }
        release.countDown();

        assertThat(contexts.get(0)).isNotSameAs(contexts.get(1));
        assertThat(await(answeredOn.get(0))).isSameAs(contexts.get(0));
        assertThat(await(answeredOn.get(1))).isSameAs(contexts.get(1));
        assertThat(checks).hasValue(1);
    }

    @Test
    void authenticate_busyWorkers_isBoundedSharesChecksAndLeavesHmacAlone() {
        CountDownLatch release = holdWorkers();
        List<String> headers = new ArrayList<>();
        List<Future<Caller>> answers = new ArrayList<>();
        for (int i = 0; i < SignatureChecks.MAX_CHECKS; i++) {
            headers.add(es("n" + i));
            answers.add(counted(headers.get(i)));
        }

        String oneMore = es("one more");
        Throwable tooMany = failure(gate, oneMore);
        List<Future<Caller>> shared = new ArrayList<>();
        headers.forEach(header -> shared.add(counted(header)));

        assertThat(Failure.of(tooMany)).isEqualTo(Failure.OVERLOADED);
        assertThat(await(gate.authenticate(GOOD))).isNotNull();
        assertThat(answers).noneMatch(Future::isComplete);
        release.countDown();
        await(Future.all(answers));
        await(Future.all(shared));
        assertThat(checks).hasValue(SignatureChecks.MAX_CHECKS);
        assertThat(await(gate.authenticate(oneMore))).isNotNull();
    }

    @Test
    void authenticate_expiresWhileItsCheckWaits_isRefused() {
        CountDownLatch release = holdWorkers();
        String header = es("d");
        Future<Caller> answer = gate.authenticate(header);
        clock.advance(Duration.ofMinutes(10));
        release.countDown();

        assertThat(Failure.of(await(answer.transform(done -> Future.succeededFuture(done.cause())))))
                .isEqualTo(Failure.UNAUTHORIZED);
        assertThat(gate.remembered(header)).isNull();
    }

    @Test
    void authenticate_afterClose_neverHangs() {
        await(gate.close());

        assertThat(Failure.of(failure(gate, es("e")))).isEqualTo(Failure.OVERLOADED);
        assertThat(Failure.of(failure(gate, es("e")))).isEqualTo(Failure.OVERLOADED);
    }
}
