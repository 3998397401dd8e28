package dev.tokencache.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenSource;
import dev.tokencache.Tracing;
import io.vertx.core.Future;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TracedSourceTest {
    private final List<String> steps = new ArrayList<>();
    private final List<String> called = new ArrayList<>();
    private final Future<Object> result = Future.succeededFuture();

    static Stream<Method> calls() {
        return Stream.of(TokenSource.class.getMethods())
                .filter(method -> !method.getName().equals("readAll"));
    }

    /** Over a source whose calls all give the same. */
    private TokenSource traced(Object given) {
        TokenSource source = (TokenSource) Proxy.newProxyInstance(
                TokenSource.class.getClassLoader(), new Class<?>[] {TokenSource.class}, (proxy, method, arguments) -> {
                    called.add(method.getName());
                    return given;
                });
        Tracing tracing = new Tracing() {
            @Override
            public <T> Future<T> step(String name, Supplier<Future<T>> work) {
                steps.add(name);
                return work.get();
            }
        };

        return new TracedSource(source, tracing);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void eachCall_isTheSourcesAndAStep(Method call) throws Exception {
        boolean tells = call.getReturnType() == void.class;
        Object[] arguments =
                call.getName().equals("looked") ? new Object[] {1L, 2L} : new Object[call.getParameterCount()];
        assertThat(call.invoke(traced(result), arguments)).isSameAs(tells ? null : result);

        assertThat(called).containsExactly(call.getName());
        assertThat(steps).hasSize(tells || call.getName().equals("close") ? 0 : 1);
    }

    @Test
    void readAll_isTheSourcesAndOneStep() {
        TokenKey key = new TokenKey("demo", "a.json");
        Future<TokenFile> read = Future.succeededFuture();

        assertThat(traced(List.of(read, read)).readAll(List.of(key, key), any -> null))
                .containsExactly(read, read);

        assertThat(called).containsExactly("readAll");
        assertThat(steps).hasSize(1);
    }
}
