package dev.tokencache.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What values of the section {@code cluster} may be. */
final class ClusterTypes {
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
    private static final Pattern HOST_PORT =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9][A-Za-z0-9.-]*):([0-9]{1,5})");

    private ClusterTypes() {}

    static ValueType<String> nodeName() {
        return ValueType.scalar(
                "letters, digits and hyphens, at most 64",
                true,
                text -> NODE.matcher(text).matches() ? text : null);
    }

    /** Names are looked up when they are joined. */
    static ValueType<List<InetSocketAddress>> hosts() {
        ValueType<InetSocketAddress> one =
                ValueType.scalar("a host and its port such as 10.0.0.1:7800", true, ClusterTypes::hostAndPort);
        return ValueType.list("a list of hosts and ports such as 10.0.0.1:7800", one, list -> true);
    }

    private static InetSocketAddress hostAndPort(String text) {
        Matcher parts = HOST_PORT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int port = Integer.parseInt(parts.group(2));
        String host = parts.group(1).replaceAll("[\\[\\]]", "");
        return port < 1 || port > 65_535 ? null : InetSocketAddress.createUnresolved(host, port);
    }
}
