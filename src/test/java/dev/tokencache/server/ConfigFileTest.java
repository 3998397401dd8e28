package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.server.RawValue.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The file that ships, and the table it documents. */
class ConfigFileTest {
    private static final Path FILE = Path.of("conf", "token-cache.yaml");

    @Test
    void defaultFile_everyKey_isThereWithItsDefault() {
        List<ConfigProblem> problems = new ArrayList<>();
        Map<String, String> written = new LinkedHashMap<>();
        flatten("", YamlText.read(FILE, new Origin("f", true), true, problems), written);

        Map<String, String> expected = Settings.all().values().stream()
                .filter(setting -> !setting.equals(Settings.MAX_BYTES))
                .collect(Collectors.toMap(Setting::path, Setting::defaultText, (a, b) -> a, LinkedHashMap::new));
        assertThat(problems).isEmpty();
        assertThat(written).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(FILE).content().contains("  # maxBytes: 256MiB\n");
    }

    @Test
    void defaultFile_loaded_equalsNoFile() throws Exception {
        Path empty = Files.createTempFile("empty", ".yaml");
        try {
            assertThat(ConfigLoader.load(FILE, Map.of(), List.of()))
                    .isEqualTo(ConfigLoader.load(empty, Map.of(), List.of()));
        } finally {
            Files.delete(empty);
        }
    }

    @Test
    void variables_ofAllKeys_areDistinctAndInUpperSnakeCase() {
        List<String> variables =
                Settings.all().values().stream().map(Setting::variable).toList();

        assertThat(variables).doesNotHaveDuplicates().allMatch(name -> name.matches("TOKEN_CACHE(_[A-Z]+)+"));
        assertThat(Settings.MAX_LOAD.variable()).isEqualTo("TOKEN_CACHE_WATCH_MAX_LOAD");
        assertThat(Settings.JWKS_FILE.variable()).isEqualTo("TOKEN_CACHE_AUTH_JWKS_FILE");
        assertThat(Settings.ROOT.variable()).isEqualTo("TOKEN_CACHE_ROOT");
    }

    private static void flatten(String prefix, Node node, Map<String, String> into) {
        if (node instanceof MappingNode section) {
            for (NodeTuple tuple : section.getValue()) {
                String key = ((ScalarNode) tuple.getKeyNode()).getValue();
                flatten(prefix.isEmpty() ? key : prefix + "." + key, tuple.getValueNode(), into);
            }
        } else {
            into.put(prefix, text(node));
        }
    }

    private static String text(Node node) {
        return node instanceof SequenceNode list
                ? list.getValue().stream().map(ConfigFileTest::text).collect(Collectors.joining(", ", "[", "]"))
                : ((ScalarNode) node).getValue();
    }
}
