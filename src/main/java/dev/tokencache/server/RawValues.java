package dev.tokencache.server;

import dev.tokencache.server.RawValue.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** What was written for each key, the last writer winning; unknown keys and wrong shapes become problems. */
final class RawValues {
    private final Map<String, RawValue> values = new HashMap<>();
    private final List<ConfigProblem> problems;

    RawValues(List<ConfigProblem> problems) {
        this.problems = problems;
        Origin origin = new Origin("default", false);
        for (Setting<?> setting : Settings.all().values()) {
            addText(setting.path(), setting.defaultText(), origin);
        }
    }

    RawValue get(Setting<?> setting) {
        return values.get(setting.path());
    }

    /** Adds a file's values. */
    void addDocument(Node root, Origin origin) {
        if (root instanceof MappingNode mapping) {
            walk("", mapping, origin);
        } else if (root != null && !RawValue.isNull(root)) {
            problems.add(new ConfigProblem(null, "must be a section with keys", origin.where(root.getStartMark())));
        }
    }

    /** Adds one value from outside a file: YAML flow, a plain text, or for a list a plain comma list. */
    void addText(String path, String text, Origin origin) {
        Setting<?> setting = Settings.all().get(path);
        RawValue raw = new RawValue(path, plain(text), origin, origin.name());
        if (setting == null && !Settings.isSection(path)) {
            problems.add(unknown(raw));
            return;
        }
        boolean flow = text.startsWith("[") || text.startsWith("{") || text.startsWith("'") || text.startsWith("\"");
        Node node = raw.node();
        if (flow) {
            int before = problems.size();
            node = YamlText.read(text, origin, problems);
            if (problems.size() > before) {
                return;
            }
        } else if (setting != null && setting.type().isList()) {
            node = commaList(text);
        }
        add(path, node, raw);
    }

    private void walk(String prefix, MappingNode section, Origin origin) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : section.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                String where = origin.where(keyNode.getStartMark());
                problems.add(new ConfigProblem(prefix.isEmpty() ? null : prefix, "a key must be a plain word", where));
                continue;
            }
            String path = prefix.isEmpty() ? scalar.getValue() : prefix + "." + scalar.getValue();
            RawValue raw = new RawValue(path, tuple.getValueNode(), origin, origin.where(keyNode.getStartMark()));
            if (!seen.add(scalar.getValue())) {
                problems.add(named(raw).problem("duplicate key"));
            } else if (scalar.getValue().contains(".") && Settings.all().containsKey(path)) {
                problems.add(named(raw).problem("unknown key; in a file sections are nested, not joined with dots"));
            } else {
                add(path, raw.node(), raw);
            }
        }
    }

    private void add(String path, Node node, RawValue raw) {
        if (!node.getTag().startsWith(Tag.PREFIX)) {
            problems.add(named(raw).problem("has a YAML tag, which is not allowed"));
        } else if (Settings.all().containsKey(path)) {
            values.put(path, new RawValue(path, node, raw.origin(), raw.where()));
        } else if (!Settings.isSection(path)) {
            problems.add(unknown(raw));
        } else if (node instanceof MappingNode mapping) {
            walk(path, mapping, raw.origin());
        } else if (!RawValue.isNull(node)) {
            problems.add(raw.problem("is a section: its keys come below it"));
        }
    }

    private static ConfigProblem unknown(RawValue raw) {
        String nearest = Settings.nearest(raw.path());
        return named(raw).problem("unknown key" + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    private static RawValue named(RawValue raw) {
        return new RawValue(RawValue.printable(raw.path()), raw.node(), raw.origin(), raw.where());
    }

    private static Node commaList(String text) {
        List<Node> nodes = new ArrayList<>();
        if (!text.isBlank()) {
            for (String part : text.split(",", -1)) {
                nodes.add(plain(part.strip()));
            }
        }
        return new SequenceNode(Tag.SEQ, true, nodes, null, null, FlowStyle.FLOW);
    }

    private static Node plain(String text) {
        return new ScalarNode(Tag.STR, text, null, null, ScalarStyle.PLAIN);
    }
}
