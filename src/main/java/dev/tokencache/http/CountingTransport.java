package dev.tokencache.http;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;

/**
 * A transport that hands every server's bootstrap to somebody before it is bound, and is another one in all else. A proxy:
 * which methods a transport has is Vert.x's business, and a forgotten one would silently lose its settings.
 */
final class CountingTransport implements Transport {
    private final Transport transport;
    private final io.vertx.core.spi.transport.Transport implementation;

    CountingTransport(Transport transport, BiConsumer<NetServerOptions, ServerBootstrap> onServer) {
        this.transport = transport;
        io.vertx.core.spi.transport.Transport real = transport.implementation();
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                Object result = method.invoke(real, arguments);
                if (method.getName().equals("configure")
                        && arguments[0] instanceof NetServerOptions options
                        && arguments[arguments.length - 1] instanceof ServerBootstrap bootstrap) {
                    onServer.accept(options, bootstrap);
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        implementation = (io.vertx.core.spi.transport.Transport) Proxy.newProxyInstance(
                CountingTransport.class.getClassLoader(),
                new Class<?>[] {io.vertx.core.spi.transport.Transport.class},
                handler);
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public boolean available() {
        return transport.available();
    }

    @Override
    public Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
    }
}
