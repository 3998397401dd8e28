package dev.tokencache.auth;

import static dev.tokencache.Poll.until;
import static dev.tokencache.auth.GateFixture.CLAIMS;
import static dev.tokencache.auth.GateFixture.assertRefused;
import static dev.tokencache.auth.GateFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.auth.GateFixture.MovableClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class JwksUrlTest {
    private static final String OLD = set("old", TestKeys.RSA);
    private static final String BOTH =
            OLD.replace("]}", ",") + set("new", TestKeys.P256).replace("{\"keys\":[", "");
    private static final String OLD_TOKEN = "Bearer " + token("RS256", "old", TestKeys.RSA, "a");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private Vertx vertx;
    private KeyServer keys;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        keys = KeyServer.start(vertx).publishes(OLD);
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private static String set(String id, KeyPair pair) {
        return "{\"keys\":[{\"kid\":\"" + id + "\"," + TestKeys.jwkMembers(pair.getPublic()) + "}]}";
    }

    private static String token(String algorithm, String kid, KeyPair pair, String jti) {
        return TestKeys.token(
                "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}",
                CLAIMS.replace("id-1", jti),
                TestKeys.signer(algorithm, pair));
    }

    private static String newToken(String jti) {
        return "Bearer " + token("ES256", "new", TestKeys.P256, jti);
    }

    private AuthOptions options() {
        return new AuthOptions().setJwksUrl(keys.url());
    }

    private JwtGate gate(AuthOptions options) {
        return await(JwtGate.create(vertx, options, new MovableClock(), name -> null, nanos::get));
    }

    @Test
    void create_keySetAtAUrl_itsTokensAreAccepted() {
        JwtGate gate = gate(options());

        assertThat(await(gate.authenticate(OLD_TOKEN)).subject()).isEqualTo("alice");
        assertRefused(gate, newToken("a"));
        assertThat(keys.requests()).isEqualTo(1);
    }

    @Test
    void authenticate_keyPublishedSince_isFetchedOnceForAllWhoAskAndNobodyIsRefused() {
        JwtGate gate = gate(options());
        nanos.addAndGet(RemoteKeys.EARLY_GAP.toNanos());
        keys.publishes(BOTH);

        List<Future<Caller>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(gate.authenticate(newToken("n" + i)));
        }

        await(Future.all(answers));
        assertThat(keys.requests()).isEqualTo(2);
        assertThat(await(gate.authenticate(OLD_TOKEN))).isNotNull();
    }

    @Test
    void authenticate_fetchThatEndsBetweenALookAtTheKeysAndTheQuestionForMore_isAccepted() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        MovableClock clock = new MovableClock() {
            @Override
            public long millis() {
                Runnable once = meanwhile.getAndSet(null);
                if (once != null) {
                    once.run();
                }
                return super.millis();
            }
        };
        JwtGate gate = await(JwtGate.create(vertx, options(), clock, name -> null, nanos::get));
        nanos.addAndGet(RemoteKeys.EARLY_GAP.toNanos());
        keys.publishes(BOTH);
        // The clock is read after the keys: so the other caller's fetch comes and goes in between.
        meanwhile.set(() -> await(gate.authenticate(newToken("other"))));

        assertThat(await(gate.authenticate(newToken("a")))).isNotNull();
        assertThat(keys.requests()).isEqualTo(2);
    }

    @Test
    void authenticate_keysThatDontExist_causeOneFetchInTenSeconds() {
        JwtGate gate = gate(options());
        for (int i = 0; i < 20; i++) {
            assertRefused(gate, "Bearer " + token("RS256", "none-" + i, TestKeys.OTHER_RSA, "a"));
        }
        assertThat(keys.requests()).isEqualTo(1);

        nanos.addAndGet(RemoteKeys.EARLY_GAP.toNanos());
        for (int i = 0; i < 20; i++) {
            assertRefused(gate, "Bearer " + token("RS256", "none-" + i, TestKeys.OTHER_RSA, "a"));
        }

        assertThat(keys.requests()).isEqualTo(2);
    }

    @Test
    void authenticate_tokensThatCantBeGood_causeNoFetch() {
        JwtGate gate = gate(options());
        nanos.addAndGet(RemoteKeys.EARLY_GAP.toNanos());
        TestKeys.Signer signer = TestKeys.signer("RS256", TestKeys.OTHER_RSA);

        assertRefused(gate, "Bearer " + TestKeys.token("{\"alg\":\"RS256\",\"kid\":\"x\"}", "{\"exp\":1}", signer));
        assertRefused(gate, "Bearer " + TestKeys.token("{\"alg\":\"none\",\"kid\":\"x\"}", CLAIMS, signer));
        assertRefused(gate, "Bearer " + TestKeys.token("{\"alg\":\"RS256\"}", CLAIMS, signer));
        assertRefused(gate, "Bearer " + TestKeys.token("{\"alg\":\"RS256\",\"kid\":\"old\"}", CLAIMS, signer));
        assertRefused(gate, "Bearer " + TestKeys.token("{\"alg\":\"PS256\",\"kid\":\"old\"}", CLAIMS, signer));

        assertThat(keys.requests()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "no key|{\"keys\":[]}",
                "nothing|``",
                "a page|<html>Sign in</html>",
                "no object|[]",
                "none usable|{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-521\"}]}",
                "a secret|{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"SECRET\"}]}",
                "duplicate members|{\"keys\":[],\"keys\":[]}"
            })
    void fetch_ofWhatIsNoKeySet_keepsTheOldKeysAndIsRefusedAtTheStart(String what, String written) throws Exception {
        String body = written.replace("SECRET", Base64Url.encode(TestKeys.secret(77)));
        JwtGate gate = gate(options().setJwksRefresh(Duration.ofMillis(20)));
        CountDownLatch asked = new CountDownLatch(3);
        keys.answers(request -> {
            asked.countDown();
            request.response().end(body);
        });

        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(await(gate.authenticate(OLD_TOKEN))).isNotNull();
        assertRefused(gate, "Bearer " + TestKeys.part("{\"alg\":\"none\"}") + "." + TestKeys.part(CLAIMS) + ".");
        assertThatThrownBy(() -> gate(options()))
                .isInstanceOf(KeyException.class)
                .hasMessageStartingWith("jwks url");
        keys.publishes(BOTH);
        until(() -> await(gate.authenticate(newToken("a")).otherwiseEmpty()) != null);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "302, 'jwks url: answered 302, and redirects are not followed'",
        "307, 'jwks url: answered 307, and redirects are not followed'",
        "204, jwks url: answered 204",
        "401, jwks url: answered 401",
        "404, jwks url: answered 404",
        "503, jwks url: answered 503"
    })
    void fetch_anotherStatus_isRefusedAndLeadsNowhere(int status, String message) {
        KeyServer elsewhere = KeyServer.start(vertx).publishes(OLD);
        keys.answers(request -> request.response()
                .setStatusCode(status)
                .putHeader("Location", elsewhere.url().toString())
                .end());

        assertThatThrownBy(() -> gate(options()))
                .isInstanceOf(KeyException.class)
                .hasMessage(message);
        assertThat(elsewhere.requests()).isZero();
    }

    @Test
    void fetch_endlessAnswer_endsAtTheLimit() {
        keys.answers(request -> {
            request.response().setChunked(true);
            pour(request);
        });

        assertThatThrownBy(() -> gate(options())).hasMessage("jwks url: larger than 1048576 bytes");
    }

    private static void pour(HttpServerRequest request) {
        request.response().write(" ".repeat(60_000)).onSuccess(written -> pour(request));
    }

    @Test
    void fetch_silence_endsInTime() {
        keys.answers(request -> {});

        assertThatThrownBy(() -> gate(options())).hasMessage("jwks url: no answer");
    }

    @Test
    void create_serverThatIsNotUpYet_isAwaitedAndOneThatStaysAwayIsNot() {
        keys.answers(request -> {
            if (keys.requests() < 3) {
                request.response().setStatusCode(503).end();
            } else {
                request.response().end(OLD);
            }
        });

        assertThat(await(gate(options().setJwksPatience(Duration.ofSeconds(10))).authenticate(OLD_TOKEN)))
                .isNotNull();
        AuthOptions absent = options();
        keys.stop();
        assertThatThrownBy(() -> gate(absent)).hasMessage("jwks url: no answer");
    }

    @Test
    void refresh_atItsTime_takesNewKeysAndDropsOldOnes() {
        JwtGate gate = gate(options().setJwksRefresh(Duration.ofMillis(20)));
        assertThat(await(gate.authenticate(OLD_TOKEN))).isNotNull();
        keys.publishes(set("new", TestKeys.P256));

        until(() -> gate.remembered(OLD_TOKEN) == null);

        assertRefused(gate, OLD_TOKEN);
        assertThat(await(gate.authenticate(newToken("a")))).isNotNull();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://idp.example.com/keys, true",
        "https://idp.example.com:8443/a/b?c=d, true",
        "http://127.0.0.1:8080/keys, true",
        "http://127.9.9.9/keys, true",
        "http://[::1]:80/keys, true",
        "http://localhost/keys, true",
        "http://idp.example.com/keys, false",
        "http://127.0.0.1.example.com/keys, false",
        "http://localhost.example.com/keys, false",
        "http://192.0.2.1/keys, false",
        "http://0.0.0.0/keys, false",
        "https://user:word@idp.example.com/keys, false",
        "https://idp.example.com/keys#x, false",
        "https:///keys, false",
        "HTTP://idp.example.com/keys, false",
        "file:///etc/keys, false",
        "ftp://idp.example.com/keys, false",
        "keys.json, false"
    })
    void isJwksUrl_onlyWhereNobodyCanExchangeTheKeys(URI url, boolean expected) {
        assertThat(AuthOptions.isJwksUrl(url)).isEqualTo(expected);
    }
}
