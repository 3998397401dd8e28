package dev.tokencache.http;

import dev.tokencache.auth.AddressRange;
import dev.tokencache.auth.PeerAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * From which address a request came: the connection's, unless that is a trusted proxy. Then it is what the proxies say in
 * {@code X-Forwarded-For}, read from the right, where each has added whom it heard: the first address that is no trusted
 * proxy. What stands left of it anybody may have written.
 */
final class ClientAddresses {
    static final String HEADER = "X-Forwarded-For";

    /** For a peer without an IP address, such as a local socket. */
    private static final PeerAddress NOWHERE = PeerAddress.parse("0.0.0.0");

    private static final int MAX_HOPS = 32;

    private final List<AddressRange> trustedProxies;

    ClientAddresses(List<AddressRange> trustedProxies) {
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    /** Never null. */
    PeerAddress of(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return of(
                remote == null ? null : remote.hostAddress(),
                () -> request.headers().getAll(HEADER));
    }

    /**
     * The same of its parts.
     *
     * @param peer the connection's other end, or null if it has no address
     * @param lines the header's values, looked at only if they count
     */
    PeerAddress of(String peer, Supplier<List<String>> lines) {
        PeerAddress address = PeerAddress.parse(peer);
        if (address == null) {
            return NOWHERE;
        }
        return isTrusted(address) ? forwarded(address, lines.get()) : address;
    }

    private boolean isTrusted(PeerAddress address) {
        for (AddressRange range : trustedProxies) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The nearest one that is no trusted proxy; the farthest proxy when there is none or the header says nothing more. */
    private PeerAddress forwarded(PeerAddress peer, List<String> lines) {
        PeerAddress nearest = peer;
        int hops = 0;
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0) {
                int comma = line.lastIndexOf(',', end - 1);
                PeerAddress hop = parse(line.substring(comma + 1, end).strip());
                if (hop == null || ++hops > MAX_HOPS) {
                    return nearest;
                }
                nearest = hop;
                if (!isTrusted(hop)) {
                    return nearest;
                }
                end = comma;
            }
        }
        return nearest;
    }

    /** An address with or without a port, as some proxies write it. */
    private static PeerAddress parse(String hop) {
        if (hop.startsWith("[")) {
            int bracket = hop.indexOf(']');
            return bracket < 0 ? null : PeerAddress.parse(hop.substring(1, bracket));
        }
        int colon = hop.indexOf(':');
        boolean port = colon > 0 && colon == hop.lastIndexOf(':');
        return PeerAddress.parse(port ? hop.substring(0, colon) : hop);
    }
}
