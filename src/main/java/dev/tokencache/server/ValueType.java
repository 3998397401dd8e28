package dev.tokencache.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * What a key's value may be. Judges the text as it was written, not what YAML makes of it: {@code no} is no boolean and
 * {@code 0x10} no integer.
 *
 * @param <T> what it is read into
 */
abstract class ValueType<T> {
    /** What is allowed, to stand after "must be". */
    abstract String expected();

    /** Reads a value that is not null; adds to {@code problems} and returns null when it is not allowed. */
    abstract T read(RawValue raw, List<ConfigProblem> problems);

    /** Whether a plain text from environment or command line is a list, separated by commas. */
    boolean isList() {
        return false;
    }

    /** Whether {@code null} is allowed; it is read as null. */
    boolean allowsNull() {
        return false;
    }

    static ConfigProblem refusal(RawValue raw, String expected) {
        return raw.problem("must be " + expected + raw.quoted());
    }

    /**
     * A single value.
     *
     * @param quotes whether it may stand in quotes
     * @param parse the value of a text; null or an {@link IllegalArgumentException} when it is not allowed
     */
    static <T> ValueType<T> scalar(String expected, boolean quotes, Function<String, T> parse) {
        return new ValueType<>() {
            @Override
            String expected() {
                return expected;
            }

            @Override
            T read(RawValue raw, List<ConfigProblem> problems) {
                T value = raw.text() == null || raw.isNull() || (raw.isQuoted() && !quotes) ? null : parsed(raw.text());
                if (value == null) {
                    problems.add(refusal(raw, expected));
                }
                return value;
            }

            private T parsed(String text) {
                try {
                    return parse.apply(text);
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }
        };
    }

    /** The same, or null. */
    static <T> ValueType<T> nullable(ValueType<T> type) {
        return new ValueType<>() {
            @Override
            String expected() {
                return type.expected() + ", or null";
            }

            @Override
            T read(RawValue raw, List<ConfigProblem> problems) {
                return type.read(raw, problems);
            }

            @Override
            boolean isList() {
                return type.isList();
            }

            @Override
            boolean allowsNull() {
                return true;
            }
        };
    }

    /**
     * A list.
     *
     * @param element what its elements are
     * @param allowed whether the whole list is allowed
     */
    static <T> ValueType<List<T>> list(String expected, ValueType<T> element, Predicate<List<T>> allowed) {
        return new ValueType<>() {
            @Override
            String expected() {
                return expected;
            }

            @Override
            boolean isList() {
                return true;
            }

            @Override
            List<T> read(RawValue raw, List<ConfigProblem> problems) {
                List<Node> nodes = elements(raw);
                if (nodes == null) {
                    problems.add(refusal(raw, expected));
                    return null;
                }
                int before = problems.size();
                List<T> values = new ArrayList<>();
                for (int i = 0; i < nodes.size(); i++) {
                    RawValue part = raw.part(
                            raw.path() + "[" + i + "]",
                            nodes.get(i),
                            nodes.get(i).getStartMark());
                    values.add(element.read(part, problems));
                }
                if (problems.size() > before) {
                    return null;
                }
                if (!allowed.test(values)) {
                    problems.add(raw.problem("must be " + expected));
                    return null;
                }
                return List.copyOf(values);
            }
        };
    }

    private static List<Node> elements(RawValue raw) {
        return raw.node() instanceof SequenceNode sequence ? sequence.getValue() : null;
    }
}
