package dev.tokencache.server;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Test classes that change the machine itself wait for one another, though others run beside them in another JVM. */
final class WholeMachine implements BeforeAllCallback, AfterAllCallback {
    private static final Path LOCK = Path.of("target", "whole-machine.lock");

    private FileChannel channel;
    private FileLock lock;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        channel = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = channel.lock();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (lock != null) {
            lock.release();
        }
        channel.close();
    }
}
