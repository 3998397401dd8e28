package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportLineTest {
    private static ImportLine parse(String line) {
        return ImportLine.parse(Buffer.buffer(line));
    }

    @Test
    void parse_data_isKeptAsWritten() {
        String data = "{ \"n\" : 1.10, \"é\":\"\\u00e9\", \"big\":12345678901234567890, \"a\":{\"b\":[ 1 ]} }";

        assertThat(parse("{\"filename\":\"a.json\",\"data\":" + data + "}")).isEqualTo(new ImportLine("a.json", data));
        assertThat(parse(" { \"data\" : " + data + " , \"filename\" : \"\\u0061.json\" } \r"))
                .isEqualTo(new ImportLine("a.json", data));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"x\"", "[1, 2]", "null", "true", "-0.5e3"})
    void parse_dataThatIsNoObject_isLeftToTheWrite(String data) {
        assertThat(parse("{\"filename\":\"a.json\",\"data\":" + data + "}")).isEqualTo(new ImportLine("a.json", data));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "\"a\"",
                "{\"filename\":\"a.json\"}",
                "{\"data\":{}}",
                "{\"filename\":1,\"data\":{}}",
                "{\"filename\":null,\"data\":{}}",
                "{\"filename\":{},\"data\":{}}",
                "{\"filename\":\"a.json\",\"data\":{},\"x\":1}",
                "{\"filename\":\"a.json\",\"error\":\"x\"}",
                "{\"filename\":\"a.json\",\"data\":{},\"data\":{}}",
                "{\"filename\":\"a.json\",\"filename\":\"a.json\",\"data\":{}}",
                "{\"filename\":\"a.json\",\"data\":{}} {}",
                "{\"filename\":\"a.json\",\"data\":{}",
                "{\"filename\":\"a.json\",\"data\":{]}",
                "{\"filename\":\"a.json\",\"data\":}",
            })
    void parse_anythingElse_isABadRequest(String line) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOfSatisfying(
                        TokenCacheException.class, e -> assertThat(e.failure()).isEqualTo(Failure.BAD_REQUEST));
    }

    @Test
    void parse_noUtf8_isABadRequest() {
        Buffer line =
                Buffer.buffer("{\"filename\":\"a.json\",\"data\":{\"a\":\"").appendByte((byte) 0xff);

        assertThatThrownBy(() -> ImportLine.parse(line.appendString("\"}}"))).isInstanceOf(TokenCacheException.class);
    }

    @Test
    void inOneLine_keepsAllButTheBreaks() {
        assertThat(ExportStream.inOneLine("{\r\n  \"a\": \"x  y\\n\",\n\n\t\"b\": [1,\n2]\r}"))
                .isEqualTo("{\"a\": \"x  y\\n\",\"b\": [1,2]}");
        assertThat(ExportStream.inOneLine("{ \"a\" : 1 }")).isEqualTo("{ \"a\" : 1 }");
    }
}
