package dev.tokencache.server;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A configuration and what it was made of.
 *
 * @param values the value of each setting, null where null is allowed
 */
record LoadedConfig(ServerConfig config, Map<Setting<?>, Object> values) {
    LoadedConfig {
        values = Collections.unmodifiableMap(values);
    }

    /** The settings that have another value there, in the table's order. */
    Set<Setting<?>> differences(LoadedConfig other) {
        Set<Setting<?>> different = new LinkedHashSet<>();
        for (Setting<?> setting : Settings.all().values()) {
            if (!Objects.equals(values.get(setting), other.values.get(setting))) {
                different.add(setting);
            }
        }
        return different;
    }
}
