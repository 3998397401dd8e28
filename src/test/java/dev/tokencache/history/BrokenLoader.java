package dev.tokencache.history;

import java.io.IOException;
import java.io.InputStream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.pool.TypePool;

/** Loads the project's classes once more, one of them broken; all others come from the libraries as ever. */
final class BrokenLoader extends ClassLoader {
    private static final String OURS = "dev.tokencache.";

    private final Breakage breakage;

    BrokenLoader(Breakage breakage) {
        super(BrokenLoader.class.getClassLoader());
        this.breakage = breakage;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try {
                byte[] bytes = breakage.isOf(name) ? broken(name) : bytes(name);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException | NoSuchMethodException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private byte[] bytes(String name) throws IOException, ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        }
    }

    private byte[] broken(String name) throws NoSuchMethodException {
        ClassFileLocator files = ClassFileLocator.ForClassLoader.of(getParent());
        TypePool types = TypePool.Default.of(files);
        DynamicType.Builder<?> type =
                new ByteBuddy().redefine(types.describe(name).resolve(), files);
        return breakage.breakClass(type).make().getBytes();
    }
}
