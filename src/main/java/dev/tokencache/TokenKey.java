package dev.tokencache;

import java.util.Objects;

/**
 * The name of one token: project and file. A key that exists is valid: the rules of {@link #isProject} and
 * {@link #isFilename} hold, so it can't lead out of its directory.
 *
 * @param project name of the project's directory
 * @param filename name of the file in it, with {@code .json}
 */
public record TokenKey(String project, String filename) implements Comparable<TokenKey> {
    /** The longest name of a project, in characters, which are bytes. */
    public static final int MAX_PROJECT = 64;

    /** The longest file name, in characters, which are bytes. */
    public static final int MAX_FILENAME = 255;

    private static final String SUFFIX = ".json";

    /** @throws TokenCacheException {@link Failure#INVALID_NAME} when a name breaks its rule */
    public TokenKey {
        if (!isProject(project) || !isFilename(filename)) {
            throw Failure.INVALID_NAME.exception();
        }
    }

    /**
     * Reads {@code project/file}.
     *
     * @param text the text, may be null
     * @throws TokenCacheException {@link Failure#INVALID_NAME} when it is not a key
     */
    public static TokenKey parse(String text) {
        int slash = text == null ? -1 : text.indexOf('/');
        if (slash < 0) {
            throw Failure.INVALID_NAME.exception();
        }
        return new TokenKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /** {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}} without {@code ..}; null is no name. */
    public static boolean isProject(String name) {
        if (name == null || name.isEmpty() || name.length() > MAX_PROJECT || !isAlphanumeric(name.charAt(0))) {
            return false;
        }
        return allowed(name, "._-");
    }

    /** {@code [A-Za-z0-9_][A-Za-z0-9._@+-]*\.json} without {@code ..}, at most 255 bytes; null is no name. */
    public static boolean isFilename(String name) {
        if (name == null || name.length() <= SUFFIX.length() || name.length() > MAX_FILENAME) {
            return false;
        }
        char first = name.charAt(0);
        return (isAlphanumeric(first) || first == '_') && name.endsWith(SUFFIX) && allowed(name, "._@+-");
    }

    /** Whether a file name can begin like this; the empty text begins all of them, null none. */
    public static boolean isFilenamePrefix(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_FILENAME) {
            return text != null && text.isEmpty();
        }
        for (int have = 0; have <= SUFFIX.length(); have++) {
            // It may break off inside of the suffix.
            if (text.endsWith(SUFFIX.substring(0, have)) && isFilename(text + SUFFIX.substring(have))) {
                return true;
            }
        }
        return false;
    }

    /** Throws {@link Failure#INVALID_NAME} unless the name is a project's; returns it otherwise. */
    public static String requireProject(String name) {
        if (!isProject(name)) {
            throw Failure.INVALID_NAME.exception();
        }
        return name;
    }

    private static boolean allowed(String name, String punctuation) {
        char before = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isAlphanumeric(c) && c != '_' && punctuation.indexOf(c) < 0) {
                return false;
            }
            if (c == '.' && before == '.') {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** The key as the bus writes it: {@code project/file}. */
    @Override
    public String toString() {
        return project + '/' + filename;
    }

    /** By project, then by file name, both in byte order (the names are ASCII). */
    @Override
    public int compareTo(TokenKey other) {
        Objects.requireNonNull(other);
        int order = project.compareTo(other.project);
        return order != 0 ? order : filename.compareTo(other.filename);
    }
}
