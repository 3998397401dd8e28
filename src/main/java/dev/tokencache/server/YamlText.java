package dev.tokencache.server;

import dev.tokencache.server.RawValue.Origin;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.composer.ComposerException;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads YAML into nodes with positions. The parser's own messages quote lines of the text, so none of them gets out. */
final class YamlText {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 10;

    private YamlText() {}

    /** The root of a file's only document; null when it is empty, or when a problem was added. */
    static Node read(Path file, Origin origin, boolean required, List<ConfigProblem> problems) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(new ConfigProblem(null, "larger than 1MiB", origin.name()));
                return null;
            }
            byte[] bytes = Files.readAllBytes(file);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return read(text, origin, problems);
        } catch (NoSuchFileException e) {
            if (required) {
                problems.add(new ConfigProblem(null, "no such file", origin.name()));
            }
        } catch (CharacterCodingException e) {
            problems.add(new ConfigProblem(null, "not UTF-8", origin.name()));
        } catch (IOException e) {
            problems.add(new ConfigProblem(null, "can't be read", origin.name()));
        }
        return null;
    }

    /** The root of a text's only document; null when it is empty, or when a problem was added. */
    static Node read(String text, Origin origin, List<ConfigProblem> problems) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        try {
            return new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            problems.add(new ConfigProblem(null, kind(e, text), origin.where(e.getProblemMark())));
        } catch (ReaderException e) {
            problems.add(new ConfigProblem(null, "a character that YAML does not allow", place(e, text, origin)));
        } catch (YAMLException e) {
            problems.add(new ConfigProblem(
                    null, "nested deeper than " + MAX_DEPTH + " levels, or with aliases", origin.name()));
        }
        return null;
    }

    private static String kind(MarkedYAMLException e, String text) {
        if (e.getProblemMark() != null) {
            int at = text.offsetByCodePoints(0, e.getProblemMark().getIndex());
            if (at < text.length() && text.charAt(at) == '\t') {
                return "a tab: indentation is made of spaces";
            }
        }
        if (e instanceof ComposerException) {
            return "not one plain document: a second document, an alias or a foreign tag";
        }
        return "YAML syntax error";
    }

    private static String place(ReaderException e, String text, Origin origin) {
        if (!origin.lines()) {
            return origin.name();
        }
        String before = text.substring(0, Math.min(e.getPosition(), text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return origin.name() + ", line " + line + ", column " + (before.length() - before.lastIndexOf('\n'));
    }
}
