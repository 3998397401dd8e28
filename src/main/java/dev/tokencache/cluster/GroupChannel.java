package dev.tokencache.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jgroups.JChannel;
import org.jgroups.protocols.AUTH;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/** The JGroups stack of a node: TCP, known hosts, TLS on the socket, the secret at the join. Times in milliseconds. */
final class GroupChannel {
    private static final long MERGE_MIN = 666;
    private static final long MERGE_MAX = 2_000;
    private static final long SILENCE = 3_000;
    private static final long HEARTBEAT = 1_000;
    private static final long VERIFY = 500;

    /** Connecting keeps the node from sending to all others: much less than the silence they bear. */
    private static final int CONNECT = 1_000;

    private static final long JOIN = 2_000;

    /** There is nobody to wait for. */
    private static final long JOIN_FIRST = 200;

    /** How many ports after a free one are tried, should somebody take it meanwhile. */
    private static final int FREE_PORTS = 20;

    private GroupChannel() {}

    /**
     * A channel that isn't connected.
     *
     * @param tls null for none
     * @param secret null for none
     */
    static JChannel create(ClusterOptions options, SSLContext tls, byte[] secret) throws Exception {
        TCP tcp = new TCP();
        InetAddress own = InetAddress.getByName(options.getHost());
        boolean anyPort = options.getPort() == 0;
        tcp.setBindAddress(own)
                .setBindPort(anyPort ? freePort(own) : options.getPort())
                .setPortRange(anyPort ? FREE_PORTS : 0);
        tcp.setSockConnTimeout(CONNECT);
        if (tls != null) {
            tcp.setSocketFactory(MemberSockets.create(tls, CONNECT));
        }
        TCPPING ping = new TCPPING();
        ping.setInitialHosts(options.getHosts().stream()
                .map(host -> new InetSocketAddress(host.getHostString(), host.getPort()))
                .toList());
        ping.setPortRange(0);
        GMS membership = new GMS()
                .printLocalAddress(false)
                .setJoinTimeout(options.getHosts().isEmpty() ? JOIN_FIRST : JOIN);
        List<Protocol> stack = new ArrayList<>(List.of(
                tcp,
                ping,
                new MERGE3().setMinInterval(MERGE_MIN).setMaxInterval(MERGE_MAX),
                new FD_SOCK2().setBindAddress(own),
                new FD_ALL3().setTimeout(SILENCE).setInterval(HEARTBEAT),
                new VERIFY_SUSPECT2().setTimeout(VERIFY),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE()));
        if (secret != null) {
            stack.add(new AUTH().setAuthToken(new SecretToken(secret)));
        }
        stack.addAll(List.of(membership, new UFC(), new MFC(), new FRAG4()));
        return new JChannel(stack);
    }

    /** JGroups takes no 0. */
    private static int freePort(InetAddress own) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, own)) {
            return socket.getLocalPort();
        }
    }
}
