package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireCodecsTest {
    private static final int MUTATIONS = 10_000;

    private static final MessageCodec<TokenFile, TokenFile> FILE =
            new WireCodecs.ByReference<>("file", WireFormat::writeFile, WireFormat::readFile, TokenFile.MALFORMED);
    private static final MessageCodec<TokenNames, TokenNames> NAMES =
            new WireCodecs.ByReference<>("names", WireFormat::writeNames, WireFormat::readNames, TokenNames.MALFORMED);
    private static final MessageCodec<TokenKeys, TokenKeys> KEYS =
            new WireCodecs.ByReference<>("keys", WireFormat::writeKeys, WireFormat::readKeys, TokenKeys.MALFORMED);
    private static final MessageCodec<TokenFiles, TokenFiles> FILES =
            new WireCodecs.ByReference<>("files", WireFormat::writeFiles, WireFormat::readFiles, TokenFiles.MALFORMED);

    private static TokenFile file(String filename, String content, long expiresAt, String expirySource) {
        return TokenFile.read(
                        new TokenKey("p", filename),
                        content.getBytes(StandardCharsets.UTF_8),
                        "etag-" + filename,
                        new Fingerprint(1, content.length(), -2, Long.MAX_VALUE),
                        System.nanoTime() - 5_000_000_000L,
                        expiresAt,
                        expirySource,
                        expirySource != null)
                .withStatus(CacheStatus.HIT);
    }

    private static TokenFiles files() {
        TokenFiles files = new TokenFiles(5);
        files.set(0, file("a.json", "{\"token\":\"fake-\u00e9\"}", TokenFile.NO_EXPIRY, null));
        files.fail(1, Failure.INVALID_TOKEN_FILE);
        files.uncached(2);
        files.set(4, file("b.json", "{}", 1_700_000_000_000L, "expires_at"));
        return files;
    }

    private static <T> T there(MessageCodec<T, T> codec, T value) {
        Buffer buffer = Buffer.buffer("before");
        codec.encodeToWire(buffer, value);
        return codec.decodeFromWire(6, buffer.appendString("behind"));
    }

    private static void assertSame(TokenFile there, TokenFile file) {
        assertThat(there.key()).isEqualTo(file.key());
        assertThat(there.bytes()).isEqualTo(file.bytes());
        assertThat(there.etag()).isEqualTo(file.etag());
        assertThat(there.fingerprint()).isEqualTo(file.fingerprint());
        assertThat(there.expiresAtMillis()).isEqualTo(file.expiresAtMillis());
        assertThat(there.expirySource()).isEqualTo(file.expirySource());
        assertThat(there.hasRefreshToken()).isEqualTo(file.hasRefreshToken());
        assertThat(there.status()).isEqualTo(file.status());
        assertThat(there.readNanos() - file.readNanos()).isBetween(0L, 60_000_000_000L);
    }

    @Test
    void tokenFile_overTheWire_isTheSame() {
        TokenFile plain = file("a.json", "{\"token\":\"fake-\u00e9\"}", TokenFile.NO_EXPIRY, null);
        TokenFile expiring = file("b.json", "{}", 1_700_000_000_000L, "expires_at");
        assertSame(there(FILE, plain), plain);
        assertSame(there(FILE, expiring), expiring);
    }

    @Test
    void tokenNames_overTheWire_areTheSame() {
        TokenNames names = TokenNames.read("p", List.of("b.json", "a.json", "_.json"), System.nanoTime());
        TokenNames there = there(NAMES, names);
        assertThat(there.names()).isEqualTo(names.names());
        assertThat(there.project()).isEqualTo("p");
        assertThat(there.etag()).isEqualTo(names.etag());
        assertThat(there.status()).isEqualTo(CacheStatus.MISS);
        assertThat(there(NAMES, TokenNames.read("p", List.of(), 0)).count()).isZero();
    }

    @Test
    void tokenKeys_overTheWire_areTheSame() {
        TokenKeys there = there(KEYS, TokenKeys.cachedOnly(List.of("p/a.json", "", "no key")));
        assertThat(there.isCachedOnly()).isTrue();
        assertThat(there.isMalformed()).isFalse();
        assertThat(List.of(there.get(0), there.get(1), there.get(2))).containsExactly("p/a.json", "", "no key");
        assertThat(there(KEYS, TokenKeys.of(List.of())).isCachedOnly()).isFalse();
    }

    @Test
    void tokenFiles_overTheWire_areTheSame() {
        TokenFiles files = files();
        TokenFiles there = there(FILES, files);
        assertThat(there.size()).isEqualTo(5);
        assertSame(there.file(0), files.file(0));
        assertThat(there.failure(1)).isEqualTo(Failure.INVALID_TOKEN_FILE);
        assertThat(there.isUncached(2)).isTrue();
        assertThat(there.file(3)).isNull();
        assertThat(there.failure(3)).isNull();
        assertThat(there.isUncached(3)).isFalse();
        assertSame(there.file(4), files.file(4));
    }

    @Test
    void decode_tokenNamesThatAreNoNames_isMalformed() {
        for (String bad : List.of("\",\"x", "../a.json", "", "a\n.json")) {
            TokenNames hostile = TokenNames.restored("p", new String[] {bad}, 0, CacheStatus.MISS);
            assertThat(there(NAMES, hostile)).as(bad).isSameAs(TokenNames.MALFORMED);
        }
        for (String[] unsorted : List.of(new String[] {"b.json", "a.json"}, new String[] {"a.json", "a.json"})) {
            TokenNames hostile = TokenNames.restored("p", unsorted, 0, CacheStatus.MISS);
            assertThat(there(NAMES, hostile)).isSameAs(TokenNames.MALFORMED);
        }
        assertThat(there(NAMES, TokenNames.restored("../p", new String[0], 0, CacheStatus.MISS)))
                .isSameAs(TokenNames.MALFORMED);
    }

    @Test
    void decode_lengthsThatLie_areMalformed() {
        for (long count : new long[] {-1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Buffer fields = Buffer.buffer().appendByte((byte) 1).appendLong(count);
            Buffer message = Buffer.buffer().appendInt(fields.length()).appendBuffer(fields);
            assertThat(FILES.decodeFromWire(0, message)).isSameAs(TokenFiles.MALFORMED);
        }
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 7}) {
            assertThat(KEYS.decodeFromWire(0, Buffer.buffer().appendInt(length).appendInt(0)))
                    .isSameAs(TokenKeys.MALFORMED);
        }
        assertThat(FILE.decodeFromWire(0, Buffer.buffer())).isSameAs(TokenFile.MALFORMED);
        assertThat(FILE.decodeFromWire(3, Buffer.buffer("xx"))).isSameAs(TokenFile.MALFORMED);
    }

    @Test
    void decode_anyMutationOfAMessage_neverThrows() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        mutate(seed, random, FILE, file("b.json", "{}", 1_700_000_000_000L, "expires_at"));
        mutate(seed, random, NAMES, TokenNames.read("p", List.of("b.json", "a.json"), 0));
        mutate(seed, random, KEYS, TokenKeys.of(List.of("p/a.json", "p/b.json")));
        mutate(seed, random, FILES, files());
    }

    private static <T> void mutate(long seed, Random random, MessageCodec<T, T> codec, T value) {
        Buffer whole = Buffer.buffer();
        codec.encodeToWire(whole, value);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = whole.getBytes();
            int changes = 1 + random.nextInt(4);
            for (int j = 0; j < changes; j++) {
                // Small and extreme values are the lengths and counts that matter.
                int[] values = {0, 1, 0x7f, 0x80, 0xff, random.nextInt(256)};
                bytes[random.nextInt(bytes.length)] = (byte) values[random.nextInt(values.length)];
            }
            Buffer message = Buffer.buffer(bytes);
            if (random.nextInt(4) == 0) {
                message = message.getBuffer(0, random.nextInt(message.length()));
            }
            int position = random.nextInt(10) == 0 ? random.nextInt(message.length() + 2) : 0;
            try {
                assertUsable(codec.decodeFromWire(position, message));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + codec.name() + ", mutation " + i, e);
            }
        }
    }

    /** What was decoded may be wrong, but using it throws nothing either. */
    private static void assertUsable(Object decoded) {
        assertThat(decoded).isNotNull();
        if (decoded instanceof TokenFile file && file != TokenFile.MALFORMED) {
            assertThat(file.project() + '/' + file.filename()).isEqualTo(file.key());
            assertThat(file.modified()).isNotNull();
            assertThat(file.ageSeconds(System.nanoTime())).isNotNegative();
        } else if (decoded instanceof TokenNames names) {
            assertThat(names.names()).allMatch(TokenKey::isFilename).isSorted();
        } else if (decoded instanceof TokenFiles files) {
            for (int i = 0; i < files.size(); i++) {
                assertThat(files.file(i) == null || files.failure(i) == null).isTrue();
            }
        }
    }

    @Test
    void register_twice_doesNothingMore() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            WireCodecs.register(vertx);
            WireCodecs.register(vertx);
            List<Object> got = new ArrayList<>();
            TokenKeys keys = TokenKeys.of(List.of("p/a.json"));
            vertx.eventBus().<TokenKeys>localConsumer("x", message -> message.reply(message.body()));
            got.add(vertx.eventBus()
                    .request("x", keys)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .body());
            assertThat(got.get(0)).as("by reference in one JVM").isSameAs(keys);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }
}
