package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.RunningTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerLauncherIT {
    @TempDir
    Path directory;

    private ServerSetup setup(String... sets) throws Exception {
        Map<String, String> environment = Map.of(
                "TOKEN_CACHE_ROOT", directory.resolve("root").toString(),
                "TOKEN_CACHE_STATE_DIR", directory.resolve("state").toString(),
                "TOKEN_CACHE_HTTP_PORT", "0");
        ServerConfig config = ConfigLoader.load(null, environment, List.of(sets));
        return ServerSetup.prepare(Unwatched.of(config), Clock.systemUTC());
    }

    private static void request(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            socket.getOutputStream().write("GET /nothing HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.0 404");
        }
    }

    @Test
    void stop_afterStart_freesPortAndStateDir() throws Exception {
        RunningServer server = ServerLauncher.start(setup());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        request(address);

        long start = RunningTime.nanoTime();
        server.stop();
        server.awaitStop();

        assertThat(Duration.ofNanos(RunningTime.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));

        assertThatThrownBy(() -> request(address)).isInstanceOf(IOException.class);
        setup().state().close();
    }

    @Test
    void start_portInUse_saysSoAndFreesTheStateDir() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> ServerLauncher.start(setup("http.port=" + port)))
                    .isInstanceOf(StartException.class)
                    .hasMessage("port " + port + " on 127.0.0.1 is in use");
        }
        setup().state().close();
    }

    @Test
    void start_addressOfAnotherMachine_saysSo() {
        assertThatThrownBy(() -> ServerLauncher.start(setup("http.host=192.0.2.1", "http.insecure=true")))
                .hasMessage("http.host: 192.0.2.1 is no address of this machine");
    }

    @Test
    void ready_ofAnIpv6Host_hasBrackets() throws Exception {
        ServerSetup setup = setup("http.host=::1");
        setup.state().close();

        assertThat(ServeCommand.ready(setup.config(), 8)).isEqualTo("ready on http://[::1]:8");
    }
}
