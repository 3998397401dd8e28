package dev.tokencache.server;

import java.util.List;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A value as it was written, not yet judged.
 *
 * @param path the key's path
 * @param node the value; not null
 * @param origin who said it
 * @param where the place of the key, in words
 */
record RawValue(String path, Node node, Origin origin, String where) {
    private static final int MAX_QUOTED = 64;

    /**
     * Where values come from.
     *
     * @param name a file as the operator named it, an environment variable, or an option
     * @param lines whether marks mean lines and columns of it
     */
    record Origin(String name, boolean lines) {
        /** The place of a mark, counted from 1. */
        String where(Mark mark) {
            if (!lines || mark == null) {
                return name;
            }
            return name + ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
        }
    }

    /** A part of this value, at its own place. */
    RawValue part(String partPath, Node part, Mark mark) {
        return new RawValue(partPath, part, origin, origin.where(mark));
    }

    /** Whether it is nothing, {@code null} or {@code ~}, unquoted. */
    boolean isNull() {
        return isNull(node);
    }

    static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && List.of("", "~", "null").contains(scalar.getValue());
    }

    /** The text of a single value as it was written, or null when this is a list or a section. */
    String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    boolean isQuoted() {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN;
    }

    /** The value for a message: short, one line, and only when its key can't be a secret. */
    String quoted() {
        if (path.startsWith("auth.")) {
            return "";
        }
        return ", but is " + (text() == null ? "a list or a section" : isNull() ? "empty" : printable(text()));
    }

    /** A short form of foreign text without control characters. */
    static String printable(String text) {
        return text.length() <= MAX_QUOTED
                ? withoutControls(text)
                : withoutControls(text.substring(0, MAX_QUOTED)) + "…";
    }

    /** The text with every control character replaced by a question mark. */
    static String withoutControls(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return clean.toString();
    }

    ConfigProblem problem(String text) {
        return new ConfigProblem(path, text, where);
    }
}
