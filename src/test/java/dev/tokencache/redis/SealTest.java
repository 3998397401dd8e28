package dev.tokencache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");
    private static final String LINEAGE = Nonces.next();
    private static final String GENERATION = Nonces.next();

    private final Seal seal = new Seal(SealKey.of(Nodes.KEY));

    private static TokenFile file(TokenKey key) {
        byte[] bytes = "{\"token\":\"made-up\"}".getBytes(StandardCharsets.UTF_8);
        return TokenFile.read(key, bytes, "tag", new Fingerprint(1, 2, 3, 4), 5, 6_000, "expires_at", true);
    }

    private byte[] box() {
        return new TierValue(file(KEY), LINEAGE, GENERATION, 1_700_000_000_000L).seal(seal);
    }

    @Test
    void open_whatWasSealed_isTheSame() {
        TierValue opened = TierValue.open(seal, KEY, box());

        assertThat(opened.lineage()).isEqualTo(LINEAGE);
        assertThat(opened.generation()).isEqualTo(GENERATION);
        assertThat(opened.readMillis()).isEqualTo(1_700_000_000_000L);
        assertThat(opened.file())
                .usingRecursiveComparison()
                .ignoringFields("readNanos")
                .isEqualTo(file(KEY));
    }

    @Test
    void open_withAnyByteChanged_doesNotOpen() {
        byte[] box = box();
        for (int i = 0; i < box.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = box.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThat(TierValue.open(seal, KEY, changed)).as("byte %d", i).isNull();
            }
        }
    }

    @Test
    void open_cutOrProlonged_doesNotOpen() {
        byte[] box = box();
        for (int length = 0; length < box.length; length++) {
            assertThat(TierValue.open(seal, KEY, Arrays.copyOf(box, length))).isNull();
        }
        assertThat(TierValue.open(seal, KEY, Arrays.copyOf(box, box.length + 1)))
                .isNull();
    }

    @Test
    void open_asAnotherToken_doesNotOpen() {
        assertThat(TierValue.open(seal, new TokenKey("demo", "b.json"), box())).isNull();
        assertThat(TierValue.open(seal, new TokenKey("dem", "a.json"), box())).isNull();
    }

    @Test
    void open_underAnotherKey_doesNotOpen() {
        byte[] other = Nodes.KEY.clone();
        other[31]++;
        assertThat(TierValue.open(new Seal(SealKey.of(other)), KEY, box())).isNull();
    }

    @Test
    void open_underTheHeaderOfAnotherBox_doesNotOpen() {
        byte[] box = box();
        byte[] later = new TierValue(file(KEY), LINEAGE, Nonces.next(), 1).seal(seal);
        System.arraycopy(later, 1, box, 1, 2 * Nonces.LENGTH);

        assertThat(TierValue.open(seal, KEY, box)).isNull();
    }

    @Test
    void open_forAnotherPurpose_doesNotOpen() {
        byte[] word = seal.seal("beat", KEY.toString(), LINEAGE + GENERATION, new byte[16]);

        assertThat(TierValue.open(seal, KEY, word)).isNull();
        assertThat(seal.open("beat", KEY.toString(), 2 * Nonces.LENGTH, word)).isEqualTo(new byte[16]);
    }

    @Test
    void seal_twice_looksDifferentAndShowsNothing() {
        Set<String> boxes = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String text = new String(box(), StandardCharsets.ISO_8859_1);
            assertThat(boxes.add(text)).isTrue();
            assertThat(text).doesNotContain("made-up").doesNotContain("a.json");
        }
    }

    @Test
    void key_ofAnotherLength_isRefused() {
        assertThatThrownBy(() -> SealKey.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SealKey.of(new byte[33])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void names_ofTokens_sayNothingAndDependOnTheKey() {
        byte[] other = Nodes.KEY.clone();
        other[0]++;
        String name = SealKey.of(Nodes.KEY).name("demo/a.json");

        assertThat(name).hasSize(22).isNotEqualTo(SealKey.of(Nodes.KEY).name("demo/b.json"));
        assertThat(name).isNotEqualTo(SealKey.of(other).name("demo/a.json"));
        assertThat(SealKey.of(other).id()).isNotEqualTo(SealKey.of(Nodes.KEY).id());
        assertThat(new TierValue(file(KEY), LINEAGE, GENERATION, 1).toString()).doesNotContain("made-up");
    }

    @Test
    void sealing_keysOfTokensAndPurposes_differ() {
        SealKey key = SealKey.of(Nodes.KEY);
        byte[] one = key.sealing("value", "demo/a.json").getEncoded();

        assertThat(one)
                .hasSize(32)
                .isEqualTo(key.sealing("value", "demo/a.json").getEncoded());
        assertThat(one).isNotEqualTo(key.sealing("value", "demo/b.json").getEncoded());
        assertThat(one).isNotEqualTo(key.sealing("beat", "demo/a.json").getEncoded());
    }
}
