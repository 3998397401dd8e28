package dev.tokencache.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.nio.file.Path;

/** A number in a token file that many writers increment by compare-and-set; also a process of its own. */
final class CasCounter {
    private CasCounter() {}

    static void create(TokenWriter writer, TokenKey key) {
        writer.write(key, bytes(0), Precondition.ABSENT);
    }

    static void increment(TokenReader reader, TokenWriter writer, TokenKey key, int times) {
        for (int done = 0; done < times; ) {
            TokenFile file = reader.read(key);
            try {
                writer.write(key, bytes(value(file) + 1), Precondition.match(file.etag()));
                done++;
            } catch (TokenCacheException e) {
                if (e.failure() != Failure.PRECONDITION_FAILED) {
                    throw e;
                }
            }
        }
    }

    static int value(TokenFile file) {
        return file.json().getInteger("counter");
    }

    private static byte[] bytes(int value) {
        return ("{\"counter\":" + value + "}").getBytes(UTF_8);
    }

    /** Arguments: root, increments. Prints a line when it is ready, goes on when it reads one. */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        TokenReader reader = TokenFixtures.reader(root);
        TokenWriter writer = TokenFixtures.writer(root);
        System.out.println("ready");
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody to wait for");
        }
        increment(reader, writer, TokenFixtures.KEY, Integer.parseInt(args[1]));
        System.out.println("done");
    }
}
