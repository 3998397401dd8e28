package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.TokenCacheOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchOptionsTest {
    @Test
    void copy_laterChangesOfTheOriginal_areNotInIt() {
        WatchOptions original = new WatchOptions()
                .setInterval(Duration.ofSeconds(7))
                .setMaxLoad(0.5)
                .setHints(false)
                .setMaxTokenBytes(77)
                .setScanTimeout(Duration.ofSeconds(8))
                .setCacheOptions(new TokenCacheOptions().setBaseAddress("elsewhere"));
        WatchOptions copy = new WatchOptions(original);
        original.getCacheOptions().setBaseAddress("changed");
        original.setInterval(Duration.ofSeconds(1));

        assertThat(copy.getInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(copy.getMaxLoad()).isEqualTo(0.5);
        assertThat(copy.isHints()).isFalse();
        assertThat(copy.getMaxTokenBytes()).isEqualTo(77);
        assertThat(copy.getScanTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(copy.getCacheOptions().getBaseAddress()).isEqualTo("elsewhere");
    }

    @Test
    void set_outOfRange_refuses() {
        WatchOptions options = new WatchOptions();

        assertThatThrownBy(() -> options.setInterval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.setScanTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.setMaxLoad(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.setMaxLoad(1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.setMaxLoad(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.setMaxTokenBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
