package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The Debian package as the build has made it, read without Debian's tools. */
final class DebianPackage {
    private final Map<String, Entry> control = new LinkedHashMap<>();
    private final Map<String, Entry> data = new LinkedHashMap<>();

    /** A file or directory of it, with its permissions and the names of its owners. */
    record Entry(TarArchiveEntry header, Buffer content) {
        String text() {
            return content.toString(StandardCharsets.UTF_8);
        }

        int permissions() {
            return header.getMode() & 07777;
        }
    }

    private DebianPackage() {}

    /** Where the build has put it. */
    static Path file() {
        String file = System.getProperty("debian.package");
        assertThat(file).as("system property debian.package").isNotNull();
        return Path.of(file).toAbsolutePath();
    }

    static DebianPackage read() throws IOException {
        DebianPackage read = new DebianPackage();
        try (ArArchiveInputStream members = new ArArchiveInputStream(Files.newInputStream(file()))) {
            for (ArArchiveEntry member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                byte[] content = members.readAllBytes();
                switch (member.getName()) {
                    case "debian-binary" -> assertThat(content).asString().isEqualTo("2.0\n");
                    case "control.tar.gz" -> unpack(content, read.control);
                    case "data.tar.gz" -> unpack(content, read.data);
                    default -> throw new AssertionError("not known: " + member.getName());
                }
            }
        }
        return read;
    }

    private static void unpack(byte[] packed, Map<String, Entry> entries) throws IOException {
        InputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed));
        try (TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().replaceFirst("^\\./", "/").replaceFirst("(?<=.)/$", "");
                entries.put(name, new Entry(entry, Buffer.buffer(tar.readAllBytes())));
            }
        }
    }

    /** The scripts and lists for the package manager, by name with a slash before it. */
    Map<String, Entry> control() {
        return control;
    }

    /** What is installed, by path. */
    Map<String, Entry> data() {
        return data;
    }

    /** The value of a field of the control file, with the lines that continue it. */
    String field(String name) {
        StringBuilder value = null;
        for (String line : control.get("/control").text().lines().toList()) {
            if (line.startsWith(name + ": ")) {
                value = new StringBuilder(line.substring(name.length() + 2));
            } else if (value != null && line.startsWith(" ")) {
                value.append('\n').append(line);
            } else if (value != null) {
                break;
            }
        }
        return value == null ? null : value.toString();
    }
}
