package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class JointLoadTest {
    private static final TokenKey A = new TokenKey("demo", "a.json");
    private static final TokenKey B = new TokenKey("demo", "b.json");

    private final List<Object> calls = new ArrayList<>();
    private final Promise<TokenFile> a = Promise.promise();
    private final Promise<TokenFile> b = Promise.promise();
    private RuntimeException thrown;
    private final JointLoad joint = new JointLoad(
            new FakeSource(new FakeClock()) {
                @Override
                public synchronized Future<TokenFile> read(TokenKey key, Sighting sighting) {
                    calls.add(key);
                    return Future.succeededFuture();
                }

                @Override
                public List<Future<TokenFile>> readAll(List<TokenKey> keys, Function<TokenKey, Sighting> known) {
                    calls.add(keys);
                    if (thrown != null) {
                        throw thrown;
                    }
                    return List.of(a.future(), b.future());
                }
            },
            key -> null);

    @Test
    void start_readsThatWereAskedFor_areOneCall() {
        Future<TokenFile> first = joint.read(A);
        Future<TokenFile> second = joint.read(B);
        assertThat(calls).isEmpty();

        joint.start();
        b.fail(Failure.STORAGE_BUSY.exception());
        assertThat(second.failed()).isTrue();
        assertThat(first.isComplete()).isFalse();
        a.complete();

        assertThat(first.succeeded()).isTrue();
        assertThat(calls).containsExactly(List.of(A, B));
    }

    @Test
    void read_afterTheStart_isACallOfItsOwn() {
        Future<TokenFile> first = joint.read(A);
        joint.start();

        assertThat(joint.read(A).succeeded()).isTrue();
        assertThat(first.isComplete()).isFalse();
        assertThat(calls).containsExactly(List.of(A), A);
    }

    @Test
    void start_sourceThatThrows_failsAll() {
        thrown = new IllegalStateException("made up");
        Future<TokenFile> first = joint.read(A);
        Future<TokenFile> second = joint.read(B);

        joint.start();

        assertThat(first.cause()).isSameAs(thrown);
        assertThat(second.cause()).isSameAs(thrown);
    }

    @Test
    void start_withoutReads_asksForNothing() {
        joint.start();

        assertThat(calls).isEmpty();
    }
}
