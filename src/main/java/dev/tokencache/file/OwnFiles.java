package dev.tokencache.file;

/** The names of the files that Token Cache itself puts beside tokens. They are never served, and never counted as ignored. */
final class OwnFiles {
    /** What the name of a file begins with that is being written. */
    static final String TEMP_PREFIX = ".token-cache-";

    /** The file whose lock writers of one project hold. */
    static final String LOCK = ".token-cache.lock";

    private OwnFiles() {}

    static boolean isOwn(String name) {
        return isTemp(name) || name.equals(LOCK);
    }

    /** Whether the name is that of a file being written, or left by a writer that died. */
    static boolean isTemp(String name) {
        return name.startsWith(TEMP_PREFIX);
    }
}
