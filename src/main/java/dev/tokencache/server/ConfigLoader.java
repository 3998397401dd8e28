package dev.tokencache.server;

import dev.tokencache.server.RawValue.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Loads the configuration strictly: file, then environment, then command line, the later one winning. All problems are
 * found before any is reported. Blocking.
 */
final class ConfigLoader {
    /** The file that is read when none is named; it may be missing. */
    static final Path DEFAULT_FILE = Path.of("conf", "token-cache.yaml");

    /** What Kubernetes sets in every pod when a service is called token-cache. */
    private static final Pattern SERVICE_LINK = Pattern.compile("TOKEN_CACHE_(?:SERVICE_.*|PORT|PORT_[0-9]+_.*)");

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final RawValues raws = new RawValues(problems);
    private final Map<String, String> environment;
    private final long maxHeap;

    private ConfigLoader(Map<String, String> environment, long maxHeap) {
        this.environment = environment;
        this.maxHeap = maxHeap;
    }

    /**
     * Loads it.
     *
     * @param file the file the operator named, or null for the default one
     * @param environment the environment's variables
     * @param sets {@code KEY=VALUE} each
     * @throws ConfigException with everything that is wrong
     */
    static ServerConfig load(Path file, Map<String, String> environment, List<String> sets) throws ConfigException {
        return load(file, environment, sets, Runtime.getRuntime().maxMemory());
    }

    static ServerConfig load(Path file, Map<String, String> environment, List<String> sets, long maxHeap)
            throws ConfigException {
        return loadAll(file, environment, sets, maxHeap).config();
    }

    /** The same, and what it was made of. */
    static LoadedConfig loadAll(Path file, Map<String, String> environment, List<String> sets) throws ConfigException {
        return loadAll(file, environment, sets, Runtime.getRuntime().maxMemory());
    }

    private static LoadedConfig loadAll(Path file, Map<String, String> environment, List<String> sets, long maxHeap)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader(environment, maxHeap);
        loader.readFile(file);
        loader.readEnvironment();
        sets.forEach(loader::readSet);
        LoadedConfig config = loader.assemble();
        if (!loader.problems.isEmpty()) {
            throw new ConfigException(loader.problems);
        }
        return config;
    }

    private void readFile(Path file) {
        Path path = file == null ? DEFAULT_FILE : file;
        Origin origin = new Origin(path.toString(), true);
        raws.addDocument(YamlText.read(path, origin, file != null, problems), origin);
    }

    private void readEnvironment() {
        for (Setting<?> setting : Settings.all().values()) {
            String text = environment.get(setting.variable());
            if (text != null && !SERVICE_LINK.matcher(setting.variable()).matches()) {
                raws.addText(setting.path(), text, new Origin("environment variable " + setting.variable(), false));
            }
        }
    }

    private void readSet(String set) {
        int equals = set.indexOf('=');
        String key = equals < 0 ? set : set.substring(0, equals);
        raws.addText(
                key,
                equals < 0 ? "" : set.substring(equals + 1),
                new Origin("--set " + RawValue.printable(key), false));
    }

    private LoadedConfig assemble() {
        Map<Setting<?>, Object> values = new HashMap<>();
        for (Setting<?> setting : Settings.all().values()) {
            values.put(setting, read(setting, raws.get(setting)));
        }
        ConfigAssembly assembly = new ConfigAssembly(values, maxHeap);
        List<ServerConfig.AuthKey> keys = assembly.get(Settings.KEYS);
        if (keys != null) {
            refuseUnknownVariables(
                    keys.stream().map(ServerConfig.AuthKey::secretEnv).toList());
        }
        if (!problems.isEmpty()) {
            return null;
        }
        ServerConfig config = assembly.config();
        new CrossChecks(raws, problems).check(config);
        return new LoadedConfig(config, values);
    }

    private Object read(Setting<?> setting, RawValue raw) {
        if (setting.type().allowsNull() && raw.isNull()) {
            return null;
        }
        return setting.type().read(raw, problems);
    }

    /** A misspelt variable would else be without effect and nobody would know. */
    private void refuseUnknownVariables(List<String> secrets) {
        Map<String, String> known = new HashMap<>();
        Settings.all().values().forEach(setting -> known.put(setting.variable(), setting.path()));
        environment.keySet().stream()
                .filter(name -> name.startsWith(Setting.PREFIX))
                .filter(name -> !known.containsKey(name) && !secrets.contains(name))
                .filter(name -> !SERVICE_LINK.matcher(name).matches())
                .sorted()
                .forEach(name -> {
                    String nearest = Nearest.of(name, known.keySet());
                    problems.add(new ConfigProblem(
                            RawValue.printable(name),
                            "unknown environment variable" + (nearest == null ? "" : "; did you mean " + nearest + "?"),
                            null));
                });
    }
}
