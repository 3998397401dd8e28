package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
    @TempDir
    Path directory;

    private Path file;
    private ConfigWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        file = directory.resolve("c.yaml");
        write("1m");
        watch = watch(List.of());
    }

    private ConfigWatch watch(List<String> sets) throws ConfigException {
        ConfigWatch.ConfigSource source = () -> ConfigLoader.loadAll(file, Map.of(), sets);
        return new ConfigWatch(file, source, source.load());
    }

    private void write(String ttl) throws IOException {
        Files.writeString(file, "cache:\n  tokenTtl: " + ttl + "\n");
    }

    private Duration found() {
        return watch.look().map(loaded -> loaded.config().cache().tokenTtl()).orElse(null);
    }

    @Test
    void look_tellsOfEachChangeOnce() throws Exception {
        assertThat(found()).isNull();
        write("2m");
        assertThat(found()).isEqualTo(Duration.ofMinutes(2));
        assertThat(found()).isNull();
        write("1m");
        assertThat(found()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void look_first_findsWhatChangedSinceTheStart() throws Exception {
        write("3m");
        assertThat(found()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void look_otherTextOfTheSameMeaning_tellsNothing() throws Exception {
        write("60s   # a minute");
        assertThat(watch.look()).isEmpty();
        assertThat(watch.broken()).isZero();
    }

    @Test
    void look_broken_keepsTheOldAndGoesOn() throws Exception {
        write("soon");
        assertThat(watch.look()).isEmpty();
        assertThat(watch.look()).isEmpty();
        assertThat(watch.broken()).isEqualTo(1);
        assertThat(watch.last().config().cache().tokenTtl()).isEqualTo(Duration.ofMinutes(1));
        Files.delete(file);
        assertThat(watch.look()).isEmpty();
        write("4m");
        assertThat(found()).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void look_keyOfTheCommandLine_goesOnWinning() throws Exception {
        watch = watch(List.of("cache.tokenTtl=7m"));
        write("2m");
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void reloadedSettings_areThoseOfTheManual() throws IOException {
        String page = Files.readString(Path.of("src/docs/operating.md"));
        String table = page.substring(page.indexOf("## Changes while it runs"), page.indexOf("Everything else needs"));
        Set<String> told = Pattern.compile("`([a-z]+\\.[A-Za-z.]+)`")
                .matcher(table)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toSet());

        assertThat(told).isEqualTo(Reloaded.ALL.stream().map(Setting::path).collect(Collectors.toSet()));
    }

    @Test
    void differences_nameTheSettings() throws Exception {
        LoadedConfig one = ConfigLoader.loadAll(null, Map.of(), List.of());
        LoadedConfig other = ConfigLoader.loadAll(null, Map.of(), List.of("http.port=1", "auth.leeway=1s"));
        assertThat(one.differences(other)).containsExactly(Settings.PORT, Settings.LEEWAY);
        assertThat(one.differences(one)).isEmpty();
    }
}
