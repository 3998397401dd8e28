package dev.tokencache.server;

import java.time.Clock;

/** The command line. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name; {@code serve} returns when the server has stopped. */
    public static void main(String[] args) {
        keepLogThroughShutdown();
        // With it Vert.x answers some requests itself, without our headers, and looks at each for an upgrade.
        System.setProperty("vertx.disableWebsockets", "true");
        // With TLS 1.2 one connection could otherwise ask for handshakes, which cost the server far more, without end.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        int code = RootCommand.commandLine(System.getenv(), Clock.systemUTC()).execute(args);
        System.out.flush();
        System.err.flush();
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Has an effect only before anything is logged, and is left out where the platform can't see our classes. By name: to
     * load the class would already choose the platform's own manager.
     */
    private static void keepLogThroughShutdown() {
        String property = "java.util.logging.manager";
        if (System.getProperty(property) == null && Main.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
            System.setProperty(property, "dev.tokencache.server.LastingLogManager");
        }
    }
}
