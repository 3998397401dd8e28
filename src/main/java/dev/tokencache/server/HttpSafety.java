package dev.tokencache.server;

import dev.tokencache.http.TlsFiles;
import dev.tokencache.http.TlsOptions;
import dev.tokencache.tls.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;

/** What is demanded of the way to the clients before a server starts. Blocking: looks up names and reads files. */
final class HttpSafety {
    private HttpSafety() {}

    /**
     * Refuses to send tokens in clear over a network, unless the operator says that something else protects them.
     *
     * @throws StartException when {@code http.host} is reached from other machines, without TLS and without leave
     */
    static void requireProtected(ServerConfig config) throws StartException {
        ServerConfig.Http http = config.http();
        if (hasHttp(config) && http.tls().isEmpty() && !http.insecure() && isReachedFromOutside(http.host())) {
            throw new StartException(
                    "http.host: " + http.host() + " is reached from other machines and TLS is not configured,"
                            + " so tokens would cross the network in clear; set http.tls.cert and http.tls.key, or, behind a proxy"
                            + " with TLS, http.insecure: true");
        }
    }

    /** Names that can't be looked up are left to the attempt to listen, which says so. */
    private static boolean isReachedFromOutside(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            return false;
        }
        return false;
    }

    /**
     * Refuses what nobody can listen on here. Tries it with a free port: a server that runs may have the configured one.
     *
     * @throws StartException in the words of a start
     */
    static void requireOwnAddress(ServerConfig config) throws StartException {
        if (hasHttp(config)) {
            try {
                new ServerSocket(0, 1, InetAddress.getByName(config.http().host())).close();
            } catch (IOException e) {
                throw new StartException(ServerLauncher.explain(e, config.http()));
            }
        }
    }

    /**
     * Reads certificate and key, when they are configured and HTTP is served.
     *
     * @throws StartException when they can't be used; says which and why
     */
    static Optional<TlsFiles> tls(ServerConfig config) throws StartException {
        if (!hasHttp(config) || config.http().tls().isEmpty()) {
            return Optional.empty();
        }
        ServerConfig.Tls tls = config.http().tls().get();
        try {
            return Optional.of(TlsFiles.load(new TlsOptions()
                    .setCert(tls.cert())
                    .setKey(tls.key())
                    .setClientAuth(tls.clientAuth())
                    .setClientCa(tls.clientCa().orElse(null))));
        } catch (TlsException e) {
            throw new StartException(e.getMessage());
        }
    }

    private static boolean hasHttp(ServerConfig config) {
        return config.roles().contains(ServerConfig.Role.HTTP);
    }
}
