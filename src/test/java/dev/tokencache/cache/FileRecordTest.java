package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import org.junit.jupiter.api.Test;

class FileRecordTest {
    private final FileIndex index = new FileIndex(10);
    private final FileRecord record = index.ensure("p", "a.json");

    private static TokenFile file(String name, long version, String etag) {
        return TokenFile.read(
                new TokenKey("p", name),
                new byte[3],
                etag,
                new Fingerprint(version, 3, 1, 1),
                0,
                TokenFile.NO_EXPIRY,
                null,
                false);
    }

    @Test
    void share_valueOfTheSameVersion_leavesOneOfEachObject() {
        index.learn(record, new Fingerprint(1, 3, 1, 1), new String("tag".toCharArray()), 0);
        index.observe(record, new Fingerprint(1, 3, 1, 1));
        TokenFile file = file("a.json", 1, "tag");

        record.share(file);

        assertThat(record.key).isSameAs(file.key());
        assertThat(record.fingerprint).isSameAs(file.fingerprint());
        assertThat(record.observed).isSameAs(file.fingerprint());
        assertThat(record.etag).isSameAs(file.etag());
        assertThat(index.record("p", "a.json")).isSameAs(record);
        assertThat(index.record("p/a.json")).isSameAs(record);
    }

    @Test
    void share_valueOfAnotherFileAndVersion_changesNothing() {
        Fingerprint known = new Fingerprint(1, 3, 1, 1);
        index.learn(record, known, "tag", 0);

        record.share(file("b.json", 2, "other"));

        assertThat(record.key).isEqualTo("p/a.json");
        assertThat(record.filename()).isEqualTo("a.json");
        assertThat(record.fingerprint).isSameAs(known);
        assertThat(record.observed).isNull();
        assertThat(record.etag).isEqualTo("tag");
    }
}
