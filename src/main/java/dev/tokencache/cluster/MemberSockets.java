package dev.tokencache.cluster;

import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.SocketFactory;

/**
 * The membership's sockets with TLS. JGroups waits for a handshake without end, on the one thread that sends to all and with the
 * lock on all connections: a node that stands still, for which its kernel accepts connections, would silence all others for as
 * long, and so keep them from dropping it. Here a handshake fails in which nothing comes for a while.
 */
final class MemberSockets {
    private MemberSockets() {}

    /** @param handshakeMillis how long the other one may say nothing in a handshake */
    static SocketFactory create(SSLContext tls, int handshakeMillis) {
        DefaultSocketFactory factory = new DefaultSocketFactory(tls);
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {ClusterTls.PROTOCOL});
        parameters.setNeedClientAuth(true);
        factory.setSocketConfigurator(socket -> {
            SSLSocket secured = (SSLSocket) socket;
            secured.setSSLParameters(parameters);
            setTimeout(secured, handshakeMillis);
            // It is told on a thread of its own: a read that began before ends once, and the connection is made anew.
            secured.addHandshakeCompletedListener(done -> setTimeout(done.getSocket(), 0));
        });
        factory.setServerSocketConfigurator(socket -> ((SSLServerSocket) socket).setSSLParameters(parameters));
        return factory;
    }

    private static void setTimeout(Socket socket, int millis) {
        try {
            socket.setSoTimeout(millis);
        } catch (SocketException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
