package dev.tokencache.http;

import dev.tokencache.tls.TlsException;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Certificate and key of the server as files, read anew when they change. What can't be used, half a change included, leaves
 * the last good ones in force. Blocking; links are followed.
 */
public final class TlsFiles {
    private static final Logger LOG = System.getLogger(TlsFiles.class.getName());
    private static final int MAX_BYTES = 1 << 20;

    private final TlsOptions options;
    private byte[][] inForce;
    private ServerSSLOptions sslOptions;
    private List<String> warnings;
    private String lastReason;
    private boolean told;

    private TlsFiles(TlsOptions options) {
        this.options = new TlsOptions(options);
    }

    /**
     * Reads and checks the files.
     *
     * @throws TlsException when one is missing, unreadable or no PEM, the two are no pair, or others can read the key
     */
    public static TlsFiles load(TlsOptions options) throws TlsException {
        TlsFiles files = new TlsFiles(options);
        files.take(files.read());
        return files;
    }

    /**
     * Looks at the files again, and says in the log what it finds. A fault is told when it is there at the second look: two
     * files are never replaced at once.
     *
     * @return whether others are in force now
     */
    public synchronized boolean refresh() {
        try {
            byte[][] content = read();
            boolean changed = !Arrays.deepEquals(content, inForce);
            if (changed) {
                take(content);
                LOG.log(Level.INFO, "tls_reloaded");
                warnings.forEach(warning -> LOG.log(Level.WARNING, warning));
            } else if (told) {
                LOG.log(Level.INFO, "tls_files_as_before");
            }
            lastReason = null;
            told = false;
            return changed;
        } catch (TlsException e) {
            if (!e.getMessage().equals(lastReason)) {
                lastReason = e.getMessage();
                told = false;
            } else if (!told) {
                told = true;
                LOG.log(Level.WARNING, "tls_files_broken kept=old reason={0}", lastReason);
            }
            return false;
        }
    }

    private void take(byte[][] content) throws TlsException {
        TlsMaterial material = new TlsMaterial(options, content[0], content[1], content[2]);
        List<String> found = new ArrayList<>(material.warnings());
        found.addAll(permissions());
        sslOptions = material.sslOptions();
        warnings = List.copyOf(found);
        inForce = content;
    }

    /** What the server needs of them now; a copy. */
    public synchronized ServerSSLOptions sslOptions() {
        return sslOptions.copy();
    }

    /** What is allowed and yet not good, one line each. */
    public synchronized List<String> warnings() {
        return warnings;
    }

    private byte[][] read() throws TlsException {
        requirePrivate(options.getKey());
        return new byte[][] {
            read(TlsMaterial.CERT, options.getCert()),
            read(TlsMaterial.KEY, options.getKey()),
            options.getClientCa() == null ? new byte[0] : read(TlsMaterial.CLIENT_CA, options.getClientCa())
        };
    }

    private static byte[] read(String name, Path file) throws TlsException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new TlsException(name + ": larger than 1MiB");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new TlsException(name + ": no such file");
        } catch (IOException e) {
            throw new TlsException(name + ": can't be read");
        }
    }

    private static void requirePrivate(Path key) throws TlsException {
        Set<PosixFilePermission> permissions = permissionsOf(TlsMaterial.KEY, key);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new TlsException(TlsMaterial.KEY + ": all users can read it; it must have mode 0600, or 0640");
        }
        if (canOthersWrite(permissions)) {
            throw new TlsException(TlsMaterial.KEY + ": group or others can write it; it must have mode 0600, or 0640");
        }
    }

    private List<String> permissions() throws TlsException {
        List<String> found = new ArrayList<>();
        if (permissionsOf(TlsMaterial.KEY, options.getKey()).contains(PosixFilePermission.GROUP_READ)) {
            found.add(TlsMaterial.KEY + ": its group can read it");
        }
        if (canOthersWrite(permissionsOf(TlsMaterial.CERT, options.getCert()))) {
            found.add(TlsMaterial.CERT + ": group or others can write it");
        }
        if (options.getClientCa() != null
                && canOthersWrite(permissionsOf(TlsMaterial.CLIENT_CA, options.getClientCa()))) {
            found.add(TlsMaterial.CLIENT_CA + ": group or others can write it");
        }
        return found;
    }

    private static boolean canOthersWrite(Set<PosixFilePermission> permissions) {
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Set<PosixFilePermission> permissionsOf(String name, Path file) throws TlsException {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (NoSuchFileException e) {
            throw new TlsException(name + ": no such file");
        } catch (IOException e) {
            throw new TlsException(name + ": can't be read");
        }
    }
}
