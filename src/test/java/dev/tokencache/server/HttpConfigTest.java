package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokencache.http.TlsOptions.ClientAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of TLS and CORS, and what they demand of one another. */
class HttpConfigTest {

    private static ServerConfig.Http load(String... sets) throws ConfigException {
        return ConfigLoader.load(null, Map.of(), List.of(sets)).http();
    }

    static Stream<Arguments> halves() {
        return Stream.of(
                arguments("http.tls.cert=c", "http.tls.cert: needs http.tls.key beside it"),
                arguments("http.tls.key=k", "http.tls.key: needs http.tls.cert beside it"),
                arguments(
                        "http.tls.cert=c http.tls.key=k http.tls.clientAuth=required",
                        "http.tls.clientAuth: needs http.tls.clientCa, which says whose certificates count"),
                arguments(
                        "http.tls.cert=c http.tls.key=k http.tls.clientCa=a",
                        "http.tls.clientCa: has no effect while http.tls.clientAuth is none"),
                arguments(
                        "http.tls.clientAuth=optional http.tls.clientCa=a",
                        "http.tls.clientAuth: needs http.tls.cert and http.tls.key"));
    }

    @ParameterizedTest
    @MethodSource("halves")
    void load_halfAProtection_isRefused(String sets, String message) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(sets.split(" ", -1)));

        assertThat(e.problems()).hasSize(1);
        assertThat(e.problems().get(0).toString()).startsWith(message + " (--set ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "10.0.0.0/8,0.0.0.0/0"})
    void load_everybodyAsTrustedProxy_isRefused(String proxies) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load("http.trustedProxies=" + proxies));

        assertThat(e).isNotNull();
        assertThat(e.problems()).hasSize(1);
        assertThat(e.problems().get(0).toString())
                .startsWith("http.trustedProxies")
                .contains("not of all addresses");
    }

    @Test
    void load_wholeTls_isRead() throws Exception {
        ServerConfig.Http http = load(
                "http.tls.cert=c",
                "http.tls.key=k",
                "http.tls.clientAuth=required",
                "http.tls.clientCa=a",
                "http.tls.hsts=365d");

        assertThat(http.tls())
                .contains(new ServerConfig.Tls(
                        Path.of("c"),
                        Path.of("k"),
                        ClientAuth.REQUIRED,
                        Optional.of(Path.of("a")),
                        Duration.ofDays(365)));
        assertThat(load().tls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://admin.example.com",
                "http://localhost:8080",
                "http://[::1]:3000",
                "https://192.0.2.1",
                "https://a.example:8443,http://b"
            })
    void load_origins_areTakenAsBrowsersSendThem(String origins) throws Exception {
        assertThat(load("http.cors.origins=" + (origins.contains("[") ? "['" + origins + "']" : origins))
                        .corsOrigins())
                .containsExactlyElementsOf(Arrays.asList(origins.split(",", -1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'*'",
                "'null'",
                "https://*.example.com",
                "https://admin.example.com/",
                "https://admin.example.com/path",
                "https://ADMIN.example.com",
                "https://admin.example.com:443",
                "http://localhost:80",
                "https://user@admin.example.com",
                "admin.example.com",
                "ftp://admin.example.com",
                "https://",
                "https://.example.com"
            })
    void load_whatIsNoExactOrigin_isRefused(String origin) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> load("http.cors.origins=[" + origin + "]"));

        assertThat(e.problems().get(0).toString())
                .startsWith("http.cors.origins[0]: must be an origin such as https://admin.example.com");
    }
}
