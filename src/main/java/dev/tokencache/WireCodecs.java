package dev.tokencache;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.shareddata.LocalMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The codecs of our message types. Inside one JVM they travel by reference (all are immutable); between JVMs they have a
 * real format. Decoders never throw (the requester would wait for ever): bytes that are no message decode to a marker.
 */
public final class WireCodecs {
    private static final String CLAIM = "dev.tokencache.codecs";

    private WireCodecs() {}

    /** Registers the codecs with a Vert.x instance; later calls for the same instance do nothing. */
    public static void register(Vertx vertx) {
        LocalMap<String, Boolean> claim = vertx.sharedData().getLocalMap(CLAIM);
        if (claim.putIfAbsent("registered", Boolean.TRUE) != null) {
            return;
        }
        EventBus bus = vertx.eventBus();
        bus.registerDefaultCodec(
                TokenFile.class,
                new ByReference<>("token-file", WireFormat::writeFile, WireFormat::readFile, TokenFile.MALFORMED));
        bus.registerDefaultCodec(
                TokenNames.class,
                new ByReference<>("token-names", WireFormat::writeNames, WireFormat::readNames, TokenNames.MALFORMED));
        bus.registerDefaultCodec(
                TokenKeys.class,
                new ByReference<>("token-keys", WireFormat::writeKeys, WireFormat::readKeys, TokenKeys.MALFORMED));
        bus.registerDefaultCodec(
                TokenFiles.class,
                new ByReference<>("token-files", WireFormat::writeFiles, WireFormat::readFiles, TokenFiles.MALFORMED));
    }

    /** Length, then that many bytes of the type's format. */
    static final class ByReference<T> implements MessageCodec<T, T> {
        private final String name;
        private final BiConsumer<WireFormat.Writer, T> writer;
        private final Function<WireFormat.Reader, T> reader;
        private final T malformed;

        ByReference(
                String name,
                BiConsumer<WireFormat.Writer, T> writer,
                Function<WireFormat.Reader, T> reader,
                T malformed) {
            this.name = name;
            this.writer = writer;
            this.reader = reader;
            this.malformed = malformed;
        }

        @Override
        public void encodeToWire(Buffer buffer, T value) {
            WireFormat.Writer out = new WireFormat.Writer();
            writer.accept(out, value);
            buffer.appendInt(out.buffer().length()).appendBuffer(out.buffer());
        }

        @Override
        public T decodeFromWire(int position, Buffer buffer) {
            try {
                int length = buffer.getInt(position);
                return reader.apply(new WireFormat.Reader(buffer, position + 4, position + 4 + length));
            } catch (RuntimeException e) {
                return malformed;
            }
        }

        @Override
        public T transform(T value) {
            return value;
        }

        @Override
        public String name() {
            return "dev.tokencache." + name;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
