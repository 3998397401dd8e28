package dev.tokencache.server;

import dev.tokencache.server.ServerConfig.AuthKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The list of keys. No message quotes a value: somebody may have put the secret itself there. */
final class KeyListType extends ValueType<List<AuthKey>> {
    private static final ValueType<String> ID = ValueType.scalar(
            "a text of 1 to 64 characters out of A-Z a-z 0-9 . _ -",
            true,
            text -> text.matches("[A-Za-z0-9._-]{1,64}") ? text : null);
    private static final ValueType<AuthKey.Algorithm> ALGORITHM = ValueType.scalar(
            "one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA",
            true,
            AuthKey.Algorithm::named);
    private static final ValueType<Path> FILE = ValueTypes.path("file");
    private static final ValueType<String> VARIABLE = ValueType.scalar(
            "the name of an environment variable",
            true,
            text -> text.matches("[A-Za-z_][A-Za-z0-9_]{0,127}") ? text : null);
    private static final Map<String, ValueType<?>> MEMBERS =
            Map.of("id", ID, "algorithm", ALGORITHM, "secretFile", FILE, "secretEnv", VARIABLE, "publicKeyFile", FILE);

    @Override
    String expected() {
        return "a list of keys, each {id, algorithm, secretFile or secretEnv or publicKeyFile}";
    }

    @Override
    boolean isList() {
        return true;
    }

    @Override
    List<AuthKey> read(RawValue raw, List<ConfigProblem> problems) {
        if (!(raw.node() instanceof SequenceNode sequence)) {
            problems.add(refusal(raw, expected()));
            return null;
        }
        int before = problems.size();
        List<AuthKey> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Node node : sequence.getValue()) {
            RawValue part = raw.part(raw.path() + "[" + keys.size() + "]", node, node.getStartMark());
            AuthKey key = key(part, problems);
            if (key != null && !ids.add(key.id())) {
                problems.add(part.problem("has the id of another key"));
            }
            keys.add(key);
        }
        return problems.size() > before ? null : List.copyOf(keys);
    }

    private static AuthKey key(RawValue raw, List<ConfigProblem> problems) {
        if (!(raw.node() instanceof MappingNode mapping)) {
            problems.add(raw.problem("must be {id, algorithm, secretFile or secretEnv or publicKeyFile}"));
            return null;
        }
        int before = problems.size();
        Map<String, Object> members = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            member(raw, tuple, members, problems);
        }
        return problems.size() > before ? null : assembled(raw, members, problems);
    }

    private static void member(
            RawValue raw, NodeTuple tuple, Map<String, Object> members, List<ConfigProblem> problems) {
        Node nameNode = tuple.getKeyNode();
        String name = nameNode instanceof ScalarNode scalar ? scalar.getValue() : "?";
        String path = raw.path() + "." + RawValue.printable(name);
        RawValue part = raw.part(path, tuple.getValueNode(), nameNode.getStartMark());
        ValueType<?> type = MEMBERS.get(name);
        if (type == null) {
            String hint = Nearest.of(name, MEMBERS.keySet());
            problems.add(part.problem(
                    name.equals("secret")
                            ? "unknown key; a secret comes from secretFile or secretEnv"
                            : "unknown key" + (hint == null ? "" : "; did you mean " + hint + "?")));
        } else if (members.containsKey(name)) {
            problems.add(part.problem("duplicate key"));
        } else {
            members.put(name, type.read(part, problems));
        }
    }

    private static AuthKey assembled(RawValue raw, Map<String, Object> members, List<ConfigProblem> problems) {
        String id = (String) members.get("id");
        AuthKey.Algorithm algorithm = (AuthKey.Algorithm) members.get("algorithm");
        AuthKey key =
                new AuthKey(id, algorithm, (Path) members.get("secretFile"), (String) members.get("secretEnv"), (Path)
                        members.get("publicKeyFile"));
        String fault = null;
        if (id == null) {
            fault = "lacks id";
        } else if (algorithm == null) {
            fault = "lacks algorithm";
        } else if (algorithm.isSecret() && ((key.secretFile() == null) == (key.secretEnv() == null))) {
            fault = "needs either secretFile or secretEnv for its algorithm";
        } else if (algorithm.isSecret() && key.publicKeyFile() != null) {
            fault = "has a publicKeyFile, which its algorithm does not use";
        } else if (!algorithm.isSecret() && key.publicKeyFile() == null) {
            fault = "needs publicKeyFile for its algorithm";
        } else if (!algorithm.isSecret() && (key.secretFile() != null || key.secretEnv() != null)) {
            fault = "has a secret, which its algorithm does not use";
        }
        if (fault != null) {
            problems.add(raw.problem(fault));
        }
        return fault == null ? key : null;
    }
}
