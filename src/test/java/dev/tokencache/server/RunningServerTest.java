package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunningServerTest {
    @TempDir
    Path directory;

    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    /** As the server's: with a part that is deployed from it, which an undeployment would end first. */
    final class Parts extends VerticleBase {
        private String child;

        final class Child extends VerticleBase {
            @Override
            public Future<?> stop() {
                ended.add("child");
                return Future.succeededFuture();
            }
        }

        @Override
        public Future<?> start() {
            return vertx.deployVerticle(new Child()).onSuccess(id -> child = id);
        }

        Future<Void> end() {
            ended.add("part");
            return vertx.undeploy(child);
        }

        @Override
        public Future<?> stop() {
            ended.add("deployment");
            return Future.succeededFuture();
        }
    }

    private StateDir state() throws Exception {
        Map<String, String> environment = Map.of(
                "TOKEN_CACHE_ROOT", directory.resolve("root").toString(),
                "TOKEN_CACHE_STATE_DIR", directory.resolve("state").toString());
        return StateDir.open(ConfigLoader.load(null, environment, List.of()));
    }

    private RunningServer server(Runnable afterwards) throws Exception {
        Parts parts = new Parts();
        String id = vertx.deployVerticle(parts).await();
        return new RunningServer(vertx, parts::end, id, state(), 0, afterwards);
    }

    @Test
    void stop_endsThePartsInTheirOrder_thenTheDeployment() throws Exception {
        server(() -> ended.add("afterwards")).stop();

        assertThat(ended).containsExactly("part", "child", "deployment", "afterwards");
    }

    @Test
    void stop_whatComesAfterwardsFails_givesTheStateDirectoryBackAndIsOver() throws Exception {
        RunningServer server = server(() -> {
            throw new IllegalStateException("made up");
        });

        assertThatThrownBy(server::stop).hasMessage("made up");

        server.awaitStop();
        server.stop();
        state().close();
    }
}
